// What every widget shares: nodes, questions to the kernel, the status line, keys, labels of numbers.

const SVG = "http://www.w3.org/2000/svg";

// One element. Text is always text: nothing here, or anywhere, parses markup.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else if (name === "checked") node.checked = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const button = (text, label, onclick, more = {}) =>
  el("button", { type: "button", "aria-label": label, title: label, onclick, ...more }, text);

// A sign and its word; where there is little room the sign alone.
const signed = (sign, word) => [el("span", { "aria-hidden": "true" }, sign), el("span", { class: "tk-roomy" }, ` ${word}`)];

const COLORS = 8; // of terms: the same on a row, a bar and in a table; what is asked against is striped

const swatch = (at, negated) => (at >= 0 ? el("span", { class: `tk-term-${at % COLORS}${negated ? " tk-against" : ""}`, "aria-hidden": "true" }, el("i", { class: "tk-swatch" })) : null);

const score = (value) => (value === null || value === undefined ? "none" : value.toFixed(2));

// Where the keyboard is, in a shadow root as in a page.
const focused = (node) => node.getRootNode().activeElement;
const isFocused = (node) => focused(node) === node;

function place(node, [top, left, bottom, right]) {
  const percent = (share) => `${(100 * share).toFixed(3)}%`;
  Object.assign(node.style, {
    top: percent(top), left: percent(left), height: percent(bottom - top), width: percent(right - left),
  });
  return node;
}

// Widgets that are shown as one share the edits that are under way, a status line, and the news that the kernel is gone.
const GROUPS = (globalThis[Symbol.for("rank-toolkit")] ??= new Map());
function groupOf(id) {
  const group = GROUPS.get(id) ?? { id, views: new Set(), edits: new Map(), dead: false };
  if (id) GROUPS.set(id, group);
  return group;
}

// A view of one model: the root, the status line, and a way to ask the kernel.
function connect(model, el_, name, label) {
  const root = el("section", { class: `tk tk-${name}`, "aria-label": label });
  const said = el("div", { class: "tk-said", role: "status" });
  const alarm = el("div", { class: "tk-alert", role: "alert" });
  const state = { dead: false, next: 0, waiting: new Map(), cleanups: [] };
  const group = groupOf(model.get("group")), part = model.get("part") ?? "";
  const own = Math.random().toString(36).slice(2);

  // A notebook acts on plain keys wherever the focus is; Shift+Enter still runs the cell.
  root.addEventListener("keydown", (event) => {
    const runs = event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey);
    if (!runs && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  });

  function lost() {
    if (group.dead) return;
    group.dead = true;
    group.views.forEach((other) => other());
  }
  function died() {
    state.dead = true;
    root.classList.add("tk-dead");
    said.replaceChildren("");
    alarm.replaceChildren("The kernel was restarted or is gone: run this cell again.");
  }
  const say = (text) => { if (!state.dead) said.replaceChildren(text); };
  function sent(act) {
    if (state.dead) return;
    try {
      const result = act();
      if (result && typeof result.catch === "function") result.catch(lost);
    } catch {
      lost();
    }
  }

  // The answer of the kernel, and its buffers. What is answered to another view is not for this one.
  function ask(kind, question = {}, buffers = [], { quiet = false } = {}) {
    const rid = `${own}.${state.next++}`;
    return new Promise((resolve, reject) => {
      const late = quiet ? null : setTimeout(() => say("The kernel is busy; the answer will follow."), 1500);
      const edits = [...group.edits.values()];
      state.waiting.set(rid, { resolve, reject, late, edits });
      sent(() => model.send({ kind, rid, ...question, ...carried(edits) }, undefined, buffers));
    });
  }
  // A click may reach the kernel before what was edited ahead of it: it brings the edits that are not known to be there.
  function carried(edits) {
    const of = {};
    for (const { part: whose, name, value } of edits) (of[whose] ??= {})[name] = value;
    return edits.length ? { edits: of } : {};
  }
  function answered(content, buffers) {
    const waiting = content && content.kind === "answer" && state.waiting.get(content.rid);
    if (!waiting) return;
    state.waiting.delete(content.rid);
    clearTimeout(waiting.late);
    for (const edit of waiting.edits) if (group.edits.get(edit.key) === edit) group.edits.delete(edit.key);
    if (said.textContent.startsWith("The kernel is busy")) tell();
    if (content.error === undefined) waiting.resolve({ ...content, buffers });
    else waiting.reject(new Error(content.error));
  }
  // A question whose failure is already in the status line.
  const tryAsk = (...question) => ask(...question).catch(() => null);

  function tell() {
    if (state.dead) return;
    const status = model.get("status") || {};
    const text = status.text || "";
    const wrong = status.level === "error";
    said.replaceChildren(wrong ? "" : text);
    alarm.replaceChildren(wrong ? text : "");
    alarm.classList.toggle("tk-lines", wrong && text.includes("\n"));
    if (wrong && status.trace)
      alarm.append(el("details", {}, el("summary", {}, "details"), el("pre", {}, status.trace)));
  }
  const watched = new Set();
  function set(name, value) {
    const key = `${part}/${name}`;
    if (!watched.has(name)) on(`change:${name}`, () => { // the kernel has changed it since
      const edit = group.edits.get(key);
      if (edit && JSON.stringify(edit.value) !== JSON.stringify(model.get(name))) group.edits.delete(key);
    });
    watched.add(name);
    group.edits.set(key, { key, part, name, value });
    model.set(name, value);
    sent(() => model.save_changes());
  }
  // Something went wrong in the page itself.
  function fail(text) {
    model.set("status", { level: "error", text });
    sent(() => model.save_changes());
  }
  function on(event, act) {
    model.on(event, act);
    state.cleanups.push(() => model.off(event, act));
  }
  const work = el("span", { class: "tk-work", hidden: true },
    el("span", { class: "tk-spinner", "aria-hidden": "true" }), "Working… ",
    button("Cancel", "Cancel what is running", () => sent(() => model.send({ kind: "cancel" }))));
  let slow;
  function busy() {
    clearTimeout(slow);
    if (model.get("busy")) slow = setTimeout(() => { work.hidden = false; }, 300);
    else work.hidden = true;
  }

  on("msg:custom", answered);
  on("change:status", tell);
  on("change:busy", busy);
  on("comm:close", lost);
  el_.append(root);
  // What holds this widget may have one status line for all: then the foot is shown there.
  const line = el("div", { class: "tk-foot" }, work, said, alarm);
  const lent = !el_.dispatchEvent(new CustomEvent("tk-foot", { detail: line, bubbles: true, cancelable: true, composed: true }));
  const foot = lent ? el("span", { hidden: true }) : line;
  if (lent) state.cleanups.push(() => line.remove());
  group.views.add(died);
  state.cleanups.push(() => {
    group.views.delete(died);
    if (!group.views.size) GROUPS.delete(group.id);
  });
  tell();
  busy();
  if (group.dead) died();
  return {
    root, foot, ask, tryAsk, set, on, say, fail, group,
    get: (name) => model.get(name),
    later: (cleanup) => state.cleanups.push(cleanup),
    close: () => { clearTimeout(slow); state.cleanups.forEach((cleanup) => cleanup()); },
  };
}

const bytesOf = (buffer) =>
  new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
const urlOf = (bytes) => URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
