// A part of the globe in pixels. Equirectangular, true to scale in the middle; nothing is fetched to draw it.

const EARTH_KM = 6371.0088, KM_PER_DEGREE = (EARTH_KM * Math.PI) / 180;
const STEPS = [90, 45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const LARGEST_SCALE = 2e5; // pixels a degree: places are stored to about a meter
const FOUR = 1e4;

const rounded = (degrees) => Math.round(degrees * FOUR) / FOUR;
const around = (longitude) => ((((longitude + 180) % 360) + 360) % 360) - 180;
const degreesText = (value, sides) => `${Math.abs(Number(value.toFixed(3)))}°${sides[value < 0 ? 1 : 0]}`;
const placeText = (latitude, longitude) => `${degreesText(latitude, "NS")} ${degreesText(around(longitude), "EW")}`;
const kilometersText = (kilometers) => (kilometers < 1 ? `${Math.round(kilometers * 1000)} m` : `${Number(kilometers.toPrecision(3)).toLocaleString()} km`);

// 1, 2 or 5 with zeros: the largest that is not more.
function even(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([5, 2].find((digit) => digit * power <= value) ?? 1);
}

function globe() {
  const view = { latitude: 0, longitude: 0, scale: 1, width: 1, height: 1 };
  const narrowing = () => Math.max(Math.cos((view.latitude * Math.PI) / 180), 0.1);
  // The way round that is nearer to the middle.
  const beside = (longitude) => view.longitude + around(longitude - view.longitude);
  const x = (longitude) => view.width / 2 + (longitude - view.longitude) * narrowing() * view.scale;
  const y = (latitude) => view.height / 2 - (latitude - view.latitude) * view.scale;
  const longitudeAt = (px) => view.longitude + (px - view.width / 2) / narrowing() / view.scale;
  const latitudeAt = (py) => Math.min(90, Math.max(-90, view.latitude - (py - view.height / 2) / view.scale));
  const widest = () => Math.min(view.width / 360, view.height / 180);

  function zoom(factor) {
    view.scale = Math.min(LARGEST_SCALE, Math.max(widest(), view.scale * factor));
  }
  function move(px, py) {
    view.longitude = around(longitudeAt(view.width / 2 + px));
    view.latitude = Math.min(89, Math.max(-89, latitudeAt(view.height / 2 + py)));
  }

  // All points, on the side of the globe where they lie closest together.
  function fit(points) {
    if (!points.length) { Object.assign(view, { latitude: 0, longitude: 0, scale: widest() }); return; }
    let [south, north] = [90, -90];
    for (const [latitude] of points) { south = Math.min(south, latitude); north = Math.max(north, latitude); }
    const [west, east] = narrowest(points.map((point) => point[1]));
    view.latitude = (south + north) / 2;
    view.longitude = around((west + east) / 2);
    view.scale = 1;
    const room = Math.min(view.height / Math.max(north - south, 0.02), view.width / Math.max((east - west) * narrowing(), 0.02));
    zoom(0.85 * room);
  }

  function lines() {
    const found = [];
    const along = (middle, reach, perDegree, most, add) => {
      const step = STEPS.findLast((each) => each * perDegree >= 70) ?? 90;
      for (let at = Math.ceil(Math.max(middle - reach, -most) / step); at <= Math.floor(Math.min(middle + reach, most) / step); at++) add(at * step);
    };
    along(view.longitude, view.width / 2 / view.scale / narrowing(), view.scale * narrowing(), 720, (at) => found.push({ x: x(at), text: degreesText(around(at), "EW") }));
    along(view.latitude, view.height / 2 / view.scale, view.scale, 90, (at) => found.push({ y: y(at), text: degreesText(at, "NS") }));
    return found;
  }

  // A round number of kilometers, and how many pixels that is in the middle.
  function bar(most = 120) {
    const kilometers = even((most / view.scale) * KM_PER_DEGREE);
    return { kilometers, pixels: (kilometers / KM_PER_DEGREE) * view.scale };
  }

  // Points that would lie on one another are one dot with a number. Cells hold still when the map is moved.
  function dots(points, size = 22) {
    const cells = new Map();
    points.forEach(([latitude, longitude], at) => {
      const [px, py] = [x(beside(longitude)), y(latitude)];
      if (px < -size || py < -size || px > view.width + size || py > view.height + size) return;
      const key = `${Math.floor((longitude * narrowing() * view.scale) / size)},${Math.floor((latitude * view.scale) / size)}`;
      const cell = cells.get(key) ?? { x: 0, y: 0, all: [] };
      cells.set(key, cell);
      cell.x += px; cell.y += py; cell.all.push(at);
    });
    return apart([...cells.values()]);
  }

  // The outline of an area, in pixels.
  function outline(area) {
    if (area.within) {
      const [south, north] = [area.within[0], area.within[2]].sort((a, b) => a - b);
      let [west, east] = [area.within[1], area.within[3]].sort((a, b) => a - b);
      if (east - west > 180 && east - west < 360) [west, east] = [east, west + 360]; // the narrower way round
      const shift = beside((west + east) / 2) - (west + east) / 2;
      return [[south, west], [north, west], [north, east], [south, east]].map(([latitude, longitude]) => [x(longitude + shift), y(latitude)]);
    }
    if (!area.near) return [];
    const [latitude, longitude, kilometers] = area.near;
    const middle = beside(longitude);
    return Array.from({ length: 72 }, (_, at) => {
      const [toLatitude, toLongitude] = destination(latitude, middle, kilometers, (at * Math.PI) / 36);
      return [x(toLongitude), y(toLatitude)];
    });
  }

  return { view, x, y, beside, longitudeAt, latitudeAt, zoom, move, fit, lines, bar, dots, outline };
}

// Half as wide as a dot is drawn.
const reach = (count) => (count > 1 ? Math.min(16, 7 + Math.log2(count)) : 5);

// Dots of which none covers another: where two would, they are one, from the largest down.
function apart(cells) {
  const found = [];
  for (const cell of cells.sort((one, other) => other.all.length - one.all.length)) {
    const [px, py] = [cell.x / cell.all.length, cell.y / cell.all.length];
    const near = found.find((dot) => Math.hypot(dot.x - px, dot.y - py) < reach(dot.all.length) + reach(cell.all.length));
    if (near) near.all.push(...cell.all);
    else found.push({ x: px, y: py, all: cell.all });
  }
  return found;
}

function narrowest(longitudes) {
  const sorted = [...longitudes].sort((a, b) => a - b);
  let [west, east] = [sorted[0], sorted.at(-1)];
  for (let at = 1; at < sorted.length; at++) // the widest gap is what is left out
    if (360 - (sorted[at] - sorted[at - 1]) < east - west) [west, east] = [sorted[at], sorted[at - 1] + 360];
  return [west, east];
}

// Where one comes to, going some kilometers in one direction along a great circle.
function destination(latitude, longitude, kilometers, bearing) {
  const radians = Math.PI / 180, way = kilometers / EARTH_KM, from = latitude * radians;
  const to = Math.asin(Math.sin(from) * Math.cos(way) + Math.cos(from) * Math.sin(way) * Math.cos(bearing));
  const aside = Math.atan2(Math.sin(bearing) * Math.sin(way) * Math.cos(from), Math.cos(way) - Math.sin(from) * Math.sin(to));
  return [to / radians, longitude + aside / radians];
}
