// A page that was saved from a gallery: the pictures, facets that filter them, one of them large. It loads nothing.

const make = (tag, more = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), more);
  node.append(...children);
  return node;
};
const picture = (id, text) => make("img", { src: `data:image/webp;base64,${text}`, alt: "", loading: "lazy" });
const chosen = new Set();
let shown = SAVED.hits, at = 0;

// Rows of one facet widen the choice, facets narrow it; a facet's own choice leaves its other rows as they are.
const facets = [...new Set(SAVED.facets.map((row) => row.facet))];
const passes = (hit, but = null) => facets.every((facet) => {
  const rows = [...chosen].filter((row) => SAVED.facets[row].facet === facet);
  return facet === but || !rows.length || rows.some((row) => hit.says.includes(row));
});

const count = make("span", { className: "count" });
count.setAttribute("role", "status");
const aside = make("aside", { className: "facets" });
aside.setAttribute("aria-label", "Facets");
const grid = make("section", { className: "grid" });
grid.setAttribute("aria-label", "Hits, best first");
const outputs = new Map();

function drawFacets() {
  for (const facet of facets) {
    const rows = SAVED.facets.map((row, index) => [row, index]).filter(([row]) => row.facet === facet);
    aside.append(make("fieldset", {}, make("legend", { textContent: facet[0].toUpperCase() + facet.slice(1) }), ...rows.map(([row, index]) => {
      const box = make("input", { type: "checkbox" });
      box.addEventListener("change", () => { if (box.checked) chosen.add(index); else chosen.delete(index); draw(); });
      const output = make("span", { className: "hits" });
      const label = make("label", {}, box, make("bdi", { textContent: row.name }), output);
      outputs.set(index, [output, label]);
      return label;
    })));
  }
  aside.hidden = !facets.length;
}

function draw() {
  shown = SAVED.hits.filter((hit) => passes(hit));
  const several = SAVED.total > SAVED.hits.length ? `, the first ${SAVED.hits.length.toLocaleString()} of ${SAVED.counted === false ? "at least " : ""}${SAVED.total.toLocaleString()} hits` : "";
  count.textContent = `${shown.length.toLocaleString()} of ${SAVED.hits.length.toLocaleString()} pictures${several}`;
  for (const [index, [output, label]] of outputs) {
    const all = SAVED.hits.filter((hit) => hit.says.includes(index));
    const here = all.filter((hit) => passes(hit, SAVED.facets[index].facet)).length;
    output.textContent = `${here} / ${all.length}`;
    label.style.setProperty("--share", `${(100 * here) / Math.max(SAVED.hits.length, 1)}%`);
  }
  grid.replaceChildren(...(shown.length ? shown.map(drawHit) : [make("p", { className: "none", textContent: "No picture is all of this." })]));
}

function drawHit(hit, index) {
  const text = SAVED.pictures[hit.id];
  const node = make("button", { type: "button", title: hit.name }, text ? picture(hit.id, text) : hit.name);
  node.setAttribute("aria-label", `${index + 1}: ${hit.name}, score ${hit.score.toFixed(2)}`);
  node.style.flex = `${hit.ratio} 0 ${Math.round(hit.ratio * 132)}px`;
  node.style.maxWidth = `${Math.round(hit.ratio * 264)}px`;
  node.append(make("span", { className: "score", textContent: hit.score.toFixed(2) }));
  if (hit.mark !== null) node.append(make("span", { className: "mark", textContent: hit.mark >= 0.5 ? "✓" : "✗" }));
  node.addEventListener("click", () => open(index));
  return node;
}

const dialog = make("dialog");
dialog.setAttribute("aria-label", "Hit, large");
function open(index) {
  at = Math.min(Math.max(index, 0), shown.length - 1);
  const hit = shown[at], text = SAVED.large[hit.id] ?? SAVED.pictures[hit.id];
  const frame = make("div", { className: "frame" }, ...(text ? [picture(hit.id, text)] : []));
  frame.style.aspectRatio = String(hit.ratio);
  frame.style.width = `min(100%, ${Math.round(62 * hit.ratio)}vh)`;
  for (const [top, left, bottom, right] of hit.boxes) {
    const box = make("div", { className: "box" });
    Object.assign(box.style, { top: `${100 * top}%`, left: `${100 * left}%`, height: `${100 * (bottom - top)}%`, width: `${100 * (right - left)}%` });
    frame.append(box);
  }
  const step = (by, sign, name) => {
    const node = make("button", { type: "button", textContent: sign, disabled: !shown[at + by] });
    node.setAttribute("aria-label", name);
    node.addEventListener("click", () => open(at + by));
    return node;
  };
  const close = make("button", { type: "button", textContent: "✕ close" });
  close.addEventListener("click", () => dialog.close());
  const names = [...new Set(hit.says.map((row) => SAVED.facets[row].name))].join(", ");
  dialog.replaceChildren(
    make("div", { className: "bar" }, close, step(-1, "‹", "Hit before"), step(1, "›", "Next hit"), make("strong", { textContent: `${hit.score.toFixed(2)}` }), make("bdi", { textContent: hit.name })),
    frame,
    make("table", {}, make("thead", {}, make("tr", {}, make("th", { textContent: "why: term" }), make("th", { textContent: "score" }))),
      make("tbody", {}, ...hit.why.map(([term, given]) => make("tr", {}, make("td", { textContent: term }), make("td", { textContent: given }))))),
    ...(names ? [make("p", { textContent: `says: ${names}` })] : []));
  if (!dialog.open) dialog.showModal();
}
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") open(at + 1);
  else if (event.key === "ArrowLeft") open(at - 1);
});
dialog.addEventListener("close", () => grid.children[at]?.focus());

document.querySelector("main").append(
  make("header", {}, make("h1", {}, "Hits for ", make("code", { textContent: SAVED.query || "everything" })), count),
  make("div", { className: "sides" }, aside, grid), dialog);
drawFacets();
draw();
