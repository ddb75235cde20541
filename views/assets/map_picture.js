// What the map's canvas computes: which points a view shows, which is near, which a line encloses, and their picture.
// A view is the place in the middle and half of what the canvas's shorter side shows: {x, y, half}, as points have it.

const LABELLED = 100;
const SOLID = 0.85; // opacity of a point

/** CSS pixels for one unit of the map. */
const scaleOf = (view, size) => Math.min(size.w, size.h) / 2 / view.half;

/** [left, right, low, high] of these rows; of no rows, of a unit around 0. */
function bounds(points, rows) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const row of rows) {
    if (points.x[row] < left) left = points.x[row];
    if (points.x[row] > right) right = points.x[row];
    if (points.y[row] < low) low = points.y[row];
    if (points.y[row] > high) high = points.y[row];
  }
  return left > right ? [-1, 1, -1, 1] : [left, right, low, high];
}

/** The view that shows all within these bounds, and `least` to each side. */
function viewOf([left, right, low, high], size, least) {
  const shorter = Math.min(size.w, size.h);
  const half = 0.55 * Math.max(((right - left) * shorter) / size.w, ((high - low) * shorter) / size.h);
  return { x: (left + right) / 2, y: (low + high) / 2, half: Math.max(half, least) };
}

/** The rows in cells of a grid, so that those near a place are found without a look at all. */
function gridOf(points, [left, right, low, high]) {
  const side = Math.max(1, Math.ceil(Math.sqrt(points.n / 2)));
  const cell = (value, from, to) => Math.max(0, Math.min(side - 1, Math.floor(((value - from) / (to - from || 1)) * side)));
  const column = (x) => cell(x, left, right);
  const line = (y) => cell(y, low, high);
  const starts = new Uint32Array(side * side + 1);
  const cells = new Uint32Array(points.n);
  for (let row = 0; row < points.n; row++) {
    cells[row] = line(points.y[row]) * side + column(points.x[row]);
    starts[cells[row] + 1]++;
  }
  for (let at = 0; at < side * side; at++) starts[at + 1] += starts[at];
  const rows = new Uint32Array(points.n);
  const next = starts.slice();
  for (let row = 0; row < points.n; row++) rows[next[cells[row]]++] = row;
  return { side, column, line, starts, rows };
}

/** The row nearest to a place, at most `reach` away and not of a hidden group; -1: none. */
function nearest(points, grid, hidden, x, y, reach) {
  let [found, least] = [-1, reach * reach];
  for (let line = grid.line(y - reach); line <= grid.line(y + reach); line++) {
    const from = grid.starts[line * grid.side + grid.column(x - reach)];
    const to = grid.starts[line * grid.side + grid.column(x + reach) + 1];
    for (let at = from; at < to; at++) {
      const row = grid.rows[at];
      const away = (points.x[row] - x) ** 2 + (points.y[row] - y) ** 2;
      if (away <= least && !hidden[points.group[row]]) [found, least] = [row, away];
    }
  }
  return found;
}

/** The rows inside a closed line [[x, y], ...], those of hidden groups left out. */
function enclosed(points, hidden, line) {
  const [left, right, low, high] = [0, 1].flatMap((axis) => {
    const values = line.map((corner) => corner[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const rows = [];
  for (let row = 0; row < points.n; row++) {
    const [x, y] = [points.x[row], points.y[row]];
    if (hidden[points.group[row]] || x < left || x > right || y < low || y > high) continue;
    let inside = false;
    for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
      const [[xi, yi], [xj, yj]] = [line[i], line[j]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    if (inside) rows.push(row);
  }
  return rows;
}

/** Radius of a point in CSS pixels: the fewer there are in a view of this size, the larger. */
const radiusOf = (n, zoom) => Math.max(1.3, Math.min(4.5, (320 / Math.sqrt(n)) * Math.sqrt(zoom)));

const rgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const packed = ([red, green, blue]) => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
const mixed = (colour, other, share) => colour.map((value, at) => Math.round(value * share + other[at] * (1 - share)));

/** The pixels of a round point around its middle one: how far each is in memory, and how opaque, 0 to 256. */
function stampOf(radius, width) {
  const [reach, steps, alphas] = [Math.ceil(radius), [], []];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const covered = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(dx, dy)));
      if (covered > 0.05) steps.push(dy * width + dx), alphas.push(Math.round(256 * SOLID * covered));
    }
  }
  return { reach, steps: Int32Array.from(steps), alphas: Int32Array.from(alphas) };
}

/**
 * Draw the points into the pixels of a picture.
 *
 * look: {background, palette} as #rrggbb, and {under}, the groups that others are drawn over; hidden: 1 for groups that
 * are left out; chosen: 1 for the rows that stand out from the others, or null. Returns the rows in the picture if they
 * are few enough to be named, and their number.
 */
function paint(picture, points, view, scale, radius, look, hidden, chosen) {
  const { width, height } = picture;
  const pixels = new Uint32Array(picture.data.buffer);
  const ground = rgb(look.background);
  pixels.fill(packed(ground));
  const full = Uint32Array.from(look.palette, (colour) => packed(rgb(colour)));
  const faint = Uint32Array.from(look.palette, (colour) => packed(mixed(rgb(colour), ground, 0.22)));
  const { reach, steps, alphas } = stampOf(radius, width);
  const [left, top] = [width / 2 - view.x * scale, height / 2 + view.y * scale];
  const named = [];
  let shown = 0;
  const over = Uint8Array.from(look.palette, (_, group) => !look.under.includes(group));
  for (let turn = 0; turn < 2; turn++) { // What stands out is drawn over the rest.
    const palette = chosen && !turn ? faint : full;
    for (let row = 0; row < points.n; row++) {
      const group = points.group[row];
      if (hidden[group] || (chosen ? chosen[row] : over[group]) !== turn) continue;
      const px = Math.round(left + points.x[row] * scale);
      const py = Math.round(top - points.y[row] * scale);
      if (px < reach || py < reach || px >= width - reach || py >= height - reach) continue;
      if (shown++ < LABELLED) named.push(row);
      const middle = py * width + px;
      const redBlue = palette[group] & 0xff00ff;
      const green = palette[group] & 0xff00;
      for (let at = 0; at < steps.length; at++) {
        const place = middle + steps[at];
        const under = pixels[place];
        const alpha = alphas[at];
        const rest = 256 - alpha;
        const both = ((Math.imul(redBlue, alpha) + Math.imul(under & 0xff00ff, rest)) >>> 8) & 0xff00ff;
        pixels[place] = 0xff000000 | both | (((Math.imul(green, alpha) + Math.imul(under & 0xff00, rest)) >>> 8) & 0xff00);
      }
    }
  }
  return { named: shown > LABELLED ? [] : named, shown };
}
