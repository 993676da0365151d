// The scores of all hits as bars, and a line where they may be cut.

// `show(count)` shows so many of the best hits.
function histogram(s, show) {
  const bars = el("div", { class: "tk-histogram", role: "img" });
  const words = el("div", { class: "tk-soft", role: "status" });
  const cut = el("button", { type: "button", hidden: true, onclick: () => show(found.count) });
  const root = el("div", { class: "tk-scores", hidden: true, role: "group", "aria-label": "Scores of all hits" }, bars, words, cut);
  let found = {};

  async function load() {
    words.replaceChildren("Counting…");
    const answer = await s.tryAsk("scores");
    if (!answer) return words.replaceChildren("");
    found = answer;
    draw();
  }
  function draw() {
    const most = Math.max(1, ...found.bars);
    const percent = (share) => `${(100 * share).toFixed(2)}%`;
    const [low, high] = found.between ?? [null, null];
    const nodes = found.bars.map((count, index) => {
      const bar = el("span", { title: `${count.toLocaleString("en")} hits` });
      bar.style.height = count ? `max(2px, ${percent(Math.sqrt(count / most))})` : "0";
      bar.classList.toggle("tk-above", found.at !== undefined && index + 1 >= found.at * found.bars.length);
      return bar;
    });
    if (low !== null && low !== undefined) {
      const band = el("i", { class: "tk-band" });
      Object.assign(band.style, { left: percent(low), width: percent(Math.max(high - low, 0)) });
      nodes.unshift(band);
    }
    if (found.at !== undefined) {
      const line = el("i", { class: "tk-cutoff" });
      line.style.left = percent(found.at);
      nodes.push(line);
    }
    bars.replaceChildren(...nodes);
    bars.hidden = !found.bars.length;
    bars.setAttribute("aria-label", `How many of ${found.total ?? 0} hits have which score, from ${score(found.lowest)} to ${score(found.highest)}. ${found.text}`);
    words.replaceChildren(found.text);
    cut.hidden = found.count === undefined;
    cut.textContent = `Show the best ${(found.count ?? 0).toLocaleString("en")}`;
  }
  return { root, toggle: () => { root.hidden = !root.hidden; if (!root.hidden) load(); }, again: () => { if (!root.hidden) load(); } };
}
