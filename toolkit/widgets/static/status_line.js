// What happened last, for several widgets that are shown as one.

function render({ model, el: host }) {
  const s = connect(model, host, "status", "Status", true);
  s.root.append(s.foot);
  return s.close;
}

export default { render };
