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

const score = (value) => (value === null || value === undefined ? "none" : value.toFixed(2));

function place(node, [top, left, bottom, right]) {
  const percent = (share) => `${(100 * share).toFixed(3)}%`;
  Object.assign(node.style, {
    top: percent(top), left: percent(left), height: percent(bottom - top), width: percent(right - left),
  });
  return node;
}

// A view of one model: the root, the status line, and a way to ask the kernel.
function connect(model, el_, name, label) {
  const root = el("section", { class: `tk tk-${name}`, "aria-label": label });
  const said = el("div", { class: "tk-said", role: "status" });
  const alarm = el("div", { class: "tk-alert", role: "alert" });
  const state = { dead: false, next: 0, waiting: new Map(), cleanups: [] };
  const view = Math.random().toString(36).slice(2);

  // A notebook acts on plain keys wherever the focus is; Shift+Enter still runs the cell.
  root.addEventListener("keydown", (event) => {
    const runs = event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey);
    if (!runs && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  });

  function died() {
    if (state.dead) return;
    state.dead = true;
    root.classList.add("tk-dead");
    alarm.replaceChildren("The kernel was restarted or is gone: run this cell again.");
  }
  function sent(act) {
    if (state.dead) return;
    try {
      const result = act();
      if (result && typeof result.catch === "function") result.catch(died);
    } catch {
      died();
    }
  }

  // The answer of the kernel, and its buffers. What is answered to another view is not for this one.
  function ask(kind, question = {}, buffers = []) {
    const rid = `${view}.${state.next++}`;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        if (!state.dead) said.replaceChildren("The kernel is busy; the answer will follow.");
      }, 1500);
      state.waiting.set(rid, { resolve, reject, late });
      sent(() => model.send({ kind, rid, ...question }, undefined, buffers));
    });
  }
  function answered(content, buffers) {
    const waiting = content && content.kind === "answer" && state.waiting.get(content.rid);
    if (!waiting) return;
    state.waiting.delete(content.rid);
    clearTimeout(waiting.late);
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
    if (wrong && status.trace)
      alarm.append(el("details", {}, el("summary", {}, "details"), el("pre", {}, status.trace)));
  }
  function set(name, value) {
    model.set(name, value);
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
  on("comm:close", died);
  el_.append(root);
  // What holds this widget may have one status line for all: then the foot is shown there.
  const line = el("div", { class: "tk-foot" }, work, said, alarm);
  const lent = !el_.dispatchEvent(new CustomEvent("tk-foot", { detail: line, bubbles: true, cancelable: true, composed: true }));
  const foot = lent ? el("span", { hidden: true }) : line;
  if (lent) state.cleanups.push(() => line.remove());
  tell();
  busy();
  return {
    root, foot, ask, tryAsk, set, on, said,
    get: (name) => model.get(name),
    later: (cleanup) => state.cleanups.push(cleanup),
    close: () => { clearTimeout(slow); state.cleanups.forEach((cleanup) => cleanup()); },
  };
}

const bytesOf = (buffer) =>
  new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
const urlOf = (bytes) => URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
