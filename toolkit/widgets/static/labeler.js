// The bar above the hits: what the marks are labels of, how many, undo, and learning from them.

const POLL = 2500; // milliseconds

function render({ model, el: host }) {
  const s = connect(model, host, "labeler", "Labeling");
  const name = combobox(s, { label: "Concept that marks are labels of", value: model.get("title"), placeholder: "concept to label",
    path: "concept", pick: (text, one) => s.set("concept", one ? one.concept : text.trim()) });
  const counts = el("span", { class: "tk-count", "aria-live": "polite" });
  const undo = button(signed("↶", "undo"), "Undo the last label", () => s.tryAsk("undo"));
  const refine = button("Refine", "Refine: learn the concept from its labels, and rank by it", () => s.tryAsk("refine"), { class: "tk-main" });
  s.root.append(el("div", { class: "tk-bar" }, el("strong", {}, "Label"), name, counts, undo, refine, s.foot,
    el("span", { class: "tk-soft tk-push" }, "r relevant · n not · u neither · z undo")));

  function drawCounts() {
    counts.textContent = `✓ ${model.get("yes")}  ✗ ${model.get("no")} as ${model.get("user")}${model.get("theirs") ? ` · ${model.get("theirs")} by others` : ""}`;
    undo.disabled = !model.get("can_undo");
    refine.disabled = !model.get("concept");
  }
  for (const trait of ["concept", "title"]) s.on(`change:${trait}`, () => { name.write(model.get("title")); drawCounts(); });
  for (const trait of ["yes", "no", "theirs", "user", "can_undo"]) s.on(`change:${trait}`, drawCounts);
  drawCounts();
  s.group.concept = () => model.get("concept"); // what a mark in the gallery is of, as it is here
  // While it is seen, look whether others have written, and whether the kernel is there.
  let waits = false;
  const poll = setInterval(async () => {
    if (waits || document.hidden || !s.root.getClientRects().length) return;
    waits = true;
    await s.tryAsk("poll", {}, [], { quiet: true });
    waits = false;
  }, POLL);
  s.later(() => clearInterval(poll));
  return s.close;
}

export default { render };
