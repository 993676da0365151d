// Rows of ranks. All state is the model's; what is drawn follows from it.

const JOINS = [["all", "all of (and)"], ["any", "any of (or)"], ["sum", "sum of"], ["fuse", "fused by"], ["then", "one after the other"]];
const MISSING = [["zero", "counts nothing"], ["worst", "counts as the last"], ["drop", "is no hit"]];
const joinName = (join) => (typeof join === "string" ? join : Object.keys(join)[0]);

function render({ model, el: host }) {
  const s = connect(model, host, "builder", "Query");
  const state = () => model.get("state");
  const kinds = () => new Map(model.get("kinds").map((kind) => [kind.name, kind]));
  const rows = () => state().rows;
  const put = (next, join = state().join) => { edited = true; s.set("state", { join, rows: next }); };
  const change = (index, part) => put(rows().map((row, at) => (at === index ? { ...row, ...part } : row)));
  const asked = new Map(); // options that were added but have no value yet, by row
  let focusNext = null, dragged = null, edited = false; // whether the next change of the query is by a person here

  const begun = { fuse: () => ({ fuse: model.get("fusing").begin }), then: () => ({ then: model.get("fusing").k }) };
  const join = el("select", { "aria-label": "How ranks are joined", onchange: () => put(rows(), begun[join.value]?.() ?? join.value) },
    JOINS.map(([value, text]) => el("option", { value }, text)));
  const undo = button("↶", "Undo", () => { edited = true; s.tryAsk("undo"); });
  const redo = button("↷", "Redo", () => { edited = true; s.tryAsk("redo"); });
  const copy = el("select", { "aria-label": "Copy the query", onchange: () => { copied(copy.value); copy.value = ""; } },
    [["", "Copy as…"], ["python", "Python"], ["json", "JSON"], ["text", "command line"]].map(([value, text]) => el("option", { value }, text)));
  const how = el("span", { class: "tk-bar tk-how" }); // the rest of a join: its method, or how many are ranked again
  const list = el("ol", { class: "tk-rows", "aria-label": "Ranks" });
  const add = el("div", { class: "tk-bar tk-add", role: "group", "aria-label": "Add a rank" });
  const line = el("code", { class: "tk-query" });
  const limit = el("input", { type: "number", min: 1, step: 1, "aria-label": "How many hits", onchange: () => { s.set("limit", Math.max(1, Math.round(+limit.value) || 48)); follow(); } });
  const level = el("select", { "aria-label": "What a hit is", onchange: () => { s.set("level", level.value); follow(); } },
    [["input", "pictures"], ["region", "regions"]].map(([value, text]) => el("option", { value }, text)));
  const least = el("input", { type: "number", min: 0, max: 1, step: 0.05, "aria-label": "Least score", onchange: () => { s.set("minimum", Math.min(1, Math.max(0, +least.value || 0))); follow(); } });
  const text = el("textarea", { class: "tk-copied", readonly: true, rows: 3, "aria-label": "The query to copy", hidden: true });
  const search = button("Search", "Search", () => {
    if (box.input.value.trim()) return box.say({ text: box.input.value });
    if (model.get("compact")) s.set("folded", true);
    return s.tryAsk("search");
  }, { class: "tk-main" });
  const fold = button("Ranks", "Show or hide the ranks, to weight, join and edit them", () => s.set("folded", !model.get("folded")), { class: "tk-fold" });
  const box = searchBox(s, { rows, change: (...given) => change(...given), put: (...given) => put(...given), edit, take: (source) => take(source) });
  const form = el("div", { class: "tk-form" },
    el("div", { class: "tk-bar" }, el("strong", {}, "Rank by"), join, how, el("span", { class: "tk-bar tk-push" }, undo, redo)),
    list, add,
    el("div", { class: "tk-line", role: "status", "aria-label": "The query" }, line), text,
    el("div", { class: "tk-bar" }, el("label", {}, "top", limit), level, el("label", {}, "score at least", least), el("span", { class: "tk-push" }, copy)));
  s.root.append(el("div", { class: "tk-bar tk-ask" }, box.root, search, fold), form, s.foot);

  function edit(index) {
    s.set("folded", false);
    drawFold();
    const row = s.root.querySelector(`.tk-row[data-row="${index}"]`);
    (row?.querySelector("input[type=text]") ?? row?.querySelector("button"))?.focus();
  }
  function drawFold() {
    form.hidden = model.get("folded");
    fold.setAttribute("aria-expanded", String(!model.get("folded")));
  }
  // A search follows an edit after a short wait, unless another edit comes first.
  let following;
  function follow() {
    clearTimeout(following);
    edited = false;
    if (model.get("compact")) following = setTimeout(() => s.tryAsk(model.get("text") ? "search" : "clear"), 400);
  }

  // ---- one row

  function drawRow(row, index) {
    const term = "term" in row.query ? row.query : null;
    const kind = term && kinds().get(term.term);
    const said = model.get("labels")[index] ?? "";
    const problem = model.get("problems")[index];
    const name = `rank ${index + 1}`;
    const node = el("li", { class: `tk-row${row.on ? "" : " tk-off"}${row.negated ? " tk-not" : ""}`, "data-row": index });
    const grip = button("⠿", `Move ${name}: arrow up, arrow down, or drag`, () => {}, { class: "tk-grip", draggable: "true", "data-path": `${index}/grip` });
    grip.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by) { event.preventDefault(); move(index, index + by); }
    });
    grip.addEventListener("dragstart", (event) => { dragged = index; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/x-rank", String(index)); });
    grip.addEventListener("dragend", () => { dragged = null; });
    node.addEventListener("dragover", (event) => { if (dragged !== null) { event.preventDefault(); node.classList.add("tk-over"); } });
    node.addEventListener("dragleave", () => node.classList.remove("tk-over"));
    node.addEventListener("drop", (event) => { if (dragged !== null) { event.preventDefault(); event.stopPropagation(); move(dragged, index); } });
    const on = el("input", { type: "checkbox", class: "tk-switch", checked: row.on, "aria-label": `Use ${name}`, "data-path": `${index}/on` });
    on.addEventListener("change", () => change(index, { on: on.checked }));
    node.append(grip, on,
      el("span", { class: "tk-kind", title: kind?.help ?? "" }, swatch(s.get("colors")[index], row.negated), kind ? kind.name : "expression"),
      kind ? drawControls(kind, term, index) : el("span", { class: "tk-controls" }, el("code", {}, said)),
      kind?.filter ? el("span", { class: "tk-soft" }, "filter") : drawWeight(row, index, name),
      button("NOT", `NOT: ask for the contrary of ${name}`, () => change(index, { negated: !row.negated }), { "aria-pressed": String(row.negated), "data-path": `${index}/not` }),
      button("✕", `Remove ${name}`, () => { asked.clear(); put(rows().filter((_, at) => at !== index)); }, { class: "tk-remove", "data-path": `${index}/remove` }),
      problem && el("div", { class: "tk-problem", role: "alert" }, problem));
    return node;
  }

  function move(from, to) {
    if (to < 0 || to >= rows().length || to === from) return;
    const next = [...rows()];
    next.splice(to, 0, ...next.splice(from, 1));
    asked.clear();
    focusNext = `${to}/grip`;
    put(next);
  }

  function drawWeight(row, index, name) {
    const weight = row.weight ?? 1;
    const slider = el("input", { type: "range", min: -2, max: 2, step: 0.1, value: Math.log2(Math.min(4, Math.max(0.25, weight))), "aria-label": `Weight of ${name}`,
      "aria-valuetext": `${weight}`, "data-path": `${index}/weight` });
    const shown = el("output", {}, `×${Number(weight.toPrecision(3))}`);
    const read = () => Math.round(100 * 2 ** +slider.value) / 100;
    slider.addEventListener("input", () => { shown.textContent = `×${read()}`; });
    slider.addEventListener("change", () => change(index, { weight: read() === 1 ? null : read() }));
    return el("span", { class: "tk-weight", title: "What this rank counts beside the others" }, slider, shown);
  }

  // The subject, the shorthand, and whatever is set; the rest can be added.
  function drawControls(kind, term, index) {
    const [subject, ...options] = kind.parameters;
    const row = () => rows()[index].query;
    const others = asked.get(index) ?? new Set();
    const set = (name, value, about) => {
      const query = row();
      if (name === subject.name) return change(index, { query: pruned({ ...query, subject: value, options: spoken(query, about) }) });
      others.delete(name);
      return change(index, { query: pruned({ ...query, options: { ...query.options, [name]: value } }) });
    };
    // A suggestion says which language it is of; a word that is typed over it is of any again.
    const spoken = (query, about) => (options.some((one) => one.name === "language") && (about || !isBlank(query.subject)) ? { ...query.options, language: about?.language ?? null } : query.options);
    const value = (one) => (one === subject ? term.subject : term.options?.[one.name]);
    const isShown = (one) => (one === subject && (one.required || !isBlank(value(one)))) || one.shorthand || !isBlank(value(one)) || others.has(one.name);
    const shown = kind.parameters.filter(isShown), rest = kind.parameters.filter((one) => !isShown(one));
    // One field alone needs no name beside it, if it can say what it takes.
    const isAlone = (one) => one === subject && shown.length === 1 && !["number", "integer"].includes(one.kind);
    const node = el("span", { class: "tk-controls" }, shown.map((one) =>
      el("span", { class: `tk-control${one === subject ? " tk-wide" : ""}` }, isAlone(one) ? null : el("span", { "aria-hidden": "true" }, one.name),
        control(s, one, value(one), (given, about) => set(one.name, given, about), { path: `${index}/${one.name}`, row, placeholder: isAlone(one) ? one.name : "" }))));
    if (rest.length) {
      const more = el("select", { "aria-label": `Say more of rank ${index + 1}`, class: "tk-more", title: "Say more", "data-path": `${index}/more` }, el("option", { value: "" }, "…"),
        rest.map((one) => el("option", { value: one.name, title: one.help }, one.name)));
      more.addEventListener("change", () => {
        asked.set(index, others.add(more.value));
        focusNext = `${index}/${more.value}`;
        draw();
      });
      node.append(more);
    }
    return node;
  }

  const pruned = ({ term, subject, options }) => {
    const kept = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => !isBlank(value)));
    return { term, ...(isBlank(subject) ? {} : { subject }), ...(Object.keys(kept).length ? { options: kept } : {}) };
  };

  // ---- the join

  function drawHow() {
    const given = state().join;
    if (typeof given === "string") return how.replaceChildren();
    if ("then" in given) {
      const best = el("input", { type: "number", min: 1, step: 1, value: given.then, "aria-label": "How many are ranked again", "data-path": "join/k" });
      best.addEventListener("change", () => put(rows(), { then: Math.max(1, Math.round(+best.value) || model.get("fusing").k) }));
      return how.replaceChildren(el("label", { title: "Each rank but the first sorts the best of those before it, and no others are hits" }, "the best", best));
    }
    const { methods, norms } = model.get("fusing"), { method, norm = null, missing = "zero", ...more } = given.fuse;
    const kind = methods.find((one) => one.name === method);
    const set = (part) => put(rows(), { fuse: Object.fromEntries(Object.entries({ method, norm, missing, ...more, ...part }).filter(([, value]) => !isBlank(value))) });
    const chosen = (label, value, options, path, commit) => {
      const select = el("select", { "aria-label": label, "data-path": path }, options.map(([each, text, title]) => el("option", { value: each, title }, text)));
      select.value = value;
      select.title = options.find(([each]) => each === value)?.[2] ?? "";
      select.addEventListener("change", () => commit(select.value));
      return select;
    };
    const isByRank = (name) => methods.find((one) => one.name === name)?.by_rank;
    how.replaceChildren(
      chosen("Method of fusion", method, methods.map((one) => [one.name, one.name, one.help]), "join/method", (name) =>
        put(rows(), { fuse: { method: name, missing, ...(norm && !isByRank(name) ? { norm } : {}) } })),
      kind?.by_rank ? "" : el("label", {}, "scores", chosen("Norm of scores", norm ?? "", [["", "as they are", ""], ...norms.map((one) => [one.name, one.name, one.help])], "join/norm", (name) => set({ norm: name }))),
      ...(kind?.parameters ?? []).map((one) => el("label", {}, el("span", { "aria-hidden": "true" }, one.name), control(s, one, more[one.name], (value) => set({ [one.name]: value }), { path: `join/${one.name}`, row: () => ({}) }))),
      el("label", {}, "what is missing", chosen("What is missing", missing, MISSING.map(([each, text]) => [each, text, ""]), "join/missing", (word) => set({ missing: word }))));
  }

  // ---- everything

  // While a pointer is down nothing is drawn: what a field had to say would take the button from under the click.
  // Nor while somebody types: an answer that comes late would take the field, and what is suggested under it.
  let held = false, owed = false, typing = null;
  const isTyping = () => typing !== null && isFocused(typing);
  const hold = () => { held = true; };
  const settle = () => setTimeout(() => { if (owed && !held) draw(); });
  const release = () => { held = false; settle(); };
  s.root.addEventListener("pointerdown", hold, true);
  for (const name of ["pointerup", "pointercancel", "dragend"]) {
    document.addEventListener(name, release, true);
    s.later(() => document.removeEventListener(name, release, true));
  }

  list.addEventListener("input", (event) => { typing = event.target.matches("input[type=text]") ? event.target : null; });
  for (const name of ["change", "picked", "focusout"])
    list.addEventListener(name, (event) => { if (event.target === typing) { typing = null; settle(); } }, true);

  function draw() {
    owed = held || isTyping();
    if (owed) return;
    const active = s.root.contains(focused(s.root)) ? focused(s.root) : null;
    const path = focusNext ?? active?.dataset?.path;
    const caret = active && "selectionStart" in active && active.type === "text" ? [active.selectionStart, active.selectionEnd] : null;
    list.replaceChildren(...rows().map(drawRow));
    join.value = joinName(state().join);
    drawHow();
    join.disabled = rows().length < 2;
    box.draw();
    const next = path && s.root.querySelector(`[data-path="${CSS.escape(path)}"]`);
    if (next && (focusNext || active)) {
      next.focus({ preventScroll: true });
      if (caret && !focusNext && next.type === "text") next.setSelectionRange(...caret);
    }
    focusNext = null;
  }
  const COMMON = [["concept", "concept"], ["image", "picture"], ["text", "text"], ["label", "label"], ["where", "filter"]];
  function start(kind) {
    const subject = kind.parameters[0];
    const next = rows().length;
    if (subject && !subject.required) asked.set(next, new Set(kind.parameters.slice(0, 1).map((one) => one.name)));
    focusNext = subject ? `${next}/${subject.name}` : `${next}/grip`;
    put([...rows(), { query: { term: kind.name }, weight: null, negated: false, on: true }]);
  }
  function drawAdd() {
    const names = COMMON.map(([name]) => name), there = kinds();
    const more = el("select", { "aria-label": "Add another rank", onchange: () => { const kind = there.get(more.value); more.value = ""; if (kind) start(kind); } },
      el("option", { value: "" }, "more…"),
      [...there.values()].filter((kind) => !names.includes(kind.name)).map((kind) => el("option", { value: kind.name, title: kind.help }, kind.name)));
    add.replaceChildren(el("span", { class: "tk-soft" }, "add"),
      ...COMMON.filter(([name]) => there.has(name)).map(([name, text]) =>
        button(text, `Add a rank: ${text}. ${there.get(name).help}`, () => start(there.get(name)))), more);
  }
  function drawState() {
    line.textContent = model.get("shown") || "No query yet: add a rank.";
    line.classList.toggle("tk-soft", !model.get("text"));
    undo.disabled = !model.get("can_undo");
    redo.disabled = !model.get("can_redo");
    limit.value = model.get("limit");
    level.value = model.get("level");
    least.value = model.get("minimum");
  }

  async function copied(form) {
    const answer = form && (await s.tryAsk("copy", { form }));
    if (!answer) return;
    text.hidden = false;
    text.value = answer.text;
    text.focus();
    text.select();
    try {
      await navigator.clipboard.writeText(answer.text);
      s.say("Copied.");
    } catch {
      s.say("Press Ctrl+C to copy.");
    }
  }

  // ---- pictures, dropped or pasted anywhere

  s.taken = async (file, commit) => {
    try {
      commit(await upload(s, file));
    } catch (error) {
      s.fail(error.message);
    }
  };
  const pictureKind = () => model.get("kinds").find((kind) => kind.parameters[0]?.kind === "image");
  function take(source) {
    const kind = pictureKind();
    if (!kind) return;
    const blank = rows().findIndex((row) => row.query.term === kind.name && isBlank(row.query.subject));
    const commit = (subject) => {
      const query = { term: kind.name, subject };
      if (blank >= 0) change(blank, { query });
      else put([...rows(), { query, weight: null, negated: false, on: true }]);
    };
    if (typeof source === "string") commit(source);
    else s.taken(source, commit);
  }
  s.root.addEventListener("dragover", (event) => {
    if (dragged !== null) return;
    event.preventDefault();
    event.stopPropagation();
    s.root.classList.add("tk-drop");
  });
  s.root.addEventListener("dragleave", (event) => { if (!s.root.contains(event.relatedTarget)) s.root.classList.remove("tk-drop"); });
  s.root.addEventListener("drop", (event) => {
    s.root.classList.remove("tk-drop");
    if (dragged !== null) return;
    event.preventDefault();
    event.stopPropagation();
    const files = [...event.dataTransfer.files];
    const address = event.dataTransfer.getData("text/uri-list").split("\n").find((each) => /^https?:/.test(each));
    if (files.length) files.forEach(take);
    else if (address) take(address.trim());
  });
  s.root.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return; // text is pasted as text
    event.preventDefault();
    event.stopPropagation();
    files.forEach(take);
  });
  s.root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target.matches("input")) {
      event.target.dispatchEvent(new Event("change"));
      s.tryAsk("search");
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.target.matches("input[type=text], input[type=number], textarea")) {
      s.tryAsk(event.shiftKey ? "redo" : "undo");
      event.preventDefault();
      event.stopPropagation();
    }
  });

  for (const name of ["state", "problems", "labels", "chips", "colors"]) s.on(`change:${name}`, draw);
  s.on("change:folded", drawFold);
  s.on("change:text", () => { if (edited) follow(); });
  s.later(() => clearTimeout(following));
  for (const name of ["text", "shown", "can_undo", "can_redo", "limit", "level", "minimum"]) s.on(`change:${name}`, drawState);
  s.on("change:kinds", () => { drawAdd(); draw(); });
  s.on("change:fusing", draw);
  draw(); drawAdd(); drawState(); drawFold();
  return s.close;
}

export default { render };
