// Rows of pictures that end flush: their heights give way, their shapes do not, and none is narrower than one can see.

const GAP = 4, LEAST_SIDE = 96;

// The height at which pictures of some ratios fill a width; those that would be too narrow have the least.
function fitting(ratios, width) {
  let tall = width / ratios.reduce((sum, ratio) => sum + ratio, 0);
  for (let again = 0; again < 3; again++) {
    const wide = ratios.filter((ratio) => ratio * tall >= LEAST_SIDE);
    if (!wide.length) break;
    tall = (width - LEAST_SIDE * (ratios.length - wide.length)) / wide.reduce((sum, ratio) => sum + ratio, 0);
  }
  return tall;
}

// `[{ first, last, top, height, widths }]`: the rows of pictures of some ratios of width to height.
function justified(ratios, { width, height, below }) {
  const rows = [];
  let first = 0, top = 0;
  while (first < ratios.length) {
    const room = (last) => width - GAP * (last - first - 1);
    const tallOf = (last) => fitting(ratios.slice(first, last), room(last));
    let last = first + 1;
    while (last < ratios.length && tallOf(last) > height * 1.12) last++;
    // One less comes nearer to what is asked for, unless it would not fill the row.
    if (last - first > 1 && tallOf(last) < height * 0.86 && tallOf(last - 1) <= height * 1.6) last--;
    const most = last === ratios.length ? 1.12 : 1.6;
    const tall = Math.max(LEAST_SIDE, Math.min(tallOf(last), height * most));
    let end = 0, taken = 0; // rounded at the edges, so that a row ends flush
    const widths = ratios.slice(first, last).map((ratio) => {
      end += Math.max(tall * ratio, LEAST_SIDE);
      const wide = Math.round(Math.min(end, room(last))) - taken;
      taken += wide;
      return Math.max(1, wide);
    });
    rows.push({ first, last, top, height: Math.round(tall), widths });
    top += Math.round(tall) + below + GAP;
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
