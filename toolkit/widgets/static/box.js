// One box for all that is asked: words, pictures, addresses; each becomes a chip, and chips are the rows of the query.

function searchBox(s, { rows, change, put, edit, take }) {
  const chips = el("span", { class: "tk-chips", role: "list", "aria-label": "What is asked for" });
  const file = el("input", { type: "file", accept: "image/*", multiple: true, hidden: true, "aria-label": "Pictures to search by" });
  file.addEventListener("change", () => { [...file.files].forEach(take); file.value = ""; });
  const field = combobox(s, { label: "Search", value: "", path: "box", placeholder: "words in any language, -not, URL, picture",
    language: () => null, pick: (text, one) => { if (one) say({ text: one.name, concept: one.concept, language: one.language }); } });
  const input = field.querySelector("input");
  const root = el("div", { class: "tk-searchbox" }, chips, field,
    button("picture…", "picture… to search by: choose a file", () => file.click(), { class: "tk-plain" }), file);

  async function say(words) {
    const answer = await s.tryAsk("say", words);
    if (answer) input.value = "";
  }
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      if (input.value.trim()) say({ text: input.value });
      else s.tryAsk("search");
    } else if (event.key === "Backspace" && !input.value && rows().length) {
      event.preventDefault();
      put(rows().slice(0, -1));
    }
  });
  input.addEventListener("blur", () => input.dispatchEvent(new CustomEvent("picked")));
  root.addEventListener("click", (event) => { if (event.target === root || event.target === chips) input.focus(); });

  async function thumbnail(node, row) {
    const answer = await s.tryAsk("preview", { source: row.query.subject, box: row.query.options?.box ?? null });
    if (!answer) return;
    node.src = urlOf(bytesOf(answer.buffers[0]));
    node.onload = () => URL.revokeObjectURL(node.src);
    node.hidden = false;
  }
  const drawn = new Map(); // of pictures: what was asked for once is not asked for again
  function chip(row, index) {
    const text = s.get("chips")[index] ?? "", not = row.negated;
    const subject = row.query.subject, isPicture = s.get("pictured").includes(row.query.term) && !isBlank(subject);
    const key = JSON.stringify([subject, row.query.options?.box]);
    let picture = isPicture ? drawn.get(key) : null;
    if (isPicture && !picture) {
      picture = el("img", { class: "tk-chip-picture", alt: "", hidden: true });
      drawn.set(key, picture);
      thumbnail(picture, row);
    }
    return el("span", { class: `tk-chip${not ? " tk-not" : ""}${row.on ? "" : " tk-off"}`, role: "listitem" },
      picture, swatch(s.get("colors")[index] ?? -1, not),
      button("not", `not ${text}: ${not ? "excluded" : "exclude it"}`, () => change(index, { negated: !not }), { class: "tk-plain tk-chip-not", "aria-pressed": String(not) }),
      button(text, `Edit ${text}: ${s.get("labels")[index] ?? ""}`, () => edit(index), { class: "tk-plain tk-chip-text" }),
      button("✕", `Remove ${text}`, () => put(rows().filter((_, at) => at !== index)), { class: "tk-plain" }));
  }
  function draw() {
    chips.replaceChildren(...rows().map(chip));
    chips.hidden = !rows().length;
    input.placeholder = rows().length ? "and…" : "words in any language, -not, URL, picture";
  }
  return { root, draw, input, say };
}
