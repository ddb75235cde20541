// The map: a canvas that is moved with the pointer, two fingers, the wheel and the keyboard. Streamlit calls the default
// export in each run of the page that changes `data`; only a click and a line drawn around points go back to it.

const SLOW_MS = 10; // A picture that took longer is shifted and scaled while the map moves, instead of drawn anew.
const SHIFTED_MS = 120; // It is drawn anew after this time all the same.
const FLIGHT_MS = 700;

const maps = new WeakMap();
const calm = matchMedia("(prefers-reduced-motion: reduce)");

class MapCanvas extends MapHands {
  constructor(parent) {
    super();
    this.root = made("div", "fs-map", parent);
    this.tools = made("div", "fs-map-tools", this.root);
    this.frame = made("div", "fs-map-frame", this.root);
    this.canvas = made("canvas", "", this.frame);
    this.tip = made("div", "fs-map-tip", this.frame);
    this.legend = made("div", "fs-map-legend", this.root);
    this.said = made("p", "fs-map-said", this.root);
    this.keys = made("p", "fs-map-said", this.root);
    this.tip.hidden = true;
    this.tip.setAttribute("aria-hidden", "true");
    this.said.setAttribute("role", "status");
    this.keys.id = `fs-map-keys-${Math.random().toString(36).slice(2)}`;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-describedby", this.keys.id);
    this.paper = this.canvas.getContext("2d");
    this.picture = { canvas: document.createElement("canvas"), at: 0, cost: 0 };
    this.fingers = new Map();
    this.size = { w: 0, h: 0 };
    this.arrived = () => this.take();
    window.addEventListener("filmscore-map-points", this.arrived);
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.frame);
    this.listen();
  }

  end() {
    window.removeEventListener("filmscore-map-points", this.arrived);
    this.watch.disconnect();
    this.ended = true;
  }

  /** What Python asks for: see views/map_canvas.py. */
  show(asked, setStateValue) {
    const words = JSON.stringify(asked.words) !== JSON.stringify(this.asked?.words);
    this.asked = asked;
    this.tell = (chosen) => setStateValue("chosen", { points: asked.points, ...chosen });
    this.canvas.setAttribute("aria-label", asked.label);
    if (words) this.drawTools();
    this.keys.textContent = asked.words.keys;
    this.take();
    this.ask();
  }

  /** Take the points that the page asks for, once they have arrived. */
  take() {
    const held = window.filmscoreMapPoints;
    if (!this.asked || held?.key !== this.asked.points) return;
    const fresh = held !== this.points;
    if (fresh) {
      this.points = held;
      this.bounds = bounds(held, held.x.keys());
      this.grid = gridOf(held, this.bounds);
      this.hidden = new Uint8Array(256);
      this.chosen = null;
      this.over = -1;
    }
    this.drawLegend();
    if (this.place !== this.asked.place) [this.view, this.marked] = [null, null]; // Another map: its whole is shown.
    this.place = this.asked.place;
    this.picture.stale = true;
    this.resize();
    const marked = JSON.stringify(this.asked.marked);
    if (this.size.w && marked !== this.marked) {
      this.marked = marked;
      if (this.asked.marked.length) this.fly(viewOf(bounds(held, this.asked.marked), this.size, this.close()));
    }
    this.ask();
  }

  whole() {
    return viewOf(this.bounds, this.size, 0.001);
  }

  /** Half of a view around a single point: about a hundred points wide, on a map that is even. */
  close() {
    return this.whole().half * Math.max(0.02, Math.min(0.25, 5 / Math.sqrt(this.points.n)));
  }

  resize() {
    const size = { w: this.frame.clientWidth, h: this.frame.clientHeight };
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (!size.w || !size.h) return;
    if (size.w !== this.size.w || size.h !== this.size.h || ratio !== this.ratio) {
      const first = !this.size.w;
      [this.size, this.ratio] = [size, ratio];
      for (const canvas of [this.canvas, this.picture.canvas]) {
        [canvas.width, canvas.height] = [Math.round(size.w * ratio), Math.round(size.h * ratio)];
      }
      this.pixels = new ImageData(this.canvas.width, this.canvas.height);
      this.picture.stale = true;
      if (first && this.points) return void this.take();
    }
    if (this.points && !this.view) this.view = this.whole();
    this.ask();
  }

  // Drawing

  ask() {
    if (this.asks || this.ended) return;
    this.asks = true;
    requestAnimationFrame((now) => {
      this.asks = false;
      if (this.points && this.view && !this.ended) this.draw(now);
    });
  }

  draw(now) {
    if (this.flight) this.view = this.flightAt(now);
    const { picture, size, ratio } = this;
    const moving = this.flight || this.fingers.size || now - (this.moved || 0) < 150;
    const shifted = !picture.stale && moving && picture.cost > SLOW_MS && now - picture.at < SHIFTED_MS;
    if (!shifted && (picture.stale || picture.of !== this.view)) this.paint(now);
    const paper = this.paper;
    paper.setTransform(1, 0, 0, 1, 0, 0);
    paper.fillStyle = this.asked.look.background;
    paper.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const grown = picture.of.half / this.view.half;
    const scale = scaleOf(this.view, size) * ratio;
    const [dx, dy] = [(picture.of.x - this.view.x) * scale, (this.view.y - picture.of.y) * scale];
    const [w, h] = [this.canvas.width, this.canvas.height];
    paper.drawImage(picture.canvas, w / 2 - (w / 2) * grown + dx, h / 2 - (h / 2) * grown + dy, w * grown, h * grown);
    paper.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawOver(paper);
    this.canvas.dataset.frames = Number(this.canvas.dataset.frames || 0) + 1;
    if (this.flight || shifted) this.ask();
  }

  paint(now) {
    const began = performance.now();
    const { picture, asked, points, view, ratio } = this;
    const zoom = this.whole().half / view.half;
    const radius = radiusOf(points.n, zoom) * ratio;
    const scale = scaleOf(view, this.size) * ratio;
    const found = paint(this.pixels, points, view, scale, radius, asked.look, this.hidden, this.chosen);
    picture.canvas.getContext("2d").putImageData(this.pixels, 0, 0);
    Object.assign(picture, { of: view, at: now, stale: false, cost: performance.now() - began, ...found });
    this.canvas.dataset.shown = found.shown;
  }

  screen(row) {
    const scale = scaleOf(this.view, this.size);
    const { points, view, size } = this;
    return [size.w / 2 + (points.x[row] - view.x) * scale, size.h / 2 - (points.y[row] - view.y) * scale];
  }

  drawOver(paper) {
    const { asked, view, size } = this;
    const { look } = asked;
    const marked = asked.marked;
    paper.lineWidth = 2;
    paper.strokeStyle = look.accent;
    paper.beginPath();
    if (marked.length > 1) marked.map((row) => this.screen(row)).forEach(([x, y]) => paper.lineTo(x, y));
    paper.stroke();
    for (const row of this.over >= 0 ? [...marked, this.over] : marked) {
      const [x, y] = this.screen(row);
      paper.beginPath();
      paper.arc(x, y, 7, 0, 2 * Math.PI);
      paper.strokeStyle = row === this.over && !marked.includes(row) ? look.text : look.accent;
      paper.stroke();
    }
    this.drawNames(paper, marked);
    if (this.line) {
      paper.beginPath();
      this.line.forEach(([x, y]) => paper.lineTo(x, y));
      paper.closePath();
      paper.strokeStyle = look.text;
      paper.setLineDash([4, 3]);
      paper.stroke();
      paper.setLineDash([]);
    }
    if (view && this.canvas.matches(":focus-visible")) {
      const [x, y] = [size.w / 2, size.h / 2];
      paper.strokeStyle = look.text;
      paper.lineWidth = 1;
      paper.strokeRect(x - 8.5, y - 8.5, 17, 17);
    }
  }

  /** Names of what is marked, and of all points where they are few; a name that would cover another or a point is left out. */
  drawNames(paper, marked) {
    const { look } = this.asked;
    const named = this.picture.named.filter((row) => !this.chosen || this.chosen[row]);
    const rows = [...new Set([...marked, ...named])];
    const taken = [...new Set([...rows, ...this.picture.named])].map((row) => this.screen(row)).map(([x, y]) => [x - 5, x + 5, y - 5, y + 5]); // the points
    paper.font = `13px ${look.font}`;
    paper.textBaseline = "middle";
    paper.lineJoin = "round";
    for (const row of rows) {
      const [x, y] = this.screen(row);
      const name = this.points.names[row].match(/^.+? \(\d{4}\)/)?.[0] ?? this.points.names[row];
      const text = name.length > 40 ? `${name.slice(0, 38).trimEnd()}…` : name;
      const wide = paper.measureText(text).width;
      const away = marked.includes(row) ? 12 : 9;
      const free = [x + away, x - away - wide].find((left) => {
        const [right, top, bottom] = [left + wide, y - 8, y + 8];
        const covers = ([from, to, high, low]) => left < to && from < right && top < low && high < bottom;
        return left > 0 && right < this.size.w && top > 0 && bottom < this.size.h && !taken.some(covers);
      });
      if (free === undefined) continue;
      taken.push([free, free + wide, y - 8, y + 8]);
      paper.lineWidth = 3;
      paper.strokeStyle = look.background;
      paper.strokeText(text, free, y);
      paper.fillStyle = marked.includes(row) ? look.accent : look.text;
      paper.fillText(text, free, y);
    }
  }

  // Movement

  move(view) {
    const whole = this.whole();
    const [left, right, low, high] = this.bounds;
    this.flight = null;
    this.view = {
      x: Math.max(left, Math.min(right, view.x)),
      y: Math.max(low, Math.min(high, view.y)),
      half: Math.max(whole.half / 400, Math.min(whole.half * 1.5, view.half)),
    };
    this.moved = performance.now();
    this.ask();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.ask(), 200); // Drawn anew where it stopped.
  }

  pan(dx, dy) {
    const scale = scaleOf(this.view, this.size);
    this.move({ ...this.view, x: this.view.x - dx / scale, y: this.view.y + dy / scale });
  }

  /** Zoom so that the place below a point of the canvas stays there. */
  zoom(factor, x = this.size.w / 2, y = this.size.h / 2) {
    const before = this.at(x, y);
    this.move({ ...this.view, half: this.view.half / factor });
    const after = this.at(x, y);
    this.move({ ...this.view, x: this.view.x + before[0] - after[0], y: this.view.y + before[1] - after[1] });
  }

  at(x, y) {
    const scale = scaleOf(this.view, this.size);
    return [this.view.x + (x - this.size.w / 2) / scale, this.view.y - (y - this.size.h / 2) / scale];
  }

  fly(to) {
    if (calm.matches || !this.view) return void this.move(to);
    this.flight = { from: this.view, to, began: null };
    this.ask();
  }

  flightAt(now) {
    const { flight } = this;
    flight.began ??= now;
    const part = Math.min(1, (now - flight.began) / FLIGHT_MS);
    const eased = part * part * (3 - 2 * part);
    if (part === 1) this.flight = null;
    if (part === 1) return flight.to;
    const between = (name) => flight.from[name] + (flight.to[name] - flight.from[name]) * eased;
    return { x: between("x"), y: between("y"), half: flight.from.half * (flight.to.half / flight.from.half) ** eased };
  }
}

export default ({ data, parentElement, setStateValue }) => {
  if (!maps.has(parentElement)) maps.set(parentElement, new MapCanvas(parentElement));
  const map = (window.fsMap = maps.get(parentElement));
  map.show(data, setStateValue);
  return () => {
    map.end();
    map.root.remove();
    maps.delete(parentElement);
  };
};
