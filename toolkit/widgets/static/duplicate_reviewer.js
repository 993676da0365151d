// Groups of near-duplicates: a box on each picture says whether it stays.

const PER_PAGE = 10;

function render({ model, el: host }) {
  const s = connect(model, host, "duplicates", "Near-duplicates");
  const list = el("div", { class: "tk-dups" });
  const counts = el("span", { class: "tk-count", "aria-live": "polite" });
  const undo = button("↶ undo", "Undo the last decision", () => s.tryAsk("undo"));
  const page = el("span", { class: "tk-bar tk-push" });
  const urls = [];
  let first = 0;
  s.root.append(
    el("div", { class: "tk-bar" }, el("strong", {}, model.get("sentence"))),
    el("div", { class: "tk-bar" }, counts, undo, s.foot, page), list);

  function tile(one, at, group) {
    const stays = !model.get("leaving").includes(one.id);
    const box = el("input", { type: "checkbox", checked: stays,
      onchange: (event) => s.tryAsk("leave", { id: one.id, stays: event.target.checked }) });
    const picture = one.url ? el("img", { src: one.url, alt: one.name }) : el("span", { class: "tk-soft" }, "no picture");
    return el("figure", { class: `tk-dup${stays ? "" : " tk-leaves"}`, "data-id": one.id },
      el("div", { class: "tk-dup-frame" }, picture),
      el("figcaption", {},
        el("label", {}, box, el("span", {}, "stays"), el("span", { class: "tk-sr" }, `: ${one.name}, picture ${at + 1} of group ${group + 1}`)),
        el("bdi", { title: one.name }, one.name), el("div", { class: "tk-soft" }, one.size),
        one.reason ? el("div", { class: "tk-soft" }, `${one.chance.toFixed(2)}: ${one.reason}`) : null));
  }
  function drawCounts() {
    const leaving = model.get("leaving").length;
    counts.textContent = `${leaving} in dataset “${model.get("dataset")}”`;
    undo.disabled = !model.get("can_undo");
  }
  function mark() {
    const leaving = new Set(model.get("leaving"));
    for (const node of list.querySelectorAll(".tk-dup")) {
      const leaves = leaving.has(node.dataset.id);
      node.classList.toggle("tk-leaves", leaves);
      node.querySelector("input").checked = !leaves;
    }
    drawCounts();
  }
  async function draw() {
    const found = await s.ask("want", { first }).catch(() => null);
    if (!found) return;
    urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
    const bytes = found.buffers.length ? bytesOf(found.buffers[0]) : new Uint8Array();
    const byName = new Map();
    let at = 0;
    found.names.forEach((name, index) => {
      byName.set(name, urlOf(bytes.slice(at, at + found.sizes[index])));
      at += found.sizes[index];
    });
    urls.push(...byName.values());
    list.replaceChildren(...found.groups.map((group, index) => {
      const number = found.first + index;
      return el("section", { class: "tk-group", "aria-label": `Group ${number + 1}` },
        el("div", { class: "tk-bar" }, el("strong", {}, `Group ${number + 1}`), el("span", { class: "tk-soft" }, `${group.count} pictures`),
          button("Only the first stays", `Only the first stays of group ${number + 1}`, () => s.tryAsk("rest", { group: number }))),
        el("div", { class: "tk-dup-tiles" }, group.tiles.map((one, place) => tile({ ...one, url: byName.get(one.id) }, place, number))));
    }));
    if (!found.groups.length) list.replaceChildren(el("div", { class: "tk-empty" }, "No near-duplicates."));
    const last = Math.min(first + PER_PAGE, model.get("count"));
    page.hidden = model.get("count") <= PER_PAGE;
    page.replaceChildren(
      button("‹", "Previous groups", () => { first = Math.max(first - PER_PAGE, 0); draw(); }, { disabled: first === 0 }),
      el("span", { class: "tk-count" }, `${first + 1}–${last} of ${model.get("count")}`),
      button("›", "Next groups", () => { first += PER_PAGE; draw(); }, { disabled: last >= model.get("count") }));
  }
  s.on("change:leaving", mark);
  s.on("change:can_undo", drawCounts);
  s.later(() => urls.forEach((url) => URL.revokeObjectURL(url)));
  drawCounts();
  draw();
  return s.close;
}

export default { render };
