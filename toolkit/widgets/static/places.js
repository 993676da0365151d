// Points on a graticule: drag a box, or click for a circle; the area is a filter of the query.

const LABEL = 40; // pixels that the degrees of a meridian take

function render({ model, el: host }) {
  const s = connect(model, host, "places", "Places");
  const earth = globe();
  const hint = `tk-places-${Math.random().toString(36).slice(2)}`;
  let points = [], loaded = false, fitted = false, from = null, draft = null, thumbOf = -1, version = model.get("version");

  const fold = button("Places", "Places: show or hide them", () => s.set("folded", !model.get("folded")), { class: "tk-fold" });
  const status = el("span", { class: "tk-soft", "aria-live": "polite" });
  const drawing = svg("svg", { "aria-hidden": "true", focusable: "false" });
  const canvas = el("div", { class: "tk-globe", role: "application", tabindex: 0, "aria-label": "Places of the pictures", "aria-describedby": hint }, drawing);
  const kilometers = el("input", { type: "number", min: 0, step: "any", "aria-label": "Kilometers around a place", onchange: () => {
    const near = model.get("area").near;
    if (near && +kilometers.value > 0) s.set("area", { near: [near[0], near[1], +kilometers.value] });
  } });
  const chosen = el("span", { class: "tk-bar tk-pointed", "aria-live": "polite" });
  const area = el("span", { class: "tk-area", role: "status" });
  const acts = el("span", { class: "tk-bar" });
  const move = el("span", { class: "tk-bar" },
    button("+", "Nearer", () => zoom(2)), button("−", "Farther", () => zoom(0.5)), button("all", "All: show every place", showAll),
    button(signed("▢", "this view"), "This view: choose it as the area", chooseView));
  const body = el("div", {}, canvas,
    el("div", { class: "tk-bar" }, move, el("label", {}, "km", kilometers), button("‹", "Picture before", () => step(-1)), button("›", "Next picture", () => step(1)), chosen),
    el("div", { class: "tk-bar" }, area, acts),
    el("div", { class: "tk-soft tk-small", id: hint }, "Drag a box, or click a place for all within some kilometers. Arrows move, + and − zoom, 0 shows all, "
      + "Page Up and Page Down go from picture to picture, Enter takes the place, b takes the view, Esc takes it back."));
  s.root.append(el("div", { class: "tk-bar" }, fold, status), body, s.foot);

  // ---- drawing

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }
  const pathOf = (corners) => (corners.length ? `M${corners.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z` : "");

  function draw() {
    const { width, height } = earth.view;
    const nodes = [];
    for (const line of earth.lines()) {
      const across = line.x === undefined;
      nodes.push(svg("path", { class: "tk-line-of-globe", d: across ? `M0 ${line.y}H${width}` : `M${line.x} 0V${height}` }),
        svg("text", across ? { x: 4, y: line.y - 3 } : { x: line.x + 3, y: height - 4 }, (across ? line.y > height - 16 : line.x > width - LABEL) ? "" : line.text));
    }
    const outlined = draft ? [[draft[0], draft[1]], [draft[0], draft[3]], [draft[2], draft[3]], [draft[2], draft[1]]] : earth.outline(model.get("area"));
    nodes.push(svg("path", { class: "tk-area-of-globe", d: pathOf(outlined) }));
    for (const dot of earth.dots(points)) {
      const many = dot.all.length > 1;
      nodes.push(svg("circle", { class: "tk-dot", cx: dot.x.toFixed(1), cy: dot.y.toFixed(1), r: reach(dot.all.length) }));
      if (many) nodes.push(svg("text", { class: "tk-dot-count", x: dot.x.toFixed(1), y: (dot.y + 3.5).toFixed(1) }, dot.all.length > 999 ? "…" : String(dot.all.length)));
    }
    const one = points[model.get("chosen").at];
    if (one) nodes.push(svg("circle", { class: "tk-pointed-at", cx: earth.x(earth.beside(one[1])), cy: earth.y(one[0]), r: 10 }));
    const bar = earth.bar();
    nodes.push(svg("path", { class: "tk-scale", d: `M${width - 12 - bar.pixels} ${height - 22}v5h${bar.pixels}v-5` }),
      svg("text", { x: width - 12 - bar.pixels, y: height - 26 }, kilometersText(bar.kilometers)));
    drawing.replaceChildren(...nodes);
    if (!model.get("area").near) kilometers.value = Number((radius()).toPrecision(2));
  }

  function size() {
    if (!canvas.clientWidth) return;
    Object.assign(earth.view, { width: canvas.clientWidth, height: canvas.clientHeight });
    drawing.setAttribute("viewBox", `0 0 ${earth.view.width} ${earth.view.height}`);
  if (!fitted) { earth.fit(points); fitted = true; }
    draw();
  }
  function zoom(factor) { earth.zoom(factor); draw(); }
  function showAll() { earth.fit(points); draw(); }

  // ---- choosing

  const radius = () => earth.bar(60).kilometers; // a circle as wide as a thumb, wherever one has zoomed to
  function near(latitude, longitude) {
    s.set("area", { near: [rounded(latitude), rounded(around(longitude)), +kilometers.value > 0 ? +kilometers.value : radius()] });
  }
  function within([left, top, right, bottom]) {
    let [west, east] = [earth.longitudeAt(left), earth.longitudeAt(right)];
    if (east - west >= 359) [west, east] = [-180, 180];
    else if (east - west > 180) { // of two meridians the narrower box is meant
      s.say("A box is at most half the globe wide; the western half was taken.");
      east = west + 180;
    }
    const whole = east - west === 360;
    s.set("area", { within: [earth.latitudeAt(bottom), whole ? -180 : around(west), earth.latitudeAt(top), whole ? 180 : around(east)].map(rounded) });
  }
  function chooseView() { within([0, 0, earth.view.width, earth.view.height]); }
  function step(by) {
    if (!points.length) return;
    const now = model.get("chosen").at ?? (by > 0 ? -1 : 0);
    s.tryAsk("choose", { at: (now + by + points.length) % points.length, version });
  }
  function click(px, py) {
    const dot = earth.dots(points).find((each) => Math.hypot(each.x - px, each.y - py) < 14);
    if (dot) s.tryAsk("choose", { at: dot.all[0], version });
    const [latitude, longitude] = dot ? points[dot.all[0]] : [earth.latitudeAt(py), earth.longitudeAt(px)];
    near(latitude, longitude);
  }

  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [Math.min(frame.width, Math.max(0, event.clientX - frame.left)), Math.min(frame.height, Math.max(0, event.clientY - frame.top))];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = at(event);
    if (event.shiftKey) { earth.move(from[0] - to[0], from[1] - to[1]); from = to; draft = null; }
    else if (draft || Math.hypot(to[0] - from[0], to[1] - from[1]) > 4)
      draft = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
    draw();
  });
  const end = (keep) => (event) => {
    const [box, place] = [draft, from];
    from = draft = null;
    if (!keep || !place || event.shiftKey) draw();
    else if (box) { within(box); draw(); }
    else click(...place);
  };
  canvas.addEventListener("pointerup", end(true));
  canvas.addEventListener("pointercancel", end(false));
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page is scrolled as ever
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8);
  }, { passive: false });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] }[event.key];
    const one = points[model.get("chosen").at];
    if (moves) { earth.move(...moves); draw(); }
    else if (event.key === "+" || event.key === "=") zoom(2);
    else if (event.key === "-") zoom(0.5);
    else if (event.key === "0") showAll();
    else if (event.key === "PageDown") step(1);
    else if (event.key === "PageUp") step(-1);
    else if (event.key === "b") chooseView();
    else if (event.key === "Escape") s.set("area", {});
    else if (event.key === "Enter" && !event.shiftKey) near(...(one ?? [earth.view.latitude, earth.view.longitude]));
    else return;
    event.preventDefault();
  });

  // ---- what the kernel says

  async function load() {
    const answer = await s.tryAsk("points");
    if (!answer || answer.version !== model.get("version")) return;
    version = answer.version;
    const bytes = bytesOf(answer.buffers[0]);
    const numbers = new Float32Array(bytes.slice().buffer);
    points = Array.from({ length: numbers.length / 2 }, (_, index) => [numbers[2 * index], numbers[2 * index + 1]]);
    if (!loaded || !model.get("area_text")) fitted = false; // around an area one has chosen, one stays
    loaded = true;
    size();
  }
  function counted() {
    const [count, total] = [model.get("count"), model.get("total")];
    status.textContent = !total ? "" : `${count.toLocaleString()} of ${total.toLocaleString()} ${model.get("of_hits") ? "hits" : "pictures"} have a place.`;
  }
  function offered() {
    const has = Boolean(model.get("area_text"));
    const words = { search: ["Search", "Search in this area"], only: ["+ only here", "Only here: add the area to the query"] };
    area.textContent = model.get("area_text") || "No area chosen.";
    acts.replaceChildren(...model.get("can").filter((verb) => words[verb]).map((verb) => button(...words[verb], () => s.tryAsk("act", { verb }), { class: "tk-main", disabled: !has })),
      button("clear", "Clear: choose no area", () => s.set("area", {}), { disabled: !has }));
    if (model.get("area").near && !kilometers.matches(":focus")) kilometers.value = model.get("area").near[2];
  }
  async function pointed() {
    const one = model.get("chosen");
    thumbOf = one.at ?? -1;
    if (one.at === undefined) { chosen.replaceChildren(); draw(); return; }
    const thumb = el("img", { class: "tk-thumb", alt: "", hidden: true });
    chosen.replaceChildren(thumb, el("bdi", {}, one.name), el("span", { class: "tk-soft" }, placeText(one.latitude, one.longitude)),
      ...(model.get("can").includes("open") ? [button("⤢ open", "Open this picture large", () => s.tryAsk("act", { verb: "open", at: one.at, version: one.version }))] : []));
    const x = earth.x(earth.beside(one.longitude)), y = earth.y(one.latitude);
    if (x < 0 || y < 0 || x > earth.view.width || y > earth.view.height) earth.move(x - earth.view.width / 2, y - earth.view.height / 2);
    draw();
    const answer = await s.tryAsk("picture", { at: one.at, version: one.version });
    if (!answer?.buffers.length || thumbOf !== one.at) return;
    thumb.onload = () => URL.revokeObjectURL(thumb.src);
    thumb.src = urlOf(bytesOf(answer.buffers[0]));
    thumb.hidden = false;
  }
  function folded() {
    body.hidden = model.get("folded");
    fold.setAttribute("aria-expanded", String(!body.hidden));
    size();
  }

  s.on("change:version", () => { counted(); load(); });
  for (const trait of ["count", "total", "of_hits"]) s.on(`change:${trait}`, counted);
  for (const trait of ["area_text", "can"]) s.on(`change:${trait}`, offered);
  s.on("change:area", () => { offered(); draw(); });
  s.on("change:chosen", pointed);
  s.on("change:folded", folded);
  const watched = new ResizeObserver(size);
  watched.observe(canvas);
  counted(); offered(); folded(); pointed(); load();
  return () => { watched.disconnect(); s.close(); };
}

export default { render };
