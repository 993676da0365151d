// Regions without concepts: a sentence, and a button that has them classified.

function render({ model, el: host }) {
  const s = connect(model, host, "region-offer", "Regions without concepts");
  const sentence = el("span", { class: "tk-soft", role: "status" });
  const act = button("Classify regions", "Have the concept models look at every region", () => s.tryAsk("classify"));
  s.root.append(el("div", { class: "tk-bar" }, sentence, act), s.foot);
  function draw() {
    s.root.hidden = !model.get("count");
    act.disabled = model.get("busy");
    sentence.textContent = model.get("sentence");
  }
  for (const trait of ["count", "sentence", "busy"]) s.on(`change:${trait}`, draw);
  draw();
  return s.close;
}

export default { render };
