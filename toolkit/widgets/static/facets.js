// Facets: words with counts and ghost bars, numbers as bars that are brushed. What is chosen is a filter of the query.

const whole = (count) => count.toLocaleString("en");
const share = (part) => `${(100 * part).toFixed(2)}%`;
const dayOf = (seconds) => new Date(1000 * seconds).toISOString().slice(0, 10);

function render({ model, el: host }) {
  const s = connect(model, host, "facets", "Facets");
  const count = el("span", { class: "tk-soft tk-count", role: "status" });
  const chips = el("ul", { class: "tk-choices", "aria-label": "Chosen" });
  const clear = button("clear", "Clear: choose nothing", () => s.tryAsk("clear"));
  const list = el("div", { class: "tk-facets-list" });
  const parts = new Map(); // what is drawn of each facet, by name
  s.root.append(el("div", { class: "tk-bar" }, count, chips, clear), list, s.foot);

  // Whatever is drawn again, the focus stays on the same control.
  function keeping(act) {
    const key = focused(s.root)?.closest?.("[data-key]")?.dataset.key;
    act();
    if (key) s.root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }

  function draw() {
    const facets = model.get("facets");
    keeping(() => {
      for (const [name, part] of parts) if (!facets.some((one) => one.name === name)) { part.root.remove(); parts.delete(name); }
      facets.forEach((facet, at) => {
        if (!parts.has(facet.name)) parts.set(facet.name, section(facet));
        const part = parts.get(facet.name);
        if (list.children[at] !== part.root) list.insertBefore(part.root, list.children[at] ?? null);
        part.update(facet);
      });
      drawChips();
    });
    count.textContent = `${whole(model.get("hits"))} of ${whole(model.get("total"))}`;
  }

  function drawChips() {
    const chosen = model.get("chips");
    clear.hidden = !chosen.length;
    chips.replaceChildren(...chosen.map((one) => {
      const label = `${one.of}: ${one.not ? "not " : ""}${one.text}`;
      const question = one.value === undefined ? { facet: one.facet } : { facet: one.facet, value: one.value };
      return el("li", { class: one.not ? "tk-choice tk-not" : "tk-choice" }, el("span", { class: "tk-soft" }, `${one.of} `),
        el("bdi", {}, `${one.not ? "not " : ""}${one.text}`),
        button("×", `Remove ${label}`, () => s.tryAsk("clear", question), { "data-key": `chip ${label}` }));
    }));
  }

  function section(facet) {
    const inner = facet.edges ? numbers(facet) : words(facet);
    const fold = el("button", { type: "button", class: "tk-fold", "data-key": `fold ${facet.name}`, onclick: () => {
      const folded = model.get("folded");
      s.set("folded", folded.includes(facet.name) ? folded.filter((one) => one !== facet.name) : [...folded, facet.name]);
    } }, facet.title);
    const root = el("section", { class: "tk-facet", "aria-label": facet.title }, fold, inner.root);
    function update(now) {
      const open = !model.get("folded").includes(facet.name);
      inner.root.hidden = !open;
      fold.setAttribute("aria-expanded", String(open));
      inner.update(now);
    }
    return { root, update };
  }

  // ---- words

  function words({ name }) {
    const rows = el("ul", { class: "tk-words" });
    const more = el("button", { type: "button", class: "tk-more-values", "data-key": `more ${name}`, onclick: () => s.tryAsk("more", { facet: name }) });
    function row([value, title, hits, total, chosen], most) {
      const [pick, ban] = [`${name} ${value}`, `not ${name} ${value}`];
      const counts = `${whole(hits)} / ${whole(total)}`;
      const ghost = el("i", { class: "tk-ghost", "aria-hidden": "true" }), solid = el("i", { class: "tk-solid", "aria-hidden": "true" });
      ghost.style.width = share(total / most);
      solid.style.width = share(hits / most);
      return el("li", { class: chosen === true ? "tk-word tk-in" : chosen === false ? "tk-word tk-out" : hits ? "tk-word" : "tk-word tk-none" },
        el("button", { type: "button", class: "tk-value", "aria-pressed": String(chosen === true), "data-key": pick, title,
          onclick: () => s.tryAsk("choose", { facet: name, value, excluded: false }) },
        ghost, solid, el("bdi", {}, title), el("span", { class: "tk-count" }, counts)),
        button("−", `Exclude ${title}`, () => s.tryAsk("choose", { facet: name, value, excluded: true }),
          { class: "tk-ban", "aria-pressed": String(chosen === false), "data-key": ban }));
    }
    function update(facet) {
      const most = Math.max(1, ...facet.rows.map((one) => one[3]));
      rows.replaceChildren(...facet.rows.map((one) => row(one, most)));
      more.hidden = !facet.more;
      more.textContent = `${whole(facet.more)} more`;
    }
    return { root: el("div", {}, rows, more), update };
  }

  // ---- numbers

  function numbers({ name, time }) {
    let facet, from = null, draft = null, waiting = false, next = null;
    const plot = el("div", { class: "tk-plot", role: "img" });
    const brush = el("i", { class: "tk-brush", hidden: true }), line = el("i", { class: "tk-cutoff", hidden: true });
    const bars = el("div", { class: "tk-bars-of" });
    plot.append(bars, brush, line);
    const field = (which) => el("input", { type: time ? "date" : "number", step: "any", "aria-label": `${which} ${facet_title()}`,
      "data-key": `${which} ${name}`, onchange: () => limit(read(low, false), read(high, true)) });
    const facet_title = () => model.get("facets").find((one) => one.name === name)?.title ?? name;
    const low = field("Least"), high = field("Greatest");
    const cut = el("button", { type: "button", hidden: true, "data-key": `cut ${name}`, onclick: () => limit(facet.cutoff, null) });
    const root = el("div", {}, plot, el("div", { class: "tk-limits" }, low, el("span", { "aria-hidden": "true" }, "–"), high, cut));

    const read = (input, last) => (input.value === "" ? null : time ? Date.parse(input.value) / 1000 + (last ? 86399 : 0) : +input.value);
    // To a thousandth of what there is between the ends: the least of scores is 0, not 0.0000634.
    const decimals = () => Math.min(12, Math.max(0, Math.floor(3 - Math.log10(facet.edges.at(-1) - facet.edges[0] || 1))));
    const written = (number) => (number === null ? "" : time ? dayOf(number) : String(Number(number.toFixed(decimals()))));

    // While one count is under way, only the newest wish waits.
    async function limit(least, greatest) {
      next = { facet: name, low: least, high: greatest };
      if (waiting) return;
      waiting = true;
      while (next) { const now = next; next = null; await s.tryAsk("limit", now); }
      waiting = false;
    }
    const count = () => facet.hits.length;
    const barAt = (event) => {
      const box = plot.getBoundingClientRect();
      return Math.min(count() - 1, Math.max(0, Math.floor((count() * (event.clientX - box.left)) / box.width)));
    };
    function brushTo(bar) {
      const [first, last] = [Math.min(from, bar), Math.max(from, bar)];
      if (draft && draft[0] === first && draft[1] === last) return;
      draft = [first, last];
      place(facet.edges[first], facet.edges[last + 1]);
      limit(facet.edges[first], facet.edges[last + 1]);
    }
    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = barAt(event);
      plot.setPointerCapture(event.pointerId);
    });
    plot.addEventListener("pointermove", (event) => { if (from !== null && (draft || barAt(event) !== from)) brushTo(barAt(event)); });
    plot.addEventListener("pointerup", (event) => {
      if (from === null) return;
      if (!draft) { if (facet.chosen) limit(null, null); else brushTo(barAt(event)); } // a click takes one bar, or takes the brush away
      from = draft = null;
    });
    plot.addEventListener("pointercancel", () => { from = draft = null; });

    // Where a number lies across the bars: bars are of one width whatever their edges are.
    function across(number) {
      const edges = facet.edges;
      let at = 0;
      while (at < count() - 1 && number >= edges[at + 1]) at += 1;
      const within = (number - edges[at]) / (edges[at + 1] - edges[at] || 1);
      return Math.min(1, Math.max(0, (at + Math.min(1, Math.max(0, within))) / count()));
    }
    function place(least, greatest) {
      const [left, right] = [least === null ? 0 : across(least), greatest === null ? 1 : across(greatest)];
      Object.assign(brush.style, { left: share(left), width: share(Math.max(right - left, 0.004)) });
      brush.hidden = false;
    }
    function update(now) {
      facet = now;
      const most = Math.max(1, ...facet.total);
      if (bars.children.length !== count()) bars.replaceChildren(...facet.hits.map(() => el("span", {}, el("i", { class: "tk-ghost" }), el("i", { class: "tk-solid" }))));
      const height = (value) => (value ? `max(2px, ${share(Math.sqrt(value / most))})` : "0");
      facet.hits.forEach((hits, at) => {
        const bar = bars.children[at];
        bar.title = `${written(facet.edges[at])} to ${written(facet.edges[at + 1])}: ${whole(hits)} / ${whole(facet.total[at])}`;
        bar.children[0].style.height = height(facet.total[at]);
        bar.children[1].style.height = height(hits);
      });
      if (!draft) { if (facet.chosen) place(...facet.chosen); else brush.hidden = true; }
      line.hidden = facet.cutoff === null;
      if (facet.cutoff !== null) line.style.left = share(across(facet.cutoff));
      cut.hidden = facet.cutoff === null;
      cut.textContent = `from ${written(facet.cutoff ?? 0)}`;
      cut.title = "From the suggested cut-off on";
      const [least, greatest] = facet.chosen ?? [null, null];
      for (const [input, value, edge] of [[low, least, facet.edges[0]], [high, greatest, facet.edges[count()]]]) {
        if (!isFocused(input)) input.value = written(value);
        input.placeholder = written(edge);
      }
      const found = facet.hits.reduce((sum, one) => sum + one, 0);
      plot.setAttribute("aria-label", `${facet.title}: ${whole(found)} from ${written(facet.edges[0])} to ${written(facet.edges[count()])}`);
    }
    return { root, update };
  }

  s.on("change:facets", draw);
  s.on("change:folded", draw);
  for (const trait of ["chips", "hits", "total"]) s.on(`change:${trait}`, draw);
  draw();
  return () => s.close();
}

export default { render };
