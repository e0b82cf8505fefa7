const BURST = 800; // ms without a key press after which a gesture by keyboard is over
const SVG = "http://www.w3.org/2000/svg";

const panels = new WeakMap();
let lastSeq = 0; // counts over every panel and mount of this page
let lastGesture = 0;
let lastId = 0;

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".cp-sliders");
  let panel = panels.get(root);
  if (!panel) {
    panel = new Panel(root);
    panels.set(root, panel);
  }
  panel.update(data, (change) => setStateValue("change", change));
  return () => {
    panel.close();
    panels.delete(root);
  };
}

/** Several sliders that report while they move. */
class Panel {
  constructor(root) {
    this.root = root;
    this.rows = [];
    this.gesture = null; // {number, row, base, pointer}
    this.onRelease = () => this.endGesture();
  }

  close() {
    clearTimeout(this.burst);
    this.listenForRelease(false);
  }

  get weights() {
    return this.data.mode === "weights";
  }

  get idle() {
    return !this.gesture;
  }

  /** Take what Python says. While the person moves something, their own values stand, unless `rev` changed. */
  update(data, send) {
    const old = this.data;
    this.data = data;
    this.send = send;
    const sameRows = old && data.rows.map((row) => row.id).join("\n") === old.rows.map((row) => row.id).join("\n");
    const reset = !old || data.rev !== old.rev || data.mode !== old.mode || !sameRows;
    if (reset) this.forget();
    const adopt = reset || (data !== old && this.idle);
    if (!sameRows) this.arrangeRows(data.rows);
    this.root.setAttribute("aria-label", data.label);
    const palette = getComputedStyle(this.root).getPropertyValue("--st-chart-categorical-colors").split(",");
    this.rows.forEach((row, place) => row.describe(data.rows[place], palette, adopt));
    this.paint();
  }

  arrangeRows(specs) {
    const known = new Map(this.rows.map((row) => [row.id, row]));
    this.rows = specs.map((spec) => known.get(spec.id) ?? new Row(this, spec.id));
    this.root.replaceChildren(...this.rows.map((row) => row.element));
  }

  forget() {
    this.gesture = null;
    clearTimeout(this.burst);
    this.listenForRelease(false);
  }

  /* Gestures: one drag, or one burst of keys. Python makes one step of undo out of each. */

  beginGesture(row, pointer) {
    this.endGesture();
    this.gesture = { number: ++lastGesture, row, pointer, base: this.rows.map((each) => each.value), moved: false };
    this.listenForRelease(pointer);
  }

  endGesture() {
    const { gesture } = this;
    if (!gesture) return;
    clearTimeout(this.burst);
    this.listenForRelease(false);
    this.gesture = null;
    if (gesture.moved) this.report(gesture.number, true);
  }

  listenForRelease(on) {
    for (const name of ["pointerup", "pointercancel"]) {
      window[on ? "addEventListener" : "removeEventListener"](name, this.onRelease, true);
    }
  }

  /** Move within the gesture under way; a key, or a screen reader, begins one that ends by itself. */
  move(row, wanted) {
    if (!this.gesture || this.gesture.row !== row) this.beginGesture(row, false);
    if (!this.gesture.pointer) {
      clearTimeout(this.burst);
      this.burst = setTimeout(() => this.endGesture(), BURST);
    }
    row.discardTyped();
    const values = this.valuesAfter(row, wanted);
    row.attempted = !this.canMove(row);
    const changed = values.some((value, place) => value !== this.rows[place].value);
    this.rows.forEach((each, place) => {
      each.value = values[place];
    });
    this.paint();
    if (changed) {
      this.gesture.moved = true;
      this.report(this.gesture.number, false);
    }
  }

  /** A value typed into the box of a row: a gesture of its own, complete at once. */
  enter(row, wanted) {
    this.beginGesture(row, true);
    this.move(row, wanted);
    this.endGesture();
  }

  toggleLock(row) {
    this.endGesture();
    row.locked = !row.locked;
    this.rows.forEach((each) => {
      each.attempted = false;
    });
    this.paint();
    this.report(++lastGesture, true);
  }

  valuesAfter(row, wanted) {
    const place = this.rows.indexOf(row);
    const values = [...this.gesture.base];
    if (this.weights) return rebalance(values, this.rows.map((each) => each.locked), place, wanted);
    if (!row.locked) values[place] = row.clamp(wanted);
    return values;
  }

  canMove(row) {
    if (row.locked) return false;
    return !this.weights || this.rows.some((each) => each !== row && !each.locked);
  }

  whyNot(row) {
    if (row.locked) return row.attempted ? `${row.spec.label} is locked. Unlock it to move it.` : "";
    if (this.canMove(row)) return "";
    return this.rows.length === 1
      ? "The only component: it weighs 100%."
      : "All other weights are locked, so this one cannot move.";
  }

  paint() {
    for (const row of this.rows) row.paint(this.canMove(row), this.whyNot(row));
  }

  /* Reporting: the boards of the page hear of every move at once, Python of the gesture when it is over. */

  report(gesture, done) {
    const values = Object.fromEntries(this.rows.map((row) => [row.id, row.value]));
    const locks = Object.fromEntries(this.rows.map((row) => [row.id, row.locked]));
    const { mode, rev } = this.data;
    window.dispatchEvent(new CustomEvent("compplan:move", { detail: { mode, values } }));
    if (done) this.send({ values, locks, gesture, done, rev, seq: ++lastSeq });
  }
}

/** One slider: name, box for an exact value, lock, range, and a line that says why it does not move. */
class Row {
  constructor(panel, id) {
    this.panel = panel;
    this.id = id;
    this.value = 0;
    this.locked = false;
    this.attempted = false;
    this.typed = false; // the box holds text that is not a value yet
    this.build();
    this.listen();
  }

  build() {
    const tag = `cp-slider-${++lastId}`;
    // `any`, since a step of its own would round a value that was loaded; snap() and rebalance() do the steps
    this.range = element("input", { type: "range", step: "any", id: tag, className: "cp-range" });
    this.name = element("label", { htmlFor: tag, className: "cp-name" });
    this.box = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", className: "cp-box" });
    this.shackle = document.createElementNS(SVG, "path");
    this.lock = element("button", { type: "button", className: "cp-lock" }, padlock(this.shackle));
    this.note = element("p", { id: `${tag}-note`, className: "cp-note", role: "status" });
    this.range.setAttribute("aria-describedby", this.note.id);
    this.box.setAttribute("aria-describedby", this.note.id);
    this.element = element("div", { className: "cp-row" }, this.name, this.box, this.lock, this.range, this.note);
    this.element.dataset.id = this.id;
  }

  listen() {
    const { panel, range, box } = this;
    range.addEventListener("pointerdown", (event) => event.button === 0 && panel.beginGesture(this, true));
    range.addEventListener("input", () => panel.move(this, this.snap(Number(range.value))));
    range.addEventListener("blur", () => panel.gesture?.row === this && panel.endGesture());
    range.addEventListener("keydown", (event) => this.key(event));
    this.lock.addEventListener("click", () => panel.toggleLock(this));
    box.addEventListener("focus", () => {
      if (!this.typed) box.value = this.plain();
      box.select();
    });
    box.addEventListener("input", () => {
      this.typed = true;
    });
    box.addEventListener("blur", () => this.commit());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.commit();
      if (event.key === "Escape") {
        this.discardTyped();
        panel.paint();
      }
      if (event.key === "Enter" || event.key === "Escape") box.select();
    });
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { min, max, step } = this.spec;
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const wanted = event.key === "Home" ? min : event.key === "End" ? max : steps && this.value + steps * step;
    if (wanted === undefined) return;
    event.preventDefault();
    this.panel.move(this, wanted);
  }

  describe(spec, palette, adopt) {
    this.spec = spec;
    if (adopt) {
      this.value = spec.value;
      this.locked = spec.lock;
      this.attempted = false;
    }
    this.name.textContent = spec.label;
    this.name.title = spec.label;
    this.box.setAttribute("aria-label", `${spec.label}, exact value`);
    this.lock.setAttribute("aria-label", `Lock ${spec.label}`);
    this.lock.hidden = !spec.lockable;
    this.range.min = spec.min;
    this.range.max = spec.max;
    this.element.style.setProperty("--cp-color", spec.color === null ? "" : palette[spec.color % palette.length]);
  }

  paint(movable, note) {
    const text = this.format(this.value);
    const { min, max } = this.spec;
    this.range.value = this.value;
    this.range.setAttribute("aria-valuetext", text);
    this.range.setAttribute("aria-disabled", String(!movable));
    this.range.style.setProperty("--cp-share", max > min ? (this.value - min) / (max - min) : 0);
    this.lock.setAttribute("aria-pressed", String(this.locked));
    this.lock.title = this.locked ? "Unlock" : "Lock";
    this.shackle.setAttribute("d", this.locked ? "M5 7V5a3 3 0 0 1 6 0v2" : "M5 7V4.5a3 3 0 0 1 5.8-1");
    if (!this.typed) {
      this.box.value = this.box === document.activeElement ? this.plain() : text;
      this.say(note);
    }
  }

  say(note) {
    if (this.note.textContent !== note) this.note.textContent = note;
  }

  /* The box */

  commit() {
    if (this.typed) {
      const wanted = this.parse(this.box.value);
      const { min, max } = this.spec;
      if (wanted === null || wanted < min || wanted > max) {
        this.box.setAttribute("aria-invalid", "true");
        this.say(`Enter a value from ${this.format(min)} to ${this.format(max)}.`);
        return;
      }
      this.discardTyped();
      this.panel.enter(this, wanted);
    }
    this.box.value = this.box === document.activeElement ? this.plain() : this.format(this.value);
  }

  discardTyped() {
    this.typed = false;
    this.box.removeAttribute("aria-invalid");
  }

  /** What a person may type: 45, 45%, $82,500, 82.5k. Null for anything else. */
  parse(text) {
    const bare = text.replace(this.spec.symbol, "").replace(/[\s,%]/g, "").replace("\u2212", "-");
    const [, digits, unit] = /^(-?(?:\d+\.?\d*|\.\d+))([km]?)$/i.exec(bare) ?? [];
    if (digits === undefined) return null;
    return this.tidy((Number(digits) * { "": 1, k: 1e3, m: 1e6 }[unit.toLowerCase()]) / this.scale);
  }

  /* Numbers. A percent is a fraction in `free` mode and a whole percent in `weights` mode. */

  get scale() {
    return this.spec.unit === "percent" && !this.panel.weights ? 100 : 1;
  }

  format(value) {
    const { unit, decimals, symbol } = this.spec;
    const sign = value < 0 ? "\u2212" : "";
    // A weight that was loaded with decimals shows them: 56.25%
    const [least, most] = this.panel.weights ? [0, 2] : [decimals, decimals];
    const number = decimalFormat(least, most).format(Math.abs(value * this.scale));
    if (unit === "money") return sign + symbol + number;
    if (unit === "percent") return `${sign}${number}%`;
    return sign + number + (symbol ? `\u00a0${symbol}` : "");
  }

  plain() {
    return String(this.tidy(this.value * this.scale));
  }

  snap(wanted) {
    const { min, step } = this.spec;
    return min + Math.round((wanted - min) / step) * step;
  }

  clamp(wanted) {
    const { min, max } = this.spec;
    return this.tidy(Math.min(Math.max(wanted, min), max));
  }

  tidy(number) {
    return Number(number.toPrecision(12));
  }
}

const formats = new Map();

function decimalFormat(least, most) {
  const name = `${least}-${most}`;
  if (!formats.has(name)) {
    const options = { minimumFractionDigits: least, maximumFractionDigits: most };
    formats.set(name, new Intl.NumberFormat("en-US", options));
  }
  return formats.get(name);
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function padlock(shackle) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("aria-hidden", "true");
  const body = document.createElementNS(SVG, "path");
  body.setAttribute("d", "M3.5 7h9v6.5h-9z");
  icon.append(body, shackle);
  return icon;
}
