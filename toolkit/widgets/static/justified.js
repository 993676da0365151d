// Rows of pictures that end flush: their heights give way, their shapes do not.

const GAP = 4, LEAST_SIDE = 96;

// `[{ first, last, top, height, widths }]`: the rows of pictures of some ratios of width to height.
function justified(ratios, { width, height, below }) {
  const rows = [];
  let first = 0, top = 0;
  while (first < ratios.length) {
    let last = first, sum = 0, tall = height;
    do {
      sum += Math.max(Math.min(ratios[last], width / LEAST_SIDE), LEAST_SIDE / height);
      last++;
      tall = (width - GAP * (last - first - 1)) / sum;
    } while (tall > height * 1.12 && last < ratios.length);
    // One picture less may come nearer to the height that is asked for.
    if (tall < height * 0.86 && last - first > 1) {
      last--;
      sum -= Math.max(Math.min(ratios[last], width / LEAST_SIDE), LEAST_SIDE / height);
      tall = (width - GAP * (last - first - 1)) / sum;
    }
    tall = Math.round(Math.max(LEAST_SIDE, Math.min(tall, last === ratios.length ? height * 1.12 : height * 1.6)));
    const widths = ratios.slice(first, last).map((ratio) => Math.max(LEAST_SIDE, Math.floor(tall * Math.max(ratio, LEAST_SIDE / height))));
    const over = widths.reduce((a, b) => a + b, 0) + GAP * (widths.length - 1) - width;
    if (over > 0) widths[widths.length - 1] = Math.max(1, widths.at(-1) - Math.ceil(over));
    rows.push({ first, last, top, height: tall, widths });
    top += tall + below + GAP;
    first = last;
  }
  return rows;
}

// The index of the row that is at a height, by halving.
function rowAt(rows, top) {
  let low = 0, high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rows[middle].top <= top) low = middle; else high = middle - 1;
  }
  return Math.max(low, 0);
}
