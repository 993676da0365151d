// What holds several widgets: places that they are drawn in, and one status line for all of them.

const LEAST_SEEN = 160; // pixels of a part that has just been opened

// The last to say something is heard; an alert is heard until it is cleared.
function statusLine(root) {
  const line = el("div", { class: "tk-status" });
  const order = () => [...line.children].sort((a, b) => b.spoke - a.spoke);
  function choose() {
    const alarm = (foot) => foot.querySelector(".tk-alert").textContent;
    const alarmed = order().filter((foot, at, all) => alarm(foot) && all.findIndex((other) => alarm(other) === alarm(foot)) === at);
    const heard = alarmed.length ? alarmed : order().slice(0, 1);
    for (const foot of line.children) foot.classList.toggle("tk-quiet", !heard.includes(foot));
  }
  let times = 0;
  const watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const foot = target.closest?.(".tk-foot") ?? target.parentElement?.closest(".tk-foot");
      if (foot?.textContent) foot.spoke = ++times;
    }
    choose();
  });
  root.addEventListener("tk-foot", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const foot = event.detail;
    foot.spoke = 0;
    line.append(foot);
    watch.observe(foot, { childList: true, subtree: true });
    choose();
  });
  return { line, close: () => watch.disconnect() };
}

// `slot(name)` is where a widget is drawn; `fill(first)` draws those that are shown, one of them before the others.
function group({ model, el: host, host: widgets, signal }, name, label) {
  const s = connect(model, host, name, label);
  const places = new Map();
  const status = statusLine(s.root);
  status.line.append(s.foot);
  s.foot.spoke = 0;
  s.later(status.close);

  function slot(name) {
    const node = el("div", { class: `tk-slot tk-slot-${name}` });
    places.set(name, node);
    return node;
  }
  async function draw(name, node) {
    const reference = model.get("slots")[name];
    if (!reference) return node.remove();
    try {
      await (await widgets.getWidget(reference)).render({ el: node, signal });
    } catch (error) {
      node.replaceChildren(el("div", { class: "tk-alert", role: "alert" }, `This part could not be shown: ${error.message}`));
    }
  }
  // What is not shown is drawn when it is: pictures do not wait for a map that is not asked for.
  const drawn = new Set();
  function fillShown() {
    const waiting = [...places].filter(([name, node]) => !node.hidden && !drawn.has(name));
    return Promise.all(waiting.map(([name, node]) => { drawn.add(name); return draw(name, node); }));
  }
  // What is opened below the end of the window is brought into it.
  async function reveal(before) {
    const opened = [...places].filter(([name, node]) => before.includes(name) && !node.hidden);
    await fillShown();
    for (const [, node] of opened)
      if (node.getBoundingClientRect().top > innerHeight - LEAST_SEEN) node.scrollIntoView({ block: "nearest" });
  }
  async function fill(first) {
    if (!widgets?.getWidget) return s.root.replaceChildren(el("div", { class: "tk-alert", role: "alert" },
      "This notebook's anywidget is too old to show widgets in a widget: install anywidget 0.11 or later, and load the page again."));
    if (first && !places.get(first).hidden) {
      drawn.add(first);
      await draw(first, places.get(first));
    }
    let before = model.get("hidden");
    s.on("change:hidden", () => { reveal(before); before = model.get("hidden"); });
    return fillShown();
  }
  function hide() {
    for (const [name, node] of places) node.hidden = model.get("hidden").includes(name);
  }
  s.on("change:hidden", hide);
  return { ...s, slot, fill, hide, line: status.line };
}
