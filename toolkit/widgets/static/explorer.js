// The explorer: the query and one status line above, facets, photographs and a map side by side below.

function render(view) {
  const s = group(view, "explorer", "Explorer");
  const panes = el("div", { class: "tk-panes" }, ["facets", "gallery", "map"].map(s.slot));
  s.root.append(s.slot("builder"), el("div", { class: "tk-bar tk-second" }, s.slot("labeler"), s.line), panes, s.slot("picker"));
  s.hide();
  s.fill();
  return s.close;
}

export default { render };
