// What holds several widgets: places that they are drawn in.

// `slot(name)` is where a widget is drawn; `fill()` draws those of all slots.
function group({ model, el: host, host: widgets, signal }, name, label) {
  const s = connect(model, host, name, label);
  const places = new Map();

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
  function fill() {
    hide();
    if (widgets?.getWidget) return Promise.all([...places].map(([name, node]) => draw(name, node)));
    s.root.replaceChildren(el("div", { class: "tk-alert", role: "alert" },
      "This notebook's anywidget is too old to show widgets in a widget: install anywidget 0.11 or later, and load the page again."));
  }
  function hide() {
    for (const [name, node] of places) node.hidden = model.get("hidden").includes(name);
  }
  s.on("change:hidden", hide);
  return { ...s, slot, fill };
}
