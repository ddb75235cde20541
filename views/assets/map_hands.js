// What moves the map and what stands around it: pointer, fingers, wheel and keyboard; the buttons above, the legend below.

const NEAR = { mouse: 10, pen: 12, touch: 18 }; // CSS pixels from a point that count as on it
const STEP = 0.2; // of the view, for an arrow key
const CLOSER = 1.5; // for + and -
const CLICK = 5; // CSS pixels that a click may move

const made = (kind, name, parent, text = "") => {
  const element = document.createElement(kind);
  element.className = name;
  element.textContent = text;
  parent.append(element);
  return element;
};

class MapHands {
  under(x, y, kind) {
    const [mapX, mapY] = this.at(x, y);
    return this.rowNear(mapX, mapY, (NEAR[kind] || 10) / scaleOf(this.view, this.size));
  }

  /** The visible row nearest to a place of the map, at most `reach` away; -1: none. */
  rowNear(x, y, reach) {
    return nearest(this.points, this.grid, this.hidden, x, y, reach);
  }

  hover(x, y, kind) {
    const row = this.under(x, y, kind);
    if (row !== this.over) this.ask();
    this.over = row;
    this.tip.hidden = row < 0;
    this.canvas.classList.toggle("fs-map-over", row >= 0);
    if (row < 0) return;
    const [left, top] = this.screen(row);
    this.tip.textContent = this.points.names[row];
    this.tip.style.left = `${Math.max(4, Math.min(left + 12, this.size.w - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, top - this.tip.offsetHeight - 10)}px`;
  }

  leave() {
    this.over = -1;
    this.tip.hidden = true;
    this.ask();
  }

  choose(rows, clicked) {
    if (clicked && !rows.length) return;
    if (!clicked) {
      this.chosen = rows.length ? new Uint8Array(this.points.n) : null;
      for (const row of rows) this.chosen[row] = 1;
      this.said.textContent = this.asked.words.chosen.replace("{}", rows.length);
      this.picture.stale = true;
      this.ask();
    }
    this.tell({ rows, clicked });
  }

  listen() {
    const { canvas, fingers } = this;
    const ready = (act) => (event) => this.view && act(event);
    const on = (name, act) => canvas.addEventListener(name, ready(act));
    on("pointerdown", (event) => {
      if (event.button > 0) return;
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      this.press = fingers.size === 1 ? { x: event.offsetX, y: event.offsetY, far: false } : null;
      this.line = fingers.size === 1 && (this.drawing || event.shiftKey) ? [[event.offsetX, event.offsetY]] : null;
      this.flight = null;
      this.leave();
    });
    on("pointermove", (event) => {
      const [x, y] = [event.offsetX, event.offsetY];
      const before = fingers.get(event.pointerId);
      if (!before) return void (event.pointerType !== "touch" && this.hover(x, y, event.pointerType));
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, { x, y });
      if (this.press && Math.hypot(x - this.press.x, y - this.press.y) > CLICK) this.press.far = true;
      if (other) {
        const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
        this.pan((x - before.x) / 2, (y - before.y) / 2);
        this.zoom(apart({ x, y }) / apart(before), (x + other.x) / 2, (y + other.y) / 2);
      } else if (this.line) {
        this.line.push([x, y]);
        this.ask();
      } else if (this.press?.far) this.pan(x - before.x, y - before.y);
    });
    const lift = (event) => {
      if (!fingers.delete(event.pointerId)) return;
      const { press, line } = this;
      [this.press, this.line] = [null, null];
      this.picture.stale = true;
      this.ask();
      if (event.type !== "pointerup" || !press) return;
      if (!press.far) this.choose([this.under(press.x, press.y, event.pointerType)].filter((row) => row >= 0), true);
      else if (line) this.choose(enclosed(this.points, this.hidden, line.map(([x, y]) => this.at(x, y))), false);
    };
    on("pointerup", lift);
    on("pointercancel", lift);
    on("pointerleave", () => this.leave());
    canvas.addEventListener("wheel", ready((event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      this.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0015)), event.offsetX, event.offsetY);
      this.leave();
    }), { passive: false });
    on("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.ask());
    canvas.addEventListener("blur", () => this.ask());
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [w, h] = [this.size.w * STEP, this.size.h * STEP];
    const acts = {
      ArrowLeft: () => this.pan(w, 0),
      ArrowRight: () => this.pan(-w, 0),
      ArrowUp: () => this.pan(0, h),
      ArrowDown: () => this.pan(0, -h),
      "+": () => this.zoom(CLOSER),
      "=": () => this.zoom(CLOSER),
      "-": () => this.zoom(1 / CLOSER),
      0: () => this.fly(this.whole()),
      Enter: () => this.choose([this.inTheMiddle()].filter((row) => row >= 0), true),
      Escape: () => this.chosen && this.choose([], false),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
    if (!["Enter", "Escape"].includes(event.key)) this.tellPlace();
  }

  /** The row in view that is nearest to the middle; -1: none. */
  inTheMiddle() {
    const { view } = this;
    let found = -1;
    for (let reach = view.half / 16; found < 0 && reach <= view.half; reach *= 2) {
      found = this.rowNear(view.x, view.y, reach);
    }
    return found;
  }

  /** Say and show where the keyboard has moved the map, once it stands. */
  tellPlace() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      if (this.ended || !this.view) return;
      const row = this.inTheMiddle();
      if (this.picture.of !== this.view) this.paint(performance.now());
      const words = row < 0 ? this.asked.words.empty : this.asked.words.nearest;
      this.said.textContent = words.replace("{0}", this.points.names[row]).replace("{1}", this.picture.shown);
      this.over = row;
      this.ask();
    }, this.flight ? FLIGHT_MS + 100 : 250);
  }

  drawTools() {
    const { words } = this.asked;
    this.tools.replaceChildren();
    const tool = (text, act, label = text) => {
      const button = made("button", "", this.tools, text);
      button.type = "button";
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => this.view && act(button));
      return button;
    };
    tool("+", () => this.zoom(CLOSER), words.closer);
    tool("−", () => this.zoom(1 / CLOSER), words.farther);
    tool(words.whole, () => this.fly(this.whole()));
    const draw = tool(words.draw, () => {
      this.drawing = !this.drawing;
      draw.setAttribute("aria-pressed", this.drawing);
      this.canvas.classList.toggle("fs-map-drawing", this.drawing);
    });
    draw.setAttribute("aria-pressed", Boolean(this.drawing));
    tool(words.list, () => {
      const corners = [[0, 0], [this.size.w, 0], [this.size.w, this.size.h], [0, this.size.h]];
      this.choose(enclosed(this.points, this.hidden, corners.map(([x, y]) => this.at(x, y))), false);
    });
    tool(words.save, () => {
      const link = document.createElement("a");
      link.href = this.canvas.toDataURL("image/png");
      link.download = "map.png";
      link.click();
    });
  }

  drawLegend() {
    const { legend } = this.asked;
    const drawn = JSON.stringify(legend);
    if (drawn === this.legend.dataset.drawn && this.points === this.legend.points) return;
    Object.assign(this.legend, { points: this.points });
    this.legend.dataset.drawn = drawn;
    this.legend.replaceChildren();
    if (legend.ramp) {
      made("span", "", this.legend, legend.ramp.title);
      for (const colour of legend.ramp.colours) made("i", "", this.legend).style.background = colour;
      return;
    }
    for (const { name, colour, group } of legend.names) {
      const button = made("button", "", this.legend);
      button.type = "button";
      made("i", "", button).style.background = colour;
      made("span", "", button, name).dir = "auto";
      button.setAttribute("aria-pressed", !this.hidden[group]);
      button.addEventListener("click", () => {
        this.hidden[group] ^= 1;
        button.setAttribute("aria-pressed", !this.hidden[group]);
        this.picture.stale = true;
        this.leave();
      });
    }
  }
}
