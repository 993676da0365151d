// Widgets one above the other.

function render(view) {
  const s = group(view, "stack", "Widgets");
  s.root.append(s.line, ...Object.keys(view.model.get("slots")).map(s.slot));
  s.hide();
  s.fill();
  return s.close;
}

export default { render };
