// What a concept contains: a tree whose branches are fetched as they are opened.
// Keys as in https://www.w3.org/WAI/ARIA/apg/patterns/treeview/

const TREE_WORDS = { search: ["Search", "Search for the chosen concept"],
  more: ["+ rank by this", "Add a rank for the chosen concept"], less: ["\u2212 not this", "Add a rank against the chosen concept"] };

function render({ model, el: into }) {
  const s = connect(model, into, "tree", "Concepts");
  const tree = el("ul", { role: "tree", "aria-label": "Concepts", class: "tk-branches", onkeydown: pressed, onclick: clicked });
  const acts = el("div", { class: "tk-bar" });
  s.root.append(tree, acts, s.foot);

  const counted = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
  function item(node, level) {
    const opens = node.kinds > 0;
    return el("li", { role: "treeitem", "aria-level": level, "aria-expanded": opens ? "false" : null, "aria-selected": "false",
      tabindex: -1, "data-id": node.id },
      el("span", { class: "tk-leaf", title: node.gloss },
        el("span", { class: "tk-twisty", "aria-hidden": "true" }, opens ? "\u25b8" : ""),
        el("bdi", {}, node.name),
        el("span", { class: "tk-soft" }, opens ? `${counted(node.kinds, "kind")} · ` : "", counted(node.pictures, "picture"))));
  }
  function drawTop() {
    tree.replaceChildren(...model.get("top").map((node) => item(node, 1)));
    if (!tree.children.length) tree.append(el("li", { role: "none", class: "tk-soft" }, "Nothing lies below anything yet: photos.concepts.relate(...)"));
    drawChosen();
  }
  const items = () => [...tree.querySelectorAll("[role=treeitem]")].filter((one) => !one.parentElement.closest("[aria-expanded=false]"));

  async function open(one) {
    if (one.getAttribute("aria-expanded") !== "false") return;
    one.setAttribute("aria-expanded", "true");
    one.querySelector(".tk-twisty").textContent = "\u25be";
    if (one.querySelector("[role=group]")) return;
    const group = el("ul", { role: "group" });
    one.append(group);
    const answer = await s.tryAsk("below", { concept: one.dataset.id });
    if (!answer) { group.remove(); return close(one); }
    const level = Number(one.getAttribute("aria-level")) + 1;
    group.append(...answer.nodes.map((node) => item(node, level)));
    if (answer.more) group.append(el("li", { role: "none", class: "tk-soft" }, `and ${answer.more.toLocaleString()} more`));
    drawChosen();
  }
  function close(one) {
    one.setAttribute("aria-expanded", "false");
    one.querySelector(".tk-twisty").textContent = "\u25b8";
    drawChosen();
  }
  function focus(one) {
    if (!one) return;
    for (const each of tree.querySelectorAll("[tabindex='0']")) each.tabIndex = -1;
    one.tabIndex = 0;
    one.focus();
  }
  const choose = (one) => s.tryAsk("choose", { concept: one.dataset.id });

  function clicked(event) {
    const one = event.target.closest("[role=treeitem]");
    if (!one) return;
    if (event.target.closest(".tk-twisty") && one.hasAttribute("aria-expanded"))
      one.getAttribute("aria-expanded") === "true" ? close(one) : open(one);
    else choose(one);
    focus(one);
  }
  function pressed(event) {
    const one = event.target.closest("[role=treeitem]");
    const all = items(), at = all.indexOf(one);
    const opened = one?.getAttribute("aria-expanded");
    const acts = {
      ArrowDown: () => focus(all[at + 1]), ArrowUp: () => focus(all[at - 1]), Home: () => focus(all[0]), End: () => focus(all.at(-1)),
      ArrowRight: () => (opened === "false" ? open(one) : opened === "true" && focus(all[at + 1])),
      ArrowLeft: () => (opened === "true" ? close(one) : focus(one.parentElement.closest("[role=treeitem]"))),
      Enter: () => choose(one), " ": () => choose(one),
    };
    if (!one || !acts[event.key] || event.shiftKey) return;
    event.preventDefault();
    acts[event.key]();
  }
  function drawChosen() {
    const concept = model.get("concept");
    for (const one of tree.querySelectorAll("[role=treeitem]")) one.setAttribute("aria-selected", String(one.dataset.id === concept));
    if (!items().some((one) => one.tabIndex === 0)) {
      for (const each of tree.querySelectorAll("[tabindex='0']")) each.tabIndex = -1;
      const first = items()[0];
      if (first) first.tabIndex = 0;
    }
    for (const each of acts.children) each.disabled = !concept;
  }
  function offered() {
    acts.replaceChildren(...model.get("can").map((verb) => button(...TREE_WORDS[verb], () => s.tryAsk("act", { verb, concept: model.get("concept") }), verb === "search" ? { class: "tk-main" } : {})));
    drawChosen();
  }

  s.on("change:top", drawTop);
  s.on("change:concept", drawChosen);
  s.on("change:can", offered);
  offered(); drawTop();
  return s.close;
}

export default { render };
