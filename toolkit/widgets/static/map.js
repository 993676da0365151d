// The map of the pictures: points, or thumbnails where there is room; drag a lasso, and it is a filter of the query.

const NONE = -1e8; // below it a point has no place
const CELL = 72; // pixels from thumbnail to thumbnail
const ROOM = 68; // around all points, so that no thumbnail is cut off

function render({ model, el: host }) {
  const s = connect(model, host, "map", "Map of the pictures");
  const hint = `tk-map-${Math.random().toString(36).slice(2)}`;
  const whole = (count) => count.toLocaleString("en");
  let points = new Float32Array(), bright = new Uint8Array(), codes = new Uint8Array(), plot = null, canvas = null;
  const view = { x: 0.5, y: 0.5, sx: 1, sy: 1, fitted: false }; // the middle, and pixels for one unit
  let line = null, pan = null, planned = 0, pointed = -1, thumbs = new Map(), wanted = 0, hovering = 0;

  const status = el("span", { class: "tk-soft tk-count", role: "status" });
  const color = el("select", { "aria-label": "Color by", onchange: () => s.set("color", color.value) });
  const shown = el("button", { type: "button", "aria-label": "Pictures: show thumbnails", title: "Pictures: show thumbnails", onclick: () => s.set("pictures", !model.get("pictures")) }, "▦");
  // A suggestion that is taken is placed at once where the other word is there; what is typed, at Enter.
  function word(label) {
    const node = combobox(s, { label: `Axis to the ${label}: a word in any language`, value: "", placeholder: label, pick: (_, one) => { if (one && right.value && up.value) axes(); } });
    const input = node.querySelector("input");
    input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) axes(); });
    return { node, input, get value() { return input.value; }, focus: () => input.focus() };
  }
  const right = word("right"), up = word("top");
  const legend = el("ul", { class: "tk-map-legend", "aria-label": "Legend" });
  const stage = el("div", { class: "tk-points", role: "application", tabindex: 0, "aria-label": "Map of the pictures", "aria-describedby": hint });
  const likeness = button("by likeness", "Place the pictures by likeness", () => { for (const one of [right, up]) one.input.value = ""; axes(); });
  const overlay = document.createElementNS(SVG, "svg");
  overlay.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  overlay.append(path);
  const layer = el("div", { class: "tk-thumbs", "aria-hidden": "true" });
  const tip = el("div", { class: "tk-tip", hidden: true });
  const across = el("span", { class: "tk-axis tk-axis-right" }), upward = el("span", { class: "tk-axis tk-axis-up" });
  const remove = button("✕ lasso", "Remove the lasso", () => s.tryAsk("lasso", {}), { hidden: true });
  s.root.append(
    el("div", { class: "tk-bar" }, status, remove, el("span", { class: "tk-push tk-bar" }, el("label", {}, "colors", color), shown,
      button("▢", "Choose what is in view", chooseView))),
    el("div", { class: "tk-stage-of-map" }, stage, el("div", { class: "tk-nearness" }, button("+", "Nearer", () => zoom(1.5)),
      button("−", "Farther", () => zoom(1 / 1.5)), button("all", "All: show every point", () => { fit(); plan(); }))),
    legend,
    el("div", { class: "tk-bar tk-axes" }, el("span", { class: "tk-soft" }, "by two words"), right.node, up.node, button("place", "Place the pictures by these two words", axes),
      likeness),
    el("div", { class: "tk-soft tk-small tk-hint", id: hint }, "Drag a line around points to keep those; click one, or Enter in the middle, opens it. Shift and drag, or arrows, move; Ctrl and the wheel, + and − zoom; 0 shows all; b takes the view; Esc removes the line."),
    s.foot);
  stage.append(layer, overlay, across, upward, tip);

  function axes() {
    const words = [right.value.trim(), up.value.trim()];
    if (words.every(Boolean) || !words.some(Boolean)) s.tryAsk("axes", { words: words.filter(Boolean) });
    else (right.value ? up : right).focus();
  }

  // ---- drawing

  function makePlot() {
    plot?.close();
    canvas?.remove();
    const fresh = () => { canvas = el("canvas", { "aria-hidden": "true" }); stage.prepend(canvas); };
    fresh();
    plot = makePlot.flat ? null : byWebGL(canvas);
    if (plot) canvas.addEventListener("webglcontextlost", () => { if (plot?.kind === "webgl" && canvas.isConnected && !closed) { makePlot.flat = true; makePlot(); refill(); } });
    else { canvas.remove(); fresh(); plot = byPixels(canvas); }
    stage.dataset.kind = plot.kind;
    measure();
  }
  let closed = false;
  function measure() {
    const dense = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = Math.round(stage.clientWidth * dense);
    canvas.height = Math.round(stage.clientHeight * dense);
    overlay.setAttribute("viewBox", `0 0 ${stage.clientWidth} ${stage.clientHeight}`);
  }
  function refill() {
    plot.points(points);
    recolor();
  }
  function recolor() {
    if (!points.length || codes.length * 2 !== points.length) return;
    const off = new Set(model.get("off"));
    const { tint, order } = tints({ bright, codes, colored: model.get("legend").length, off, faint: faint() });
    plot.colors(tint, order);
    plan();
  }
  // Where colors are forced, what is no hit is as clear as a line has to be.
  const forced = matchMedia("(forced-colors: active)");
  const faint = () => (forced.matches ? [...getComputedStyle(stage).color.match(/\d+/g).slice(0, 3).map(Number), 95] : undefined);
  const X = (x) => (x - view.x) * view.sx + stage.clientWidth / 2;
  const Y = (y) => (view.y - y) * view.sy + stage.clientHeight / 2;
  const toX = (px) => (px - stage.clientWidth / 2) / view.sx + view.x;
  const toY = (py) => view.y - (py - stage.clientHeight / 2) / view.sy;

  function fit() {
    let [left, bottom, to, top] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = 0; at < points.length; at += 2) {
      if (points[at] < NONE) continue;
      left = Math.min(left, points[at]); to = Math.max(to, points[at]);
      bottom = Math.min(bottom, points[at + 1]); top = Math.max(top, points[at + 1]);
    }
    if (left > to) return;
    const [width, height] = [stage.clientWidth, stage.clientHeight].map((side) => Math.max(side - ROOM, side / 2, 1));
    Object.assign(view, { x: (left + to) / 2, y: (bottom + top) / 2, sx: width / (to - left || 1), sy: height / (top - bottom || 1), fitted: stage.clientWidth > 0 });
    if (!model.get("axes").length) view.sx = view.sy = Math.min(view.sx, view.sy); // likeness has no sides
  }
  let moved = true; // a line alone does not need the points to be drawn again
  const planLine = () => { planned ||= requestAnimationFrame(draw); };
  const plan = () => { moved = true; planLine(); };
  function draw() {
    planned = 0;
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    if (!width || !plot) return;
    if (moved) drawPoints(width, height);
    moved = false;
    const drawn = line ? [line] : model.get("drawn").map((one) => one.map(([x, y]) => [X(x), Y(y)]));
    path.setAttribute("d", drawn.filter((one) => one.length > 1).map((one) => `M${one.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}${line ? "" : "Z"}`).join(""));
  }
  function drawPoints(width, height) {
    const count = points.length / 2;
    const size = (count < 2000 ? 7 : count < 20000 ? 4.5 : 2.6) * (canvas.width / width) * Math.min(2, Math.max(1, zoomed() ** 0.4));
    plot.draw({ scale: [(2 * view.sx) / width, (2 * view.sy) / height], middle: [view.x, view.y], size });
    clearTimeout(wanted);
    if (model.get("pictures")) wanted = setTimeout(showThumbs, 120);
    for (const one of layer.children) Object.assign(one.style, { left: `${X(+one.dataset.x)}px`, top: `${Y(+one.dataset.y)}px` });
    stage.dataset.frames = String(+(stage.dataset.frames ?? 0) + 1);
  }
  let whole_view = 1;
  const zoomed = () => view.sx / whole_view;

  function zoom(factor, px = stage.clientWidth / 2, py = stage.clientHeight / 2) {
    const [x, y] = [toX(px), toY(py)];
    view.sx *= factor;
    view.sy *= factor;
    view.x += x - toX(px);
    view.y += y - toY(py);
    plan();
  }
  function move(dx, dy) { view.x += dx / view.sx; view.y -= dy / view.sy; plan(); }

  // ---- what lies under the pointer, and thumbnails

  const isBright = (at) => (bright[at >> 3] >> (at & 7)) & 1;
  const isOff = (at) => { const off = model.get("off"); return off.length > 0 && off.includes(Math.min(codes[at], model.get("legend").length - 1)); };
  function nearest(px, py) {
    let [best, far] = [-1, 12 * 12];
    for (let at = 0; at < codes.length; at += 1) {
      const dx = X(points[2 * at]) - px, dy = Y(points[2 * at + 1]) - py;
      const away = dx * dx + dy * dy + (isBright(at) ? 0 : 30);
      if (away < far && !isOff(at)) { best = at; far = away; }
    }
    return best;
  }
  async function point(px, py) {
    const at = nearest(px, py);
    if (at === pointed) return;
    pointed = at;
    tip.hidden = true;
    if (at < 0) return;
    const answer = await s.tryAsk("point", { at: [at] });
    if (!answer?.id || pointed !== at) return;
    const image = el("img", { alt: "" });
    image.onload = () => URL.revokeObjectURL(image.src);
    image.src = urlOf(bytesOf(answer.buffers[0]));
    tip.replaceChildren(image, el("bdi", {}, answer.name));
    Object.assign(tip.style, { left: `${Math.min(X(points[2 * at]) + 12, stage.clientWidth - 150)}px`, top: `${Math.min(Y(points[2 * at + 1]) + 12, stage.clientHeight - 130)}px` });
    tip.hidden = false;
  }
  async function showThumbs() {
    const taken = new Map();
    for (let at = 0; at < codes.length && taken.size < 160; at += 1) {
      const [x, y] = [X(points[2 * at]), Y(points[2 * at + 1])];
      if (!isBright(at) || isOff(at) || !(x > 0 && y > 0 && x < stage.clientWidth && y < stage.clientHeight)) continue;
      const cell = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
      if (!taken.has(cell)) taken.set(cell, at);
    }
    const seen = [...taken.values()], missing = seen.filter((at) => !thumbs.has(at));
    const version = model.get("version");
    if (missing.length) {
      const answer = await s.tryAsk("pictures", { at: missing });
      if (!answer || version !== model.get("version")) return;
      const bytes = bytesOf(answer.buffers[0]);
      let start = 0;
      answer.sizes.forEach((size, index) => { thumbs.set(missing[index], urlOf(bytes.slice(start, start + size))); start += size; });
    }
    if (!model.get("pictures")) return;
    layer.replaceChildren(...seen.filter((at) => thumbs.has(at)).map((at) => el("img", { src: thumbs.get(at), alt: "", "data-x": points[2 * at], "data-y": points[2 * at + 1] })));
    plan();
    clearTimeout(wanted);
  }
  function forget() { thumbs.forEach((url) => URL.revokeObjectURL(url)); thumbs = new Map(); layer.replaceChildren(); }

  // ---- the lasso

  const at = (event) => { const box = stage.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const choose = (corners) => s.tryAsk("lasso", { polygon: corners.map(([x, y]) => [toX(x), toY(y)]) });
  function chooseView() { const [w, h] = [stage.clientWidth, stage.clientHeight]; choose([[0, 0], [w, 0], [w, h], [0, h]]); }
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    tip.hidden = true;
    if (event.shiftKey) pan = at(event); else line = [at(event)];
  });
  stage.addEventListener("pointermove", (event) => {
    const to = at(event);
    if (pan) { move(pan[0] - to[0], pan[1] - to[1]); pan = to; }
    else if (line) { const [x, y] = line[line.length - 1]; if (Math.hypot(to[0] - x, to[1] - y) > 4) { line.push(to); planLine(); } }
    else { clearTimeout(hovering); hovering = setTimeout(() => point(...to), 60); }
  });
  // A click is no line: the picture of that point is opened.
  function openAt(px, py) {
    const nearby = nearest(px, py);
    if (nearby >= 0) s.tryAsk("open", { at: [nearby], version: model.get("version") });
  }
  const end = (keep) => () => {
    const drawn = line;
    line = pan = null;
    if (keep && drawn?.length === 1) openAt(...drawn[0]);
    if (keep && drawn && drawn.length > 3) choose(drawn.length > 200 ? drawn.filter((_, one) => one % Math.ceil(drawn.length / 200) === 0) : drawn);
    planLine();
  };
  stage.addEventListener("pointerup", end(true));
  stage.addEventListener("pointercancel", end(false));
  stage.addEventListener("pointerleave", () => { clearTimeout(hovering); pointed = -1; tip.hidden = true; });
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page is scrolled as ever
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
  }, { passive: false });
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] }[event.key];
    if (moves) move(...moves);
    else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "0") { fit(); plan(); }
    else if (event.key === "b") chooseView();
    else if (event.key === "Enter") openAt(stage.clientWidth / 2, stage.clientHeight / 2);
    else if (event.key === "Escape") s.tryAsk("lasso", {});
    else return;
    event.preventDefault();
  });

  // ---- what the kernel says

  async function load() {
    const answer = await s.tryAsk("points");
    if (!answer || answer.version !== model.get("version")) return;
    points = new Float32Array(bytesOf(answer.buffers[0]).slice().buffer);
    forget();
    fit();
    whole_view = view.sx;
    plot.points(points);
    await mark();
  }
  async function mark() {
    const answer = await s.tryAsk("flags");
    if (!answer || answer.marked !== model.get("marked")) return;
    [bright, codes] = answer.buffers.map((one) => bytesOf(one).slice());
    layer.replaceChildren();
    recolor();
    stage.dataset.marked = String(answer.marked);
  }
  function toggle(index, alone) {
    const off = model.get("off"), others = model.get("legend").map((_, at) => at).filter((at) => at !== index);
    if (!alone) s.set("off", off.includes(index) ? off.filter((one) => one !== index) : [...off, index]);
    else s.set("off", others.length === off.length && !off.includes(index) ? [] : others);
  }
  function drawLegend() {
    const key = focused(s.root)?.dataset?.key;
    const rows = model.get("legend"), off = model.get("off");
    legend.replaceChildren(...rows.map(([title, hits, total], index) => {
      if (!total) return null;
      const swatch = el("i", { "aria-hidden": "true" });
      swatch.style.background = index === rows.length - 1 ? `rgb(${OTHERS})` : PALETTE[index % PALETTE.length];
      return el("li", {}, el("button", { type: "button", "aria-pressed": String(!off.includes(index)), class: "tk-key", "data-key": `legend ${index}`, title: "Click hides, double-click (or o) shows it alone",
        onclick: () => toggle(index, false), ondblclick: () => toggle(index, true), onkeydown: (event) => { if (event.key === "o") toggle(index, true); } },
        swatch, el("bdi", {}, title), el("span", { class: "tk-count" }, ` ${whole(hits)} / ${whole(total)}`)));
    }).filter(Boolean));
    legend.hidden = !rows.length;
    if (key) s.root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    status.textContent = `${whole(model.get("hits"))} of ${whole(model.get("total"))}`;
    remove.hidden = !model.get("drawn").length;
  }
  function controls() {
    const chosen = model.get("color");
    color.replaceChildren(el("option", { value: "" }, "none"), ...model.get("colors").map(([name, title]) => el("option", { value: name }, title)));
    color.value = chosen;
    shown.setAttribute("aria-pressed", String(model.get("pictures")));
    const [x, y] = model.get("axes");
    across.textContent = x ? `${x} →` : "";
    upward.textContent = y ? `${y} ↑` : "";
    likeness.hidden = !x;
    right.node.write(x ?? "");
    up.node.write(y ?? "");
    if (!model.get("pictures")) layer.replaceChildren();
    plan();
  }

  s.on("change:version", load);
  s.on("change:marked", mark);
  for (const trait of ["legend", "hits", "total"]) s.on(`change:${trait}`, drawLegend);
  s.on("change:drawn", () => { drawLegend(); planLine(); });
  s.on("change:off", () => { drawLegend(); recolor(); });
  for (const trait of ["color", "colors", "axes", "pictures"]) s.on(`change:${trait}`, controls);
  makePlot();
  const watched = new ResizeObserver(() => { measure(); if (!view.fitted) { fit(); whole_view = view.sx; } plan(); });
  watched.observe(stage);
  forced.addEventListener("change", recolor);
  s.later(() => forced.removeEventListener("change", recolor));
  drawLegend(); controls(); load();
  return () => { closed = true; watched.disconnect(); cancelAnimationFrame(planned); clearTimeout(wanted); clearTimeout(hovering); forget(); plot.close(); s.close(); };
}

export default { render };
