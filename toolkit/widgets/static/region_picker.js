// One picture: draw a box, drag it, set it by keys or numbers, or choose one that is there.

const LEAST = 0.01, STEP = 0.02;
const SIDES = ["top", "left", "bottom", "right"];

function render({ model, el: host }) {
  const s = connect(model, host, "picker", "Region of a picture");
  const canvas = el("div", { class: "tk-canvas tk-draw" });
  const caption = el("bdi", { class: "tk-soft" });
  const sides = SIDES.map((side, at) => el("input", { type: "number", min: 0, max: 100, step: 1, "aria-label": `${side}, percent`,
    onchange: (event) => { const box = [...(current() ?? [0, 0, 1, 1])]; box[at] = Math.min(100, Math.max(0, +event.target.value)) / 100; choose(box); } }));
  const acts = el("span", { class: "tk-bar" });
  const body = el("div", {}, canvas,
    el("div", { class: "tk-bar tk-four" }, sides.map((input, at) => el("label", {}, SIDES[at], input)), el("span", { class: "tk-soft" }, "%"), button("Whole picture", "Choose the whole picture", () => choose(null))));
  s.root.append(el("div", { class: "tk-bar" }, el("strong", {}, "Region"), caption, el("span", { class: "tk-push" }, acts)), body, s.foot);
  let url = null, from = null, draft = null;

  const current = () => (model.get("box").length ? model.get("box") : null);
  const clamp = (value) => Math.min(1, Math.max(0, value));
  function choose(box) {
    if (box && (box[2] - box[0] < LEAST || box[3] - box[1] < LEAST)) return draw();
    s.set("box", box ? box.map((side) => Math.round(side * 1e4) / 1e4) : []);
  }

  // ---- with a pointer

  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [clamp((event.clientY - frame.top) / frame.height), clamp((event.clientX - frame.left) / frame.width)];
  };
  const between = ([top, left], [bottom, right]) => [Math.min(top, bottom), Math.min(left, right), Math.max(top, bottom), Math.max(left, right)];
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button")) return;
    event.preventDefault();
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => { if (from) { draft = between(from, at(event)); draw(); } });
  const end = (keep) => () => {
    const box = draft;
    from = draft = null;
    if (keep && box) choose(box); else draw();
  };
  canvas.addEventListener("pointerup", end(true));
  canvas.addEventListener("pointercancel", end(false));

  // ---- with keys

  function pressed(event) {
    const by = { ArrowUp: [-STEP, 0], ArrowDown: [STEP, 0], ArrowLeft: [0, -STEP], ArrowRight: [0, STEP] }[event.key];
    const box = current();
    if (event.key === "Escape") return choose(null);
    if (!by || !box) return undefined;
    event.preventDefault();
    const [down, right] = by;
    if (event.shiftKey) return choose([box[0], box[1], clamp(box[2] + down), clamp(box[3] + right)]);
    const [dy, dx] = [Math.min(Math.max(down, -box[0]), 1 - box[2]), Math.min(Math.max(right, -box[1]), 1 - box[3])];
    return choose([box[0] + dy, box[1] + dx, box[2] + dy, box[3] + dx]);
  }

  // ---- drawing

  const chosen = el("button", { type: "button", class: "tk-chosen", "aria-label": "The chosen region: arrows move it, Shift and arrows change its size", onkeydown: pressed });
  const picture = el("img", { alt: "", draggable: "false", hidden: true });
  function draw() {
    const box = draft ?? current();
    chosen.hidden = !box;
    if (box) place(chosen, box);
    sides.forEach((input, side) => { input.value = Math.round(100 * (box ?? [0, 0, 1, 1])[side]); });
  }
  function drawAll() {
    const is = model.get("input");
    body.hidden = !is;
    caption.textContent = is ? model.get("caption") : "No picture yet.";
    const [width, height] = [model.get("width"), Math.max(model.get("height"), 1)];
    canvas.style.aspectRatio = `${width} / ${height}`;
    canvas.style.maxWidth = `min(100%, ${Math.round((420 * width) / height)}px)`;
    canvas.replaceChildren(picture, ...model.get("regions").map((region, index) =>
      place(button("", `Region ${index + 1}`, () => choose(region.box), { class: "tk-box tk-other" }), region.box)), chosen);
    draw();
  }
  async function load() {
    drawAll();
    if (!model.get("input")) return;
    const answer = await s.tryAsk("picture");
    if (!answer || answer.input !== model.get("input")) return;
    if (url) URL.revokeObjectURL(url);
    url = urlOf(bytesOf(answer.buffers[0]));
    picture.src = url;
    picture.hidden = false;
    picture.alt = model.get("caption");
    if (answer.note) s.say(answer.note);
  }
  const words = { search: ["Search", "Search by this region"], more: [signed("+", "more like this"), "More like this region"],
    less: [signed("−", "less like this"), "Less like this region"], label: ["✓ label", "Label this region with the concept"], close: ["✕ close", "Close the picture"] };
  function offered() {
    acts.replaceChildren(...model.get("can").map((verb) => button(...words[verb], () => s.tryAsk("act", { verb }), verb === "search" ? { class: "tk-main" } : {})));
  }

  s.on("change:input", load);
  s.on("change:regions", drawAll);
  s.on("change:box", draw);
  s.on("change:can", offered);
  offered(); load();
  return () => { if (url) URL.revokeObjectURL(url); s.close(); };
}

export default { render };
