// The grid: only the cells in view exist, and only their pictures are asked for.

const SIZES = { s: 112, m: 140, l: 240 };
const BAR = 4, MOST_BARS = 24, KEPT_PICTURES = 600, KEPT_CELLS = 2000;
const ORDERS = ["best", "newest", "oldest", "name", "largest"];

function render({ model, el: host }) {
  const s = connect(model, host, "gallery", "Hits");
  const cells = new Map(), pictures = new Map(), nodes = new Map();
  const missing = new Set(), asked = new Set();
  let rows = [], inner = 0, high = 0, scrolled = 0, ahead, cursor = 0, version = model.get("version"), anchor = null;

  const summary = el("span", { class: "tk-summary", "aria-live": "polite" });
  const legend = el("ul", { class: "tk-legend", "aria-label": "Score bars, from top to bottom" });
  const all = el("div", { class: "tk-all", role: "presentation" });
  const grid = el("div", { class: "tk-grid", role: "grid", "aria-label": "Hits, best first", "aria-multiselectable": "true" }, all);
  const naming = el("div", { class: "tk-bar tk-naming", role: "group", "aria-label": "Marks without a name", hidden: true });
  const sending = new Map(); // marks on their way to the kernel
  const empty = el("div", { class: "tk-empty" });
  const view = button("View", "View: how the pictures are shown", () => s.root.classList.toggle("tk-viewing"), { class: "tk-view" });
  const pager = el("span", { class: "tk-bar" });
  const help = keysHelp();
  const boxes = el("input", { type: "checkbox", onchange: () => s.set("boxes", boxes.checked) });
  const least = el("input", { type: "range", min: 0, max: 1, step: 0.05, "aria-label": "Least score of a box that is drawn", oninput: () => weigh(+least.value),
    onchange: () => s.set("least", +least.value) });
  const leastText = el("output", {});
  const order = el("select", { "aria-label": "Order of the pictures", onchange: () => s.set("order", order.value) },
    ORDERS.map((value) => el("option", { value }, value)));
  const groups = el("input", { type: "checkbox", onchange: () => s.set("grouped", groups.checked) });
  const size = el("select", { "aria-label": "Size of the pictures", onchange: () => s.set("size", size.value) },
    [["s", "small"], ["m", "medium"], ["l", "large"]].map(([value, text]) => el("option", { value }, text)));
  const counts = el("span", { class: "tk-soft" });
  const old = el("span", { class: "tk-badge", hidden: true }, "of the query before");
  const compare = button("Compare", "Compare the first two selected", () => s.tryAsk("compare"), { hidden: true });
  const scores = histogram(s, (count) => s.tryAsk("best", { count }));
  const tools = el("span", { class: "tk-bar tk-tools" }, order,
    el("label", { title: "Near-duplicates behind the best of them" }, groups, "group"),
    el("label", {}, boxes, "boxes"), el("label", { class: "tk-weight" }, "from", least, leastText), size,
    button("▂▅▇", "Scores of all hits", () => scores.toggle(), { class: "tk-toggle" }),
    button("⤓ Snapshot", "Snapshot: one file that opens offline", snapshot),
    button("?", "Keys", () => { help.hidden = !help.hidden; }));
  s.root.append(
    el("div", { class: "tk-bar" }, summary, old, counts, compare, el("span", { class: "tk-bar tk-push" }, pager, view), tools),
    help, scores.root, legend, naming, grid, empty, s.foot);

  // ---- geometry

  const bars = () => Math.min(model.get("terms").length, MOST_BARS);
  const below = () => bars() * BAR;
  const lineOf = (at) => rows.findIndex((row) => at < row.last);

  // Where one has scrolled to is kept: to read it after a change of the page lays out all of it at once.
  function visible(margin = 1) {
    if (!rows.length) return [0, 0];
    const first = Math.max(0, rowAt(rows, scrolled) - margin);
    return [first, Math.min(rows.length, rowAt(rows, scrolled + high) + 1 + margin)];
  }
  function scrollTo(top) {
    grid.scrollTop = top;
    scrolled = grid.scrollTop;
  }

  function layout() {
    if (!grid.clientWidth) return;
    inner = grid.clientWidth; // read once: asked of every cell it would lay out the page each time
    clear();
    rows = justified(model.get("ratios"), { width: inner, height: SIZES[model.get("size")] ?? SIZES.m, below: below() });
    const last = rows.at(-1), height = last ? last.top + last.height + below() : 0;
    all.style.height = `${height}px`;
    grid.style.height = `${Math.max(120, Math.min(height + 2, Math.max(360, Math.min(innerHeight - 230, 720))))}px`;
    high = grid.clientHeight;
    scrolled = grid.scrollTop;
    grid.setAttribute("aria-rowcount", rows.length);
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
    const wanted = (margin) => want(...ends(margin));
    clearTimeout(ahead);
    if (!wanted(0)) ahead = setTimeout(() => wanted(1), 150);
  }

  const ends = (margin) => {
    const [from, to] = visible(margin);
    return to > from ? [rows[from].first, rows[to - 1].last] : [0, 0];
  };

  function drawLine(line) {
    const node = el("div", { class: "tk-line-of-cells", role: "row", "aria-rowindex": line + 1 });
    const row = rows[line];
    node.style.top = `${row.top}px`;
    for (let at = row.first; at < row.last; at++) node.append(drawCell(at, line));
    const next = [...nodes.keys()].filter((other) => other > line).sort((a, b) => a - b)[0];
    all.insertBefore(node, next === undefined ? null : nodes.get(next));
    return node;
  }

  function drawCell(at, line = lineOf(at)) {
    const cell = cells.get(at), row = rows[line];
    const wide = row.widths[at - row.first], tall = row.height;
    const node = el("div", { class: "tk-cell", role: "gridcell", "data-at": at, "aria-colindex": at - row.first + 1,
      tabindex: at === cursor ? 0 : -1 });
    node.style.width = `${wide}px`;
    const frame = el("div", { class: "tk-frame", "aria-hidden": "true" }); // .tk-sr says it all
    frame.style.height = `${tall}px`;
    node.append(frame);
    if (!cell) {
      node.append(el("span", { class: "tk-sr" }, `Hit ${at + 1}, loading`));
      return node;
    }
    node.dataset.key = cell.key;
    node.dataset.rank = cell.rank;
    node.classList.toggle("tk-member", cell.member);
    frame.append(framed(cell, wide, tall), el("div", { class: "tk-caption" }, el("bdi", { title: cell.name }, cell.name)));
    if (bars()) frame.append(el("strong", { class: "tk-score" }, score(cell.score)));
    node.append(el("div", { class: "tk-bars", "aria-hidden": "true" }, cell.parts.slice(0, MOST_BARS).map(bar)),
      button("", "Select", null, { class: "tk-pick", tabindex: -1, "aria-hidden": "true" }),
      cell.others ? button(`+${cell.others}`, `${cell.others} more like it`,
        (event) => { event.stopPropagation(); s.tryAsk("unfold", { key: cell.key }); }, { class: "tk-others", tabindex: -1 }) : "",
      acts(cell), el("span", { class: "tk-sr" }));
    decorate(node, cell);
    return node;
  }

  function framed(cell, wide, tall) {
    const url = pictures.get(cell.picture);
    if (missing.has(cell.picture)) return el("span", { class: "tk-soft" }, "no picture");
    const factor = Math.min(wide / Math.max(cell.width, 1), tall / Math.max(cell.height, 1));
    const inside = el("span", {});
    let [across, down] = [Math.max(8, cell.width * factor), Math.max(8, cell.height * factor)];
    if (wide - across < 3) across = wide; // rounded widths are no bands
    if (tall - down < 3) down = tall;
    inside.style.width = `${across}px`;
    inside.style.height = `${down}px`;
    if (url) inside.append(el("img", { src: url, alt: "", draggable: "false" }));
    const best = cell.boxes.find((box) => box.own) ?? cell.boxes.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
    for (const box of [...cell.boxes].reverse())
      inside.append(place(el("span", { class: `tk-box${box.own ? "" : " tk-other"}${box === best ? "" : " tk-hovered"}`, "data-score": box.score ?? 0, hidden: isFaint(box) },
        box === best && box.label ? labelOf(box, across, down) : null), box.box));
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
    return el("i", { class: `tk-term-${index % COLORS}${term.negated ? " tk-against" : ""}`, title: `${term.negated ? "not " : ""}${term.text}: ${score(value)}` }, fill);
  }

  function acts(cell) {
    const can = model.get("can");
    const act = (sign, label, run) => button(sign, label, (event) => { event.stopPropagation(); run(); }, { tabindex: -1 });
    return el("div", { class: "tk-acts", "aria-hidden": "true" }, // for a mouse; keys do the same
      can.includes("near") && act("≈", "Nearest to this", () => s.tryAsk("act", { verb: "near", key: cell.key })),
      can.includes("more") && act("+", "More like this", () => s.tryAsk("act", { verb: "more", key: cell.key })),
      can.includes("less") && act("−", "Less like this", () => s.tryAsk("act", { verb: "less", key: cell.key })),
      act("✓", "Relevant", () => mark([cell.key], 1)),
      act("✗", "Not relevant", () => mark([cell.key], 0)));
  }

  async function snapshot() {
    s.say("Writing the file…");
    const answer = await s.tryAsk("save");
    if (!answer) return;
    const url = URL.createObjectURL(new Blob([bytesOf(answer.buffers[0])], { type: "text/html" }));
    el("a", { href: url, download: "hits.html" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    s.say("Saved as hits.html.");
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
    const others = (model.get("theirs")[cell.key] ?? []).map((one) => `, ${one}`).join("");
    return `${cell.rank}: ${cell.name}, score ${score(cell.score)}${marked}${others}`;
  };

  // Marks and selection change without drawing the cell again.
  function decorate(node, cell) {
    node.querySelectorAll(".tk-mark").forEach((mark) => mark.remove());
    const [value, waits] = markOf(cell.key);
    if (value !== undefined)
      node.append(el("span", { class: `tk-mark${value >= 0.5 ? "" : " tk-wrong"}${waits ? " tk-pending" : ""}`, "aria-hidden": "true" }, value >= 0.5 ? "✓" : "✗"));
    const theirs = model.get("theirs")[cell.key] ?? [];
    if (theirs.length) node.append(el("span", { class: "tk-mark tk-theirs", "aria-hidden": "true" }, theirs.join(" ")));
    node.setAttribute("aria-selected", model.get("selected").includes(cell.key));
    node.querySelector(".tk-sr").textContent = described(cell);
  }

  function redecorate() {
    for (const line of nodes.values())
      for (const node of line.children)
        if (cells.has(+node.dataset.at)) decorate(node, cells.get(+node.dataset.at));
    const marks = Object.values(model.get("marks")), yes = marks.filter((value) => value >= 0.5).length;
    const selected = model.get("selected").length;
    compare.hidden = selected < 2 || !model.get("can").includes("compare");
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
    const [first, last] = ends(1);
    const seen = new Set();
    for (let at = first; at < last; at++) if (cells.has(at)) seen.add(cells.get(at).picture);
    for (const [name, url] of pictures) {
      if (pictures.size <= KEPT_PICTURES) break;
      if (seen.has(name)) continue;
      URL.revokeObjectURL(url);
      pictures.delete(name);
    }
    if (cells.size > KEPT_CELLS) for (const at of cells.keys()) if (at < first || at >= last) cells.delete(at);
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
      const known = el("datalist", { id: `tk-names-${Math.random().toString(36).slice(2)}` });
      const field = el("input", { type: "text", list: known.id, "aria-label": "What the marked pictures show", placeholder: "name it to write them",
        onchange: () => { if (field.value.trim()) s.tryAsk("name", { concept: field.value.trim() }); } });
      field.addEventListener("input", async () => {
        const answer = await s.tryAsk("suggest", { prefix: field.value });
        if (answer) known.replaceChildren(...answer.found.map((one) => el("option", { value: one.name })));
      });
      naming.replaceChildren(el("strong", {}), field, known);
    }
    naming.hidden = false;
    naming.firstChild.textContent = count > 1 ? `${count} marks wait: what do they show?` : "1 mark waits: what does it show?";
  }
  function toggle(key) {
    const selected = model.get("selected"), others = selected.filter((other) => other !== key);
    s.set("selected", others.length < selected.length ? others : [...selected, key]);
  }
  async function selectTo(at, first = Math.min(anchor ?? at, at), last = Math.max(anchor ?? at, at)) {
    const answer = await s.tryAsk("keys");
    if (answer) s.set("selected", [...new Set([...model.get("selected"), ...answer.keys.slice(first, last + 1)])]);
  }
  const open = (key) => s.set("opened", key);

  function go(at) {
    const count = model.get("count");
    if (!count || !rows.length) return;
    cursor = Math.min(Math.max(at, 0), count - 1);
    const line = lineOf(cursor), { top, height } = rows[line];
    if (top < scrolled) scrollTo(top);
    if (top + height + below() > scrolled + high) scrollTo(top + height + below() - high);
    draw();
    nodes.get(line)?.children[cursor - rows[line].first]?.focus({ preventScroll: true });
  }

  // The picture of another row whose middle is nearest.
  function across(by) {
    const middles = ({ widths }) => widths.map((wide, index) => widths.slice(0, index).reduce((a, b) => a + b + GAP, 0) + wide / 2);
    const from = lineOf(cursor), to = rows[Math.min(Math.max(from + by, 0), rows.length - 1)];
    const middle = middles(rows[from])[cursor - rows[from].first];
    const far = middles(to).map((other) => Math.abs(other - middle));
    return to.first + far.indexOf(Math.min(...far));
  }

  function pressed(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "a") {
      event.preventDefault();
      event.stopPropagation();
      return selectTo(cursor, 0, model.get("count"));
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(".tk-acts")) return;
    const page = Math.max(1, Math.floor(high / (rows[0]?.height || 1)));
    const moves = { ArrowRight: () => cursor + 1, ArrowLeft: () => cursor - 1, ArrowDown: () => across(1), ArrowUp: () => across(-1),
      PageDown: () => across(page), PageUp: () => across(-page), Home: () => 0, End: () => Infinity };
    const cell = cells.get(cursor), can = model.get("can");
    const targets = () => (model.get("selected").length ? model.get("selected") : [cell.key]);
    if (event.key in moves) {
      if (event.shiftKey && anchor === null) anchor = cursor;
      go(moves[event.key]());
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
    else if (event.key === "=" && can.includes("near")) s.tryAsk("act", { verb: "near", key: cell.key });
    else if (event.key === "c" && can.includes("compare") && model.get("selected").length > 1) s.tryAsk("compare");
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
    if (event.shiftKey) return selectTo(cursor);
    anchor = cursor;
    if (event.ctrlKey || event.metaKey || event.target.closest(".tk-pick")) toggle(node.dataset.key); else open(node.dataset.key);
  });

  // ---- what the kernel says

  function drawSummary() {
    const count = model.get("count"), total = model.get("total");
    summary.textContent = count ? `${count.toLocaleString()} of ${model.get("counted") ? "" : "at least "}${total.toLocaleString()} hits` : "";
    empty.hidden = count > 0;
    empty.textContent = model.get("nothing");
    grid.hidden = legend.hidden = tools.hidden = view.hidden = !count;
    legend.replaceChildren(...model.get("terms").slice(0, MOST_BARS).map((term, index) =>
      el("li", { class: `tk-term-${index % COLORS}${term.negated ? " tk-against" : ""}` }, el("i", { "aria-hidden": "true" }),
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
    order.value = model.get("order");
    groups.checked = model.get("grouped");
    least.value = model.get("least");
    weigh(model.get("least"));
  }

  s.on("change:version", changed);
  s.on("change:version", scores.again);
  s.on("change:page_number", drawSummary);
  s.on("change:can", () => { clear(); draw(); });
  for (const trait of ["marks", "theirs", "selected"]) s.on(`change:${trait}`, redecorate);
  const aged = () => {
    const stale = model.get("stale");
    grid.classList.toggle("tk-stale", stale);
    grid.setAttribute("aria-label", stale ? "Hits of the query before" : "Hits, best first");
    old.hidden = !stale;
  };
  s.on("change:stale", aged);
  s.on("change:pending", () => { askName(); redecorate(); });
  for (const trait of ["boxes", "least", "order", "grouped"]) s.on(`change:${trait}`, applyLook);
  s.on("change:size", () => { applyLook(); layout(); });
  const back = () => go(cursor);
  const closed = largeView(model, s, { cells, mark, back, isFaint });
  const watched = new ResizeObserver(() => { if (grid.clientWidth !== inner) layout(); });
  watched.observe(grid);
  applyLook(); drawSummary(); layout(); askName(); aged(); redecorate();
  return () => {
    clearTimeout(ahead);
    watched.disconnect();
    closed();
    pictures.forEach((url) => URL.revokeObjectURL(url));
    s.close();
  };
}

function keysHelp() {
  const keys = [["← ↑ → ↓", "move; Home, End, PageUp, PageDown go farther"], ["Enter", "open large"],
    ["Space", "select; Shift + arrows several, Ctrl + A the page, Esc none"],
    ["r  n  u", "relevant, not relevant, neither: the hit, or all selected"], ["z", "undo the last mark"],
    ["=  +  −", "most like this; more, less like this"], ["c", "compare the two selected first"],
    ["large", "← → other hits, + − zoom, r n u mark, Esc goes back"],
    ["box", "Enter searches, ↓ suggestions, Backspace takes a chip, Ctrl + Z, Ctrl + Shift + Z undo, redo"],
    ["ranks", "↑ ↓ on ⠿ move one"], ["region", "arrows move it, with Shift change its size, Esc is all"],
    ["map", "arrows move, + − zoom, 0 all, Enter near here, b what is seen, PageUp, PageDown walk, Esc clears"],
    ["?", "these keys"]];
  return el("dl", { class: "tk-keys", hidden: true },
    keys.flatMap(([key, text]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text)]));
}

export default { render };
