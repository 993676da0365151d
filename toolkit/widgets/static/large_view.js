// One hit, large: the picture with its boxes, why it is here, and what can be done with it.

function largeView(model, s, { cells, mark, back, isFaint }) {
  const panel = el("div", { class: "tk-large", role: "dialog", "aria-modal": "true", "aria-label": "Hit, large", hidden: true });
  s.root.append(panel);
  let url = null, shown = "", chosen = null, zoom = () => {};

  const at = () => [...cells].find(([, cell]) => cell.key === model.get("opened"))?.[0];
  function step(by) {
    const next = at() === undefined ? null : cells.get(at() + by);
    if (next) s.set("opened", next.key);
  }
  function close() {
    s.set("opened", "");
  }

  panel.addEventListener("keydown", (event) => {
    const key = model.get("opened");
    if (event.key === "Escape") close();
    else if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "r") mark([key], 1);
    else if (event.key === "n") mark([key], 0);
    else if (event.key === "u") mark([key], null);
    else if (event.key === "Tab") return trap(event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  function trap(event) {
    const stops = [...panel.querySelectorAll("button:not(:disabled), summary")];
    const end = event.shiftKey ? stops[0] : stops.at(-1);
    if (!isFocused(end)) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  async function show() {
    const key = model.get("opened");
    if (!key) {
      if (!panel.hidden) { panel.hidden = true; shown = ""; s.root.style.minHeight = ""; back(); }
      return;
    }
    const answer = await s.tryAsk("open", { key });
    if (!answer || model.get("opened") !== key) return;
    if (url) URL.revokeObjectURL(url);
    url = answer.buffers.length ? urlOf(bytesOf(answer.buffers[0])) : null;
    shown = key; chosen = null;
    const first = panel.hidden;
    panel.hidden = false;
    fill(answer);
    s.root.style.minHeight = `${panel.scrollHeight + 16}px`;
    if (first || !panel.contains(focused(panel))) panel.querySelector("button").focus({ preventScroll: true });
  }

  function fill(answer) {
    const cell = answer.cell, can = model.get("can");
    const act = (verb) => s.tryAsk("act", { verb, key: cell.key, box: chosen });
    const doing = el("div", { class: "tk-bar" },
      button("✕ close", "Close the large picture", close),
      button("‹", "Hit before", () => step(-1), { disabled: !answer.at }),
      button("›", "Next hit", () => step(1), { disabled: answer.at === null || answer.at >= model.get("count") - 1 }),
      button(signed("✓", "relevant"), "Relevant", () => mark([cell.key], 1), { "data-mark": "1" }),
      button(signed("✗", "not relevant"), "Not relevant", () => mark([cell.key], 0), { "data-mark": "0" }),
      can.includes("near") && button(signed("≈", "nearest"), "Nearest: what is most like this", () => { act("near"); close(); }),
      can.includes("more") && button(signed("+", "more like this"), "More like this", () => act("more")),
      can.includes("less") && button(signed("−", "less like this"), "Less like this", () => act("less")),
      can.includes("region") && button(signed("▢", "region…"), "Draw a region on this picture", () => { act("region"); close(); }));
    panel.replaceChildren(doing,
      el("div", { class: "tk-sides" }, el("div", { class: "tk-stage" }, stage(cell)), el("div", { class: "tk-why" }, ...why(answer))));
    pressed();
  }

  function stage(cell) {
    const inside = canvas(cell), frame = el("div", { class: "tk-zoom" }, inside);
    frame.style.aspectRatio = inside.style.aspectRatio;
    frame.style.maxWidth = inside.style.maxWidth;
    zoom = zoomable(frame, inside);
    return [frame, el("div", { class: "tk-bar tk-soft" }, button("+", "Zoom in", () => zoom(1.5)), button("−", "Zoom out", () => zoom(1 / 1.5)), `${cell.width} × ${cell.height}`)];
  }
  function canvas(cell) {
    const inside = el("div", { class: "tk-canvas" }, url ? el("img", { src: url, alt: cell.name, draggable: "false" }) : "no picture");
    inside.style.aspectRatio = `${Math.max(cell.width, 1)} / ${Math.max(cell.height, 1)}`;
    inside.style.maxWidth = `min(100%, ${Math.round(Math.max(460, innerHeight - 300) * cell.width / Math.max(cell.height, 1))}px)`;
    for (const box of [...cell.boxes].reverse()) {
      const text = `${score(box.score)} ${box.label}`.trim();
      const node = place(button("", `Region ${text}`, () => {
        chosen = chosen === box.box ? null : box.box;
        inside.querySelectorAll(".tk-box").forEach((other) => other.setAttribute("aria-pressed", other === node && chosen !== null));
      }, { class: box.own ? "tk-box" : "tk-box tk-other", "aria-pressed": "false", "data-score": box.score ?? 0, hidden: isFaint(box) }), box.box);
      node.append(el("b", { class: `tk-short ${box.box[0] < 0.05 ? "tk-inside" : ""}` }, text));
      inside.append(node);
    }
    return inside;
  }

  function why(answer) {
    const cell = answer.cell;
    const rows = answer.why.map((one) => el("tr", {},
      el("td", {}, swatch(one.at ?? -1, model.get("terms")[one.at]?.negated), el("bdi", {}, one.term), ...one.notes.map((note) => el("div", { class: "tk-soft" }, note))),
      el("td", {}, one.given), el("td", {}, one.weight)));
    const facts = [["file", cell.name], ["from", answer.uri], ["input", answer.id], ["region", answer.region], ["by", answer.source],
      ["says", answer.concepts.sort((a, b) => b[1] - a[1]).slice(0, 12).map(([name, value]) => `${name} ${score(value)}`).join(", ")]];
    return [
      el("div", {}, el("strong", {}, cell.rank ? `rank ${cell.rank}, score ${score(cell.score)}` : "not among these hits")),
      answer.note && el("div", { class: "tk-soft" }, answer.note),
      el("table", {}, el("thead", {}, el("tr", {}, ["why: term", "score", "weight"].map((text) => el("th", { scope: "col" }, text)))), el("tbody", {}, rows)),
      el("dl", {}, facts.filter(([, text]) => text).flatMap(([name, text]) => [el("dt", { class: "tk-soft" }, name), el("dd", {}, el("bdi", {}, text))])),
      cell.boxes.length > 0 && model.get("can").includes("more") && el("div", { class: "tk-soft" }, "Choose a box, then + or − for what is in it."),
    ].filter(Boolean);
  }

  function pressed() {
    const value = model.get("marks")[shown];
    for (const node of panel.querySelectorAll("[data-mark]"))
      node.setAttribute("aria-pressed", value !== undefined && (value >= 0.5) === (node.dataset.mark === "1"));
  }

  s.on("change:opened", show);
  s.on("change:marks", pressed);
  s.on("change:version", () => { if (shown) show(); });
  show();
  return () => { if (url) URL.revokeObjectURL(url); };
}
