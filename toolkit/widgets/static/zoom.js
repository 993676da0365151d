// A picture that is zoomed by the wheel or by + and -, and panned by dragging; several may move together.

function zoomable(stage, inside, together = [{ stage, inside }]) {
  let scale = 1, x = 0, y = 0, from = null;
  function apply() {
    const most = [(scale - 1) * stage.clientWidth, (scale - 1) * stage.clientHeight];
    x = Math.min(0, Math.max(-most[0], x));
    y = Math.min(0, Math.max(-most[1], y));
    for (const one of together) {
      one.inside.style.transformOrigin = "0 0";
      one.inside.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
      one.stage.classList.toggle("tk-zoomed", scale > 1);
    }
  }
  function zoom(by, at = [stage.clientWidth / 2, stage.clientHeight / 2]) {
    const next = Math.min(16, Math.max(1, scale * by)), factor = next / scale;
    x = at[0] - (at[0] - x) * factor;
    y = at[1] - (at[1] - y) * factor;
    scale = next;
    apply();
  }
  for (const one of together) {
    one.stage.addEventListener("wheel", (event) => {
      if (event.deltaY > 0 && scale === 1) return; // the page's own
      event.preventDefault();
      const frame = one.stage.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, [event.clientX - frame.left, event.clientY - frame.top]);
    }, { passive: false });
    one.stage.addEventListener("pointerdown", (event) => {
      if (scale === 1 || event.target.closest("button")) return;
      from = [event.clientX - x, event.clientY - y];
      one.stage.setPointerCapture(event.pointerId);
    });
    one.stage.addEventListener("pointermove", (event) => { if (from) { [x, y] = [event.clientX - from[0], event.clientY - from[1]]; apply(); } });
    for (const end of ["pointerup", "pointercancel"]) one.stage.addEventListener(end, () => { from = null; });
    one.stage.addEventListener("dblclick", () => { scale = scale > 1 ? 1 : 2; x = y = 0; apply(); });
  }
  return zoom;
}
