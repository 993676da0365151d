// The grid: only the cells in view exist, and only their pictures are asked for.

const SIZES = { s: 116, m: 164, l: 236 };
const PAD = 8, CAPTION = 18, BAR = 6, MOST_BARS = 4, KEPT_PICTURES = 600, KEPT_CELLS = 2000;

function render({ model, el: host }) {
  const s = connect(model, host, "gallery", "Hits");
  const cells = new Map(), pictures = new Map(), nodes = new Map();
  const missing = new Set(), asked = new Set();
  let columns = 1, inner = 800, high = 0, scrolled = 0, ahead, cursor = 0, version = model.get("version"), anchor = null;

  const summary = el("span", { class: "tk-summary", "aria-live": "polite" });
  const legend = el("ul", { class: "tk-legend", "aria-label": "Score bars, from top to bottom" });
  const all = el("div", { class: "tk-all", role: "presentation" });
  const grid = el("div", { class: "tk-grid", role: "grid", "aria-label": "Hits, best first", "aria-multiselectable": "true" }, all);
  const naming = el("div", { class: "tk-bar tk-naming", role: "group", "aria-label": "Marks without a name", hidden: true });
  const sending = new Map(); // marks on their way to the kernel
  const empty = el("div", { class: "tk-empty" }, "No hits to show. Search for something, or ask for less.");
  const pager = el("span", { class: "tk-bar" });
  const help = keysHelp();
  const boxes = el("input", { type: "checkbox", onchange: () => s.set("boxes", boxes.checked) });
  const least = el("input", { type: "range", min: 0, max: 1, step: 0.05, "aria-label": "Least score of a box that is drawn", oninput: () => weigh(+least.value),
    onchange: () => s.set("least", +least.value) });
  const leastText = el("output", {});
  const size = el("select", { "aria-label": "Size of the pictures", onchange: () => s.set("size", size.value) },
    [["s", "small"], ["m", "medium"], ["l", "large"]].map(([value, text]) => el("option", { value }, text)));
  const counts = el("span", { class: "tk-soft" });
  const scores = histogram(s, (count) => s.tryAsk("best", { count }));
  s.root.append(
    el("div", { class: "tk-bar" }, summary, counts, el("span", { class: "tk-bar tk-push" }, pager,
      el("label", {}, boxes, "boxes"), el("label", { class: "tk-weight" }, "from", least, leastText), size,
      button("▂▅▇", "Scores of all hits, and where to cut them", () => scores.toggle(), { class: "tk-toggle" }),
      button("?", "Keys", () => { help.hidden = !help.hidden; }))),
    help, scores.root, legend, naming, grid, empty, s.foot);

  // ---- geometry

  const width = () => SIZES[model.get("size")] ?? SIZES.m;
  const pictureHeight = () => Math.round((width() - PAD) * 0.75);
  const bars = () => Math.min(model.get("terms").length, MOST_BARS);
  const lineHeight = () => pictureHeight() + PAD + CAPTION + bars() * BAR + 4;
  const lines = () => Math.ceil(model.get("count") / columns);

  // Where one has scrolled to is kept: to read it after a change of the page lays out all of it at once.
  function visible(margin = 1) {
    const first = Math.max(0, Math.floor(scrolled / lineHeight()) - margin);
    const last = Math.min(lines(), Math.ceil((scrolled + high) / lineHeight()) + margin);
    return [first, last];
  }
  function scrollTo(top) {
    grid.scrollTop = top;
    scrolled = grid.scrollTop;
  }

  function layout() {
    if (!grid.clientWidth) return;
    inner = grid.clientWidth; // read once: asked of every cell it would lay out the page each time
    const before = columns;
    columns = Math.max(1, Math.floor(inner / width()));
    if (before !== columns) clear();
    const height = lines() * lineHeight();
    all.style.height = `${height}px`;
    grid.style.height = `${Math.max(120, Math.min(height + 4, 560))}px`;
    high = grid.clientHeight;
    scrolled = grid.scrollTop;
    grid.setAttribute("aria-rowcount", lines());
    grid.setAttribute("aria-colcount", columns);
    draw();
  }

  function clear() {
    nodes.forEach((line) => line.remove());
    nodes.clear();
  }

  // ---- drawing

  function draw() {
    const [first, last] = visible();
    for (const [line, node] of nodes) {
      if (line >= first && line < last) continue;
      if (node.contains(focused(node))) grid.focus({ preventScroll: true });
      node.remove();
      nodes.delete(line);
    }
    for (let line = first; line < last; line++) if (!nodes.has(line)) nodes.set(line, drawLine(line));
    // What is in view first; the lines above and below once that is there and seen.
    const wanted = (margin) => want(...visible(margin).map((line) => Math.min(line * columns, model.get("count"))));
    clearTimeout(ahead);
    if (!wanted(0)) ahead = setTimeout(() => wanted(1), 150);
  }

  function drawLine(line) {
    const node = el("div", { class: "tk-line-of-cells", role: "row", "aria-rowindex": line + 1 });
    node.style.top = `${line * lineHeight()}px`;
    for (let at = line * columns; at < Math.min((line + 1) * columns, model.get("count")); at++)
      node.append(drawCell(at));
    const next = [...nodes.keys()].filter((other) => other > line).sort((a, b) => a - b)[0];
    all.insertBefore(node, next === undefined ? null : nodes.get(next));
    return node;
  }

  function drawCell(at) {
    const cell = cells.get(at);
    const node = el("div", { class: "tk-cell", role: "gridcell", "data-at": at, "aria-colindex": (at % columns) + 1,
      tabindex: at === cursor ? 0 : -1 });
    node.style.width = `${100 / columns}%`;
    node.style.maxWidth = `${width() * 1.35}px`;
    node.style.setProperty("--tk-acts", `${CAPTION + bars() * BAR + 10}px`);
    const frame = el("div", { class: "tk-frame", "aria-hidden": "true" }); // .tk-sr says it all
    frame.style.height = `${pictureHeight()}px`;
    node.append(frame);
    if (!cell) {
      node.append(el("span", { class: "tk-sr" }, `Hit ${at + 1}, loading`));
      return node;
    }
    node.dataset.key = cell.key;
    node.dataset.rank = cell.rank;
    frame.append(framed(cell));
    node.append(
      el("div", { class: "tk-caption", "aria-hidden": "true" }, el("span", { class: "tk-soft" }, cell.rank),
        el("bdi", { title: cell.name }, cell.name), el("strong", {}, score(cell.score))),
      el("div", { class: "tk-bars", "aria-hidden": "true" }, cell.parts.slice(0, MOST_BARS).map(bar)));
    node.append(acts(cell), el("span", { class: "tk-sr" }));
    decorate(node, cell);
    return node;
  }

  function framed(cell) {
    const url = pictures.get(cell.picture);
    if (missing.has(cell.picture)) return el("span", { class: "tk-soft" }, "no picture");
    const high = pictureHeight(), wide = Math.min(inner / columns, width() * 1.35) - PAD;
    const factor = Math.min(wide / Math.max(cell.width, 1), high / Math.max(cell.height, 1));
    const inside = el("span", {});
    const [across, down] = [Math.max(8, cell.width * factor), Math.max(8, cell.height * factor)];
    inside.style.width = `${across}px`;
    inside.style.height = `${down}px`;
    if (url) inside.append(el("img", { src: url, alt: "", draggable: "false" }));
    for (const box of [...cell.boxes].reverse())
      inside.append(place(el("span", { class: box.own ? "tk-box" : "tk-box tk-other", "data-score": box.score ?? 0, hidden: isFaint(box) },
        box.own && box.label ? labelOf(box, across, down) : null), box.box));
    return inside;
  }

  const isFaint = (box) => (box.score ?? 0) < +least.value;
  function weigh(value) {
    leastText.textContent = value.toFixed(2);
    s.root.querySelectorAll(".tk-box").forEach((box) => { box.hidden = +box.dataset.score < value; });
  }

  // Above the box if there is room, so that what is in the box is seen; beside a narrow one the score alone.
  function labelOf({ box, score: value, label }, across, down) {
    const isNarrow = (box[3] - box[1]) * across < 80;
    const node = el("b", { class: `${isNarrow ? "tk-short" : ""} ${box[0] * down < 14 ? "tk-inside" : ""}` }, isNarrow ? score(value) : `${score(value)} ${label}`);
    if (isNarrow && box[1] * across > across - 28) Object.assign(node.style, { left: "auto", right: "-2px" });
    return node;
  }

  function bar(value, index) {
    const term = model.get("terms")[index] ?? { text: "", negated: false };
    const fill = el("i");
    fill.style.width = `${100 * Math.min(1, Math.max(0, value ?? 0))}%`;
    return el("i", { class: term.negated ? "tk-against" : "", title: `${term.negated ? "not " : ""}${term.text}: ${score(value)}` }, fill);
  }

  function acts(cell) {
    const can = model.get("can");
    const act = (sign, label, run) => button(sign, label, (event) => { event.stopPropagation(); run(); }, { tabindex: -1 });
    return el("div", { class: "tk-acts", "aria-hidden": "true" }, // for a mouse; keys do the same
      can.includes("more") && act("+", "More like this", () => s.tryAsk("act", { verb: "more", key: cell.key })),
      can.includes("less") && act("−", "Less like this", () => s.tryAsk("act", { verb: "less", key: cell.key })),
      act("✓", "Relevant", () => mark([cell.key], 1)),
      act("✗", "Not relevant", () => mark([cell.key], 0)));
  }

  // What a hit is marked as, and whether that still waits to be written.
  function markOf(key) {
    if (sending.has(key)) return [sending.get(key) ?? undefined, true];
    const waiting = model.get("pending")[key];
    return waiting === undefined ? [model.get("marks")[key], false] : [waiting, true];
  }
  const described = (cell) => {
    const [value, waits] = markOf(cell.key);
    const marked = value === undefined ? "" : `, ${value >= 0.5 ? "relevant" : "not relevant"}${waits ? ", not written yet" : ""}`;
    return `${cell.rank}: ${cell.name}, score ${score(cell.score)}${marked}`;
  };

  // Marks and selection change without drawing the cell again.
  function decorate(node, cell) {
    node.querySelector(".tk-mark")?.remove();
    const [value, waits] = markOf(cell.key);
    if (value !== undefined)
      node.append(el("span", { class: `tk-mark${value >= 0.5 ? "" : " tk-wrong"}${waits ? " tk-pending" : ""}`, "aria-hidden": "true" }, value >= 0.5 ? "✓" : "✗"));
    node.setAttribute("aria-selected", model.get("selected").includes(cell.key));
    node.querySelector(".tk-sr").textContent = described(cell);
  }

  function redecorate() {
    for (const line of nodes.values())
      for (const node of line.children)
        if (cells.has(+node.dataset.at)) decorate(node, cells.get(+node.dataset.at));
    const marks = Object.values(model.get("marks")), yes = marks.filter((value) => value >= 0.5).length;
    const selected = model.get("selected").length;
    counts.textContent = [marks.length && `✓ ${yes}  ✗ ${marks.length - yes}`, selected && `${selected} selected`].filter(Boolean).join(" · ");
  }

  // ---- asking for what is seen

  // Whether anything is still to come.
  function want(first, last) {
    const lacking = [];
    let waiting = false;
    for (let at = first; at < last; at++) {
      const cell = cells.get(at);
      if (cell && (pictures.has(cell.picture) || missing.has(cell.picture))) continue;
      if (asked.has(at)) waiting = true; else lacking.push(at);
    }
    if (lacking.length) request(lacking);
    return waiting || lacking.length > 0;
  }

  async function request(lacking) {
    lacking.forEach((at) => asked.add(at));
    const [from, to] = [lacking[0], lacking.at(-1) + 1], of = version;
    const answer = await s.tryAsk("want", { first: from, last: to, without: [...pictures.keys()] });
    lacking.forEach((at) => asked.delete(at));
    if (!answer || answer.version !== version || of !== version) return;
    receive(answer);
  }

  function receive({ first, cells: found, names, missing: none, sizes, buffers }) {
    const bytes = new Blob(buffers.map(bytesOf), { type: "image/jpeg" }); // cut into pictures without a copy of each
    let start = 0;
    names.forEach((name, index) => {
      if (!pictures.has(name)) pictures.set(name, URL.createObjectURL(bytes.slice(start, start + sizes[index], "image/jpeg")));
      start += sizes[index];
    });
    none.forEach((name) => missing.add(name));
    found.forEach((cell, index) => cells.set(first + index, cell));
    forget();
    for (const line of nodes.values())
      for (const node of [...line.children]) {
        const at = +node.dataset.at;
        if (at < first || at >= first + found.length) continue;
        const had = isFocused(node);
        const drawn = drawCell(at);
        node.replaceWith(drawn);
        if (had) drawn.focus({ preventScroll: true });
      }
    redecorate();
    draw();
  }

  function forget() {
    const [first, last] = visible();
    const seen = new Set();
    for (let at = first * columns; at < last * columns; at++) if (cells.has(at)) seen.add(cells.get(at).picture);
    for (const [name, url] of pictures) {
      if (pictures.size <= KEPT_PICTURES) break;
      if (seen.has(name)) continue;
      URL.revokeObjectURL(url);
      pictures.delete(name);
    }
    if (cells.size > KEPT_CELLS)
      for (const at of cells.keys()) if (at < first * columns || at >= last * columns) cells.delete(at);
  }

  // ---- what a person does

  async function mark(keys, value) {
    keys.forEach((key) => sending.set(key, value));
    redecorate();
    await s.tryAsk("mark", { keys, value, concept: s.group.concept?.() ?? "" });
    keys.forEach((key) => sending.delete(key));
    redecorate();
  }
  // Marks are labels of a concept; where it has no name, it is asked for beside them.
  function askName() {
    const count = Object.keys(model.get("pending")).length;
    if (!count) { naming.hidden = true; naming.replaceChildren(); return; }
    if (naming.hidden) {
      const name = (text, one) => s.tryAsk("name", { concept: one ? one.concept : text.trim() });
      const field = combobox(s, { label: "What the marked pictures show", value: "", placeholder: "name it to write them", pick: (text, one) => { if (one || text.trim()) name(text, one); } });
      naming.replaceChildren(el("strong", {}), field, el("span", { class: "tk-soft" }, "or z takes the last one back"));
    }
    naming.hidden = false;
    naming.firstChild.textContent = `${count} mark${count > 1 ? "s wait" : " waits"}: what do they show?`;
  }
  const toggle = (key) => {
    const selected = model.get("selected");
    s.set("selected", selected.includes(key) ? selected.filter((other) => other !== key) : [...selected, key]);
  };
  function selectTo(at) {
    const [from, to] = [Math.min(anchor ?? at, at), Math.max(anchor ?? at, at)];
    const keys = [];
    for (let index = from; index <= to; index++) if (cells.has(index)) keys.push(cells.get(index).key);
    s.set("selected", [...new Set([...model.get("selected"), ...keys])]);
  }
  const open = (key) => s.set("opened", key);

  function go(at) {
    const count = model.get("count");
    if (!count) return;
    cursor = Math.min(Math.max(at, 0), count - 1);
    const top = Math.floor(cursor / columns) * lineHeight();
    if (top < scrolled) scrollTo(top);
    if (top + lineHeight() > scrolled + high) scrollTo(top + lineHeight() - high);
    draw();
    const node = nodes.get(Math.floor(cursor / columns))?.children[cursor % columns];
    node?.focus({ preventScroll: true });
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(".tk-acts")) return;
    const page = Math.max(1, Math.floor(grid.clientHeight / lineHeight())) * columns;
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: page, PageUp: -page,
      Home: -Infinity, End: Infinity };
    const cell = cells.get(cursor), can = model.get("can");
    const targets = () => (model.get("selected").length ? model.get("selected") : [cell.key]);
    if (event.key in moves) {
      if (event.shiftKey && anchor === null) anchor = cursor;
      go(cursor + moves[event.key]);
      if (event.shiftKey) selectTo(cursor); else anchor = null;
    } else if (event.key === "?") help.hidden = !help.hidden;
    else if (event.key === "z") s.tryAsk("undo");
    else if (event.key === "Escape" && model.get("selected").length) s.set("selected", []);
    else if (!cell) return;
    else if (event.key === "Enter" && !event.shiftKey) open(cell.key);
    else if (event.key === " ") toggle(cell.key);
    else if (event.key === "r") mark(targets(), 1);
    else if (event.key === "n") mark(targets(), 0);
    else if (event.key === "u") mark(targets(), null);
    else if (event.key === "+" && can.includes("more")) s.tryAsk("act", { verb: "more", key: cell.key });
    else if (event.key === "-" && can.includes("less")) s.tryAsk("act", { verb: "less", key: cell.key });
    else return;
    event.preventDefault();
  }

  grid.addEventListener("keydown", pressed);
  grid.addEventListener("focusin", (event) => {
    const node = event.target.closest(".tk-cell");
    if (!node) return;
    all.querySelectorAll('.tk-cell[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    node.tabIndex = 0;
    cursor = +node.dataset.at;
  });
  grid.addEventListener("scroll", () => { scrolled = grid.scrollTop; requestAnimationFrame(draw); }, { passive: true });
  grid.addEventListener("click", (event) => {
    const node = event.target.closest(".tk-cell");
    if (!node || !node.dataset.key) return;
    go(+node.dataset.at);
    if (event.shiftKey) selectTo(cursor);
    else if (event.ctrlKey || event.metaKey) { anchor = cursor; toggle(node.dataset.key); }
    else if (event.target.closest(".tk-frame")) open(node.dataset.key);
    else { anchor = cursor; toggle(node.dataset.key); }
  });

  // ---- what the kernel says

  function drawSummary() {
    const count = model.get("count"), total = model.get("total");
    summary.textContent = count ? `${count.toLocaleString()} of ${total.toLocaleString()} hits` : "";
    empty.hidden = count > 0;
    grid.hidden = legend.hidden = !count;
    legend.replaceChildren(...model.get("terms").slice(0, MOST_BARS).map((term, index) =>
      el("li", { class: term.negated ? "tk-against" : "" }, el("i", { "aria-hidden": "true" }),
        `${index + 1}: ${term.negated ? "not " : ""}${term.text}${term.weight === 1 ? "" : ` ×${term.weight}`}`)));
    const page = model.get("page_number"), pages = model.get("pages");
    const turn = (number) => s.tryAsk("page", { number, version });
    pager.replaceChildren(...(pages < 2 ? [] : [
      button("‹", "Page before", () => turn(page - 1), { disabled: page <= 1 }), `page ${page} of ${pages.toLocaleString()}`,
      button("›", "Next page", () => turn(page + 1), { disabled: page >= pages })]));
  }

  function changed() {
    version = model.get("version");
    cells.clear(); asked.clear(); clear();
    cursor = 0; anchor = null;
    scrollTo(0);
    drawSummary(); layout(); redecorate();
  }
  function applyLook() {
    boxes.checked = model.get("boxes");
    s.root.classList.toggle("tk-nobox", !model.get("boxes"));
    size.value = model.get("size");
    least.value = model.get("least");
    weigh(model.get("least"));
  }

  s.on("change:version", changed);
  s.on("change:version", scores.again);
  s.on("change:page_number", drawSummary);
  s.on("change:can", () => { clear(); draw(); });
  s.on("change:marks", redecorate);
  s.on("change:pending", () => { askName(); redecorate(); });
  s.on("change:selected", redecorate);
  for (const trait of ["boxes", "least"]) s.on(`change:${trait}`, applyLook);
  s.on("change:size", () => { applyLook(); clear(); layout(); });
  const back = () => go(cursor);
  const closed = largeView(model, s, { cells, mark, back, isFaint });
  const watched = new ResizeObserver(layout);
  watched.observe(grid);
  applyLook(); drawSummary(); layout(); askName(); redecorate();
  return () => {
    clearTimeout(ahead);
    watched.disconnect();
    closed();
    pictures.forEach((url) => URL.revokeObjectURL(url));
    s.close();
  };
}

function keysHelp() {
  const keys = [["← ↑ → ↓", "move"], ["Enter", "open large; Esc goes back"], ["Space", "select; Shift + arrows select several"],
    ["r  n  u", "relevant, not relevant, neither (of the hit, or of all selected)"], ["z", "undo the last mark"],
    ["+  −", "more, less like this"], ["?", "these keys"]];
  return el("dl", { class: "tk-keys", hidden: true },
    keys.flatMap(([key, text]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text)]));
}

export default { render };
