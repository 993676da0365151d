// Two pictures that are zoomed together, or two rankings and how far each picture moved between them.

function render({ model, el: host }) {
  const s = connect(model, host, "beside", "Side by side");
  const body = el("div", { class: "tk-two" });
  const close = button("✕ close", "Close the comparison", () => s.tryAsk("close"));
  s.root.append(el("div", { class: "tk-bar" }, close, el("strong", {}, "Side by side"), el("span", { class: "tk-soft" }, "Esc closes")), body, s.foot);
  s.root.tabIndex = -1; // a click on a picture keeps the keys here
  s.root.addEventListener("keydown", (event) => { if (event.key === "Escape") s.tryAsk("close"); });
  const urls = [];
  const free = () => urls.splice(0).forEach((url) => URL.revokeObjectURL(url));

  // Where the other ranking has it: on the left where it goes to, on the right where it comes from.
  function moved({ rank, other }, side) {
    if (other === null) return "only here";
    if (other === rank) return "same place";
    const isUp = side ? other > rank : other < rank;
    return `${isUp ? "↑" : "↓"} ${side ? "from" : "to"} ${other}`;
  }
  const tile = (cell, side) => el("figure", { class: `tk-tile${cell.other === null ? " tk-new" : ""}` },
    el("img", { "data-id": cell.picture, alt: cell.name }),
    el("figcaption", {}, el("strong", {}, cell.rank), " ", el("span", { class: "tk-soft" }, moved(cell, side))));
  function large(cell) {
    const inside = el("div", { class: "tk-canvas" }, el("img", { "data-id": cell.picture, alt: cell.name, draggable: "false" }));
    const stage = el("div", { class: "tk-zoom" }, inside);
    inside.style.aspectRatio = stage.style.aspectRatio = `${Math.max(cell.width, 1)} / ${Math.max(cell.height, 1)}`;
    stage.style.maxWidth = `min(100%, ${Math.round(Math.max(360, innerHeight - 280) * cell.width / Math.max(cell.height, 1))}px)`;
    return { stage, inside, facts: el("table", {}, el("tbody", {}, cell.facts.map(([term, given]) =>
      el("tr", {}, el("td", {}, el("bdi", {}, term)), el("td", { class: "tk-number" }, given))))) };
  }

  async function draw() {
    free();
    const columns = model.get("columns"), isLarge = model.get("large");
    const shown = isLarge ? columns.map(({ cells }) => large(cells[0])) : [];
    body.replaceChildren(...columns.map((column, side) => el("section", { "aria-label": column.title },
      el("h3", {}, el("bdi", {}, column.title)),
      isLarge ? [shown[side].stage, shown[side].facts] : el("div", { class: "tk-tiles" }, column.cells.map((cell) => tile(cell, side))))));
    if (!columns.length) return;
    if (isLarge) zoomable(shown[0].stage, shown[0].inside, shown);
    close.focus({ preventScroll: true });
    const ids = [...new Set(columns.flatMap(({ cells }) => cells.map((cell) => cell.picture)))];
    const answer = await s.tryAsk("want", { ids });
    if (!answer) return;
    answer.ids.forEach((id, index) => {
      const url = urlOf(bytesOf(answer.buffers[index]));
      urls.push(url);
      body.querySelectorAll(`img[data-id="${CSS.escape(id)}"]`).forEach((image) => { image.src = url; });
    });
  }
  s.on("change:columns", draw);
  draw();
  return () => { free(); s.close(); };
}

export default { render };
