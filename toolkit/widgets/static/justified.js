// Rows of pictures that end flush: their heights give way, their shapes do not.

const GAP = 4, LEAST_SIDE = 96;

// `[{ first, last, top, height, widths }]`: the rows of pictures of some ratios of width to height.
function justified(ratios, { width, height, below }) {
  const rows = [], narrow = LEAST_SIDE / (height * 0.86); // what a picture is given at least, as a ratio
  let first = 0, top = 0;
  while (first < ratios.length) {
    let last = first, sum = 0, tall = height;
    do {
      sum += Math.max(Math.min(ratios[last], width / LEAST_SIDE), narrow);
      last++;
      tall = (width - GAP * (last - first - 1)) / sum;
    } while (tall > height * 1.12 && last < ratios.length);
    // One picture less may come nearer to the height that is asked for.
    if (tall < height * 0.86 && last - first > 1) {
      last--;
      sum -= Math.max(Math.min(ratios[last], width / LEAST_SIDE), narrow);
      tall = (width - GAP * (last - first - 1)) / sum;
    }
    tall = Math.max(LEAST_SIDE, Math.min(tall, last === ratios.length ? height * 1.12 : height * 1.6));
    let end = 0, sent = 0; // rounded at the edges, so that rows end flush
    const widths = ratios.slice(first, last).map((ratio) => {
      end += tall * Math.max(Math.min(ratio, width / LEAST_SIDE), narrow);
      const wide = Math.round(Math.min(end, width - GAP * (last - first - 1))) - sent;
      sent += wide;
      return Math.max(1, wide);
    });
    tall = Math.round(tall);
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
