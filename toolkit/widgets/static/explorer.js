// The explorer: the query and one status line above, facets, photographs and a map side by side below.

function render(view) {
  const { model } = view;
  const s = group(view, "explorer", "Explorer");
  const back = button("←", "Back to what was shown before", () => s.tryAsk("go", { back: true }));
  const forward = button("→", "Forward again", () => s.tryAsk("go", { back: false }));
  const saved = savedQueries(s);
  const resume = button("", null, () => s.tryAsk("resume"), { class: "tk-resume" });
  const isHidden = (name) => model.get("hidden").includes(name);
  const toggle = (name) => s.set("hidden", isHidden(name) ? model.get("hidden").filter((one) => one !== name) : [...model.get("hidden"), name]);
  // Where there is no room for facets beside the pictures they are a drawer, closed at first.
  const drawer = button("Facets", "Show or hide the facets", () => {
    if (s.root.clientWidth > 700) return toggle("facets");
    if (isHidden("facets")) toggle("facets");
    panes.classList.toggle("tk-open");
    draw();
  }, { class: "tk-fold" });
  const mapped = button("Map", "Show or hide the map", () => toggle("map"), { class: "tk-fold" });
  const panes = el("div", { class: "tk-panes" }, ["facets", "gallery", "map"].map(s.slot));
  s.root.append(
    el("div", { class: "tk-head" },
      el("div", { class: "tk-top" }, back, forward, s.slot("builder"), saved.root),
      el("div", { class: "tk-bar tk-second" }, drawer, mapped, s.slot("labeler"), resume, s.line)),
    saved.form, s.slot("offer"), panes, s.slot("places"), s.slot("picker"), s.slot("beside"));
  function draw() {
    [back.disabled, forward.disabled] = model.get("can_go").map((can) => !can);
    resume.hidden = !model.get("last");
    resume.textContent = `Go on with ${model.get("last")}`;
    saved.draw();
    drawer.setAttribute("aria-expanded", String(!isHidden("facets") && (s.root.clientWidth > 700 || panes.classList.contains("tk-open"))));
    mapped.setAttribute("aria-expanded", String(!isHidden("map")));
  }
  for (const trait of ["can_go", "saved", "last", "hidden"]) s.on(`change:${trait}`, draw);
  draw();
  const resized = new ResizeObserver(draw);
  resized.observe(s.root);
  s.later(() => resized.disconnect());
  s.hide();
  s.fill("gallery");
  return s.close;
}

// The saved queries: show one, put one beside what is shown, save this one.
function savedQueries(s) {
  const name = el("input", { type: "text", "aria-label": "Name of the query", placeholder: "a name for this query", size: 24 });
  const form = el("div", { class: "tk-bar", hidden: true }, name,
    button("Save", "Save this query", save, { class: "tk-main" }), button("Cancel", "Save nothing", () => { form.hidden = true; }));
  const root = el("select", { "aria-label": "Saved queries", class: "tk-saved", onchange: () => chosen() });
  name.addEventListener("keydown", (event) => { if (event.key === "Enter") save(); });
  async function save() {
    if (await s.tryAsk("save", { name: name.value })) form.hidden = true;
  }
  function chosen() {
    const [act, given] = JSON.parse(root.value);
    root.value = "";
    if (act !== "save") return s.tryAsk(act, { name: given });
    form.hidden = false;
    name.focus();
  }
  function draw() {
    const option = (act, given, text) => el("option", { value: JSON.stringify([act, given]) }, text);
    const names = s.get("saved");
    root.replaceChildren(el("option", { value: "" }, "Saved"), option("save", "", "save this query…"),
      ...(names.length ? [el("optgroup", { label: "show" }, names.map((each) => option("load", each, each))),
        el("optgroup", { label: "put beside these hits" }, names.map((each) => option("compare", each, each)))] : []));
    root.value = "";
  }
  return { root, form, draw };
}

export default { render };
