// A text field that suggests concepts: a listbox under it, the newest answer only, free text allowed.

const EDGE = 8; // pixels between the suggestions and the side of the window
let combos = 0;

function combobox(s, { label, value, language, pick, placeholder = "", path }) {
  const id = `tk-list-${Math.random().toString(36).slice(2)}-${combos++}`;
  const list = el("ul", { class: "tk-list", role: "listbox", id, "aria-label": `Suggestions for ${label}`, hidden: true });
  const input = el("input", { type: "text", value, placeholder, role: "combobox", "aria-label": label, "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": id, autocomplete: "off", spellcheck: "false", "data-path": path });
  let found = [], at = -1, latest = 0, timer;

  function show() {
    list.replaceChildren(...found.map((one, index) => {
      const node = el("li", { role: "option", id: `${id}-${index}`, "aria-selected": index === at },
        el("bdi", {}, one.name), el("span", { class: "tk-badge" }, one.language || "id"),
        el("span", { class: "tk-soft" }, one.gloss), el("span", { class: "tk-count" }, one.count.toLocaleString()));
      node.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(index); });
      return node;
    }));
    list.hidden = !found.length;
    list.style.left = "0";
    const beyond = list.getBoundingClientRect().right + EDGE - document.documentElement.clientWidth;
    if (beyond > 0) list.style.left = `${-beyond}px`; // it ends where the window does
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (at >= 0 && !list.hidden) {
      input.setAttribute("aria-activedescendant", `${id}-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }
  function hide() {
    clearTimeout(timer);
    latest++;
    found = []; at = -1;
    show();
  }
  function suggest(wait = 120) {
    clearTimeout(timer);
    const mine = ++latest;
    timer = setTimeout(async () => {
      const answer = await s.tryAsk("suggest", { prefix: input.value, language: language?.() || null });
      if (mine !== latest || !answer || !isFocused(input)) return;
      found = answer.found; at = -1;
      show();
    }, wait);
  }
  function choose(index) {
    const one = found[index];
    value = input.value = one.name; // so that leaving the field is no retyping
    hide();
    input.dispatchEvent(new CustomEvent("picked"));
    pick(one.name, one);
  }

  input.addEventListener("input", () => suggest());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys of an input method are its own
    if (event.key === "ArrowDown" && list.hidden) suggest(0);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % found.length;
      show();
    } else if (event.key === "Enter" && at >= 0) { choose(at); event.stopImmediatePropagation(); }
    else if (event.key === "Escape" && !list.hidden) { hide(); event.stopPropagation(); }
    else return;
    event.preventDefault();
  });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) hide(); });
  input.addEventListener("change", () => { if (input.value !== value) { value = input.value; pick(input.value, null); } });
  input.addEventListener("blur", hide);
  const node = el("span", { class: "tk-combo" }, input, list);
  node.write = (text) => { if (!isFocused(input)) input.value = text; value = text; };
  return node;
}
