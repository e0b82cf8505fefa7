const MARGIN = 100; // px beyond the window within which a figure counts as seen
const PAPER = 700; // px across a sheet of A4 or Letter within its margins
const CALM = 250; // ms without new data after which the figures out of view are drawn too

const boards = new WeakMap();
let plotly; // promise of the library, once for the page

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cp-board");
  let board = boards.get(root);
  if (!board) {
    board = new Board(root);
    boards.set(root, board);
  }
  board.update(data, (point) => setTriggerValue("point", point));
  return () => {
    board.close();
    boards.delete(root);
  };
}

function loadPlotly(address) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(address, document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      plotly = undefined;
      script.remove();
      reject(new Error("Plotly could not be loaded"));
    };
    document.head.append(script);
  });
  return plotly;
}

/** Plots that live on while their data changes. */
class Board {
  constructor(root) {
    this.root = root;
    this.cards = [];
    const margin = `${MARGIN}px`; // the page scrolls inside an element, to which only scrollMargin applies
    this.visibility = new IntersectionObserver((entries) => this.look(entries), {
      rootMargin: margin,
      scrollMargin: margin,
    });
    this.onMove = ({ detail }) => this.follow(detail);
    window.addEventListener("compplan:move", this.onMove);
    this.onPaper = () => this.cards.forEach((card) => card.print(PAPER));
    this.offPaper = () => this.cards.forEach((card) => card.backOnScreen());
    window.addEventListener("beforeprint", this.onPaper);
    window.addEventListener("afterprint", this.offPaper);
  }

  close() {
    clearTimeout(this.later);
    window.removeEventListener("compplan:move", this.onMove);
    window.removeEventListener("beforeprint", this.onPaper);
    window.removeEventListener("afterprint", this.offPaper);
    this.data = null;
    this.visibility.disconnect();
    for (const card of this.cards) card.close();
  }

  update(data, sendPoint) {
    this.data = data;
    this.sendPoint = data.points ? sendPoint : null;
    this.moves = {}; // slider values since the last data from Python
    this.show(data);
  }

  show(data) {
    const known = new Map(this.cards.map((card) => [card.id, card]));
    const cards = data.figures.map(({ id }) => known.get(id) ?? new Card(this, id));
    const theme = readTheme(this.root);
    cards.forEach((card, place) => card.describe(data.figures[place], theme));
    if (cards.length !== this.cards.length || cards.some((card, place) => card !== this.cards[place])) {
      this.arrange(cards);
    }
    return this.draw(data.rev);
  }

  /* While a slider moves: the newest of its values is sent when the last answer is on the page. */

  follow({ mode, values }) {
    if (!this.data?.view) return;
    this.moves[mode === "weights" ? "weights" : "moved"] = values;
    if (!this.asking) this.ask();
  }

  async ask() {
    this.asking = true;
    while (this.moves.weights || this.moves.moved) {
      const { data, moves } = this;
      const sentMoves = JSON.stringify(moves);
      try {
        const answer = await fetch(new URL(data.live, document.baseURI), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ...data.view, ...moves }),
        });
        if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
        const picture = await answer.json();
        if (data !== this.data) continue; // newer data from Python has arrived; keep it
        showFigures(picture);
        await this.show(picture);
      } catch (error) {
        console.warn(error); // the charts stand still until the gesture is over and Python draws them
      }
      if (JSON.stringify(this.moves) === sentMoves) break;
    }
    this.asking = false;
  }

  arrange(cards) {
    for (const card of this.cards.filter((each) => !cards.includes(each))) {
      this.visibility.unobserve(card.element);
      card.close();
    }
    this.root.replaceChildren(...cards.map((card) => card.element));
    for (const card of cards.filter((each) => !this.cards.includes(each))) {
      card.seen = card.element.getBoundingClientRect().top < window.innerHeight + MARGIN;
      card.width = card.canvas.clientWidth;
      this.visibility.observe(card.element);
    }
    this.cards = cards;
  }

  look(entries) {
    for (const { target, isIntersecting } of entries) {
      const card = this.cards.find((each) => each.element === target);
      if (!card) continue;
      card.seen = isIntersecting;
      if (isIntersecting && window.Plotly) card.draw(window.Plotly);
    }
  }

  /** Draw what is in sight; over at the next frame, so that the next move is asked for while this one is painted. */
  async draw(rev) {
    clearTimeout(this.later);
    await this.drawCards((card) => card.seen);
    await frame();
    this.painted(rev);
  }

  async painted(rev) {
    await frame();
    if (!this.data) return; // the page has gone elsewhere meanwhile
    this.root.dataset.rev = rev;
    window.dispatchEvent(new CustomEvent("compplan:painted", { detail: { rev } }));
    clearTimeout(this.later);
    this.later = setTimeout(async () => {
      await this.drawCards(() => true);
      if (!this.data) return;
      this.root.dataset.settledRev = rev;
    }, CALM);
  }

  /** All of them in one task, so that one frame shows them all. */
  async drawCards(chosen) {
    try {
      const library = await loadPlotly(this.data.plotly);
      if (!this.data) return;
      await Promise.all(this.cards.filter(chosen).map((card) => card.draw(library)));
    } catch (error) {
      if (!this.data) return;
      for (const card of this.cards) card.fail(() => this.draw(this.data.rev));
      console.error(error);
    }
  }
}

/** The key figures of the page, which Python wrote, as they are now. */
function showFigures({ cards, warning, findings }) {
  document.querySelectorAll(".cp-figure").forEach((figure, place) => {
    const [value, was, detail, amber, red] = cards[place] ?? [];
    if (value === undefined) return;
    figure.querySelector("b").textContent = value;
    figure.querySelector(".cp-was").textContent = was;
    figure.querySelector("small").textContent = detail;
    figure.classList.toggle("cp-amber", amber);
    figure.classList.toggle("cp-red", red);
  });
  const warningLine = document.querySelector(".cp-warning");
  if (warningLine) warningLine.textContent = warning;
  document.querySelectorAll(".st-key-worst p.cp-finding").forEach((line, place) => showFinding(line, findings[place]));
}

/** A line of the review; its fix, which Python computed for another finding, waits for the next data from Python. */
function showFinding(line, finding) {
  const [severity, word, message, rule] = finding ?? ["none", "", "", ""];
  const [sign, words, name] = ["b", "span", "code"].map((part) => line.querySelector(part));
  if (words.textContent === message && name.textContent === rule) return;
  line.className = `cp-finding cp-is-${severity}`;
  line.dataset.moved = "";
  line.removeAttribute("title");
  sign.textContent = word;
  words.textContent = message;
  name.textContent = rule;
}

/** One figure: title, plot, and its numbers as a table for those who want to read them. */
class Card {
  constructor(board, id) {
    this.board = board;
    this.id = id;
    this.title = element("figcaption", "cp-title");
    this.plot = element("div", "cp-plot");
    this.plot.setAttribute("role", "img");
    this.message = element("div", "cp-message");
    this.canvas = element("div", "cp-canvas", this.plot, this.message);
    this.table = element("table", "cp-table");
    this.summary = element("summary", "");
    this.summary.textContent = "Numbers";
    this.numbers = element("details", "cp-numbers", this.summary, this.table);
    this.numbers.addEventListener("toggle", () => this.fillTable());
    this.element = element("figure", "cp-card", this.title, this.canvas, this.numbers);
    this.element.dataset.id = id;
    this.element.dataset.state = "waiting";
    this.width = 0;
    this.observer = new ResizeObserver(([{ contentRect }]) => this.resize(contentRect.width));
    this.observer.observe(this.canvas);
  }

  close() {
    this.closed = true;
    this.observer.disconnect();
    if (this.drawn) window.Plotly.purge(this.plot);
  }

  describe(figure, theme) {
    this.figure = figure;
    this.theme = theme;
    if (this.title.textContent !== figure.title) this.title.textContent = figure.title;
    this.title.hidden = !figure.title;
    this.plot.setAttribute("aria-label", figure.alt);
    this.canvas.style.height = `${figure.height}px`;
    this.element.style.setProperty("--cp-span", figure.span);
    this.numbers.hidden = !figure.table;
    this.summary.setAttribute("aria-label", `Numbers of ${figure.title || figure.alt}`);
    this.fillTable();
  }

  resize(width) {
    if (this.screen) return; // on paper
    const drawable = this.drawn || this.seen; // the rest waits for the board
    this.width = Math.floor(width);
    if (drawable && window.Plotly) this.draw(window.Plotly);
  }

  /** Draw for a sheet of paper, where the browser lays the page out anew and plots do not hear of it. */
  print(wide) {
    if (!this.drawn || !window.Plotly) return;
    this.screen = this.width;
    this.width = this.figure.span === 2 ? wide : Math.floor((wide - 16) / 2);
    this.draw(window.Plotly);
  }

  backOnScreen() {
    if (!this.screen) return;
    this.width = this.screen;
    this.screen = 0;
    if (window.Plotly) this.draw(window.Plotly);
  }

  /** Draw what is not drawn yet; the width is part of it, and nothing is drawn while there is none. */
  async draw(library) {
    const { width } = this;
    const wanted = `${width} ${this.theme.name} ${this.figure.height} ${this.figure.spec}`;
    if (!width || wanted === this.drawn || this.closed) return;
    const { data, layout: wide, narrow } = JSON.parse(resolveColors(this.figure.spec, this.theme));
    const layout = narrow && width < narrow.below ? merge(wide, narrow.layout) : wide;
    const first = !this.drawn;
    this.drawn = wanted;
    try {
      const size = { width, height: this.figure.height };
      await library.react(this.plot, data, withDefaults(layout, size, this.id, this.theme), config(this.id));
      if (this.closed) return;
      if (first) this.listen();
      this.element.dataset.state = "ready";
    } catch (error) {
      if (this.closed) return; // Plotly was at it when the page took the figure away
      this.fail(null);
      console.error(error);
    }
  }

  listen() {
    this.plot.on("plotly_click", ({ points: [point] }) => {
      const { curveNumber: curve, pointNumber: index, x, y } = point;
      this.board.sendPoint?.({ figure: this.id, curve, index: [index].flat(), x, y });
    });
  }

  fail(retry) {
    this.element.dataset.state = "failed";
    this.message.textContent = "This chart could not be drawn. ";
    if (!retry) return;
    const button = element("button", "cp-retry");
    button.type = "button";
    button.textContent = "Try again";
    button.onclick = retry;
    this.message.append(button);
  }

  fillTable() {
    const { table } = this.figure;
    if (!table || !this.numbers.open) return;
    const text = JSON.stringify(table);
    if (this.filled === text) return;
    this.filled = text;
    const row = (cells, name) =>
      element("tr", "", ...cells.map((cell) => Object.assign(element(name, ""), { textContent: cell })));
    const head = element("thead", "", row(table.columns, "th"));
    const body = element("tbody", "", ...table.rows.map((cells) => row(cells, "td")));
    this.table.replaceChildren(head, body);
  }
}

/* Colors. Specs name them, so that one spec serves every theme: "@c0" to "@c7", "@text", "@red/20" … */

const pen = document.createElement("canvas").getContext("2d");

function readTheme(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = hex(read("text-color"));
  const colors = {
    text,
    muted: withAlpha(text, 72),
    grid: withAlpha(text, 12),
    line: withAlpha(text, 30),
    bg: hex(read("background-color")),
    surface: hex(read("secondary-background-color")),
    primary: hex(read("primary-color")),
    red: hex(read("red-color")),
    amber: hex(read("orange-color")),
    green: hex(read("green-color")),
  };
  read("chart-categorical-colors")
    .split(",")
    .forEach((color, place) => {
      colors[`c${place}`] = hex(color.trim());
    });
  const font = read("font");
  return { colors, font, name: `${font} ${Object.values(colors).join(" ")}` };
}

function hex(color) {
  pen.fillStyle = "#808080";
  pen.fillStyle = color;
  return pen.fillStyle;
}

function withAlpha(color, percent) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${percent / 100})`;
}

function resolveColors(spec, { colors }) {
  return spec.replace(/"@([a-z]+\d?)(?:\/(\d{1,3}))?"/g, (token, name, percent) => {
    const color = colors[name];
    if (!color) return token;
    return JSON.stringify(percent ? withAlpha(color, percent) : color);
  });
}

/* What every figure shares, so that specs say only what is theirs. */

function withDefaults(layout, size, id, { colors, font }) {
  const text = { family: font, size: 12, color: colors.muted };
  const axis = {
    automargin: true,
    color: colors.muted,
    gridcolor: colors.grid,
    zerolinecolor: colors.grid,
    linecolor: colors.line,
    tickfont: text,
    title: { font: text, standoff: 8 },
  };
  const defaults = {
    font: { ...text, color: colors.text },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: Object.keys(colors).filter((name) => /^c\d$/.test(name)).map((name) => colors[name]),
    margin: { l: 8, r: 12, t: 12, b: 8 },
    xaxis: { showgrid: false, zeroline: false },
    yaxis: {},
    hoverlabel: { bgcolor: colors.bg, bordercolor: colors.line, font: { ...text, color: colors.text }, align: "left" },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: text },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colors.muted, activecolor: colors.text },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom", // a finger scrolls the page
    uirevision: id, // zoom and hidden traces outlive new data
    ...size,
  };
  const merged = merge(defaults, layout ?? {});
  for (const name of Object.keys(merged)) {
    if (/^[xy]axis\d*$/.test(name)) merged[name] = merge(axis, merged[name]);
  }
  return merged;
}

function config(id) {
  return {
    displaylogo: false,
    displayModeBar: "hover",
    modeBarButtons: [["toImage", "resetScale2d"]],
    toImageButtonOptions: { filename: id, scale: 2 },
  };
}

function merge(defaults, own) {
  const merged = { ...defaults };
  for (const [name, value] of Object.entries(own)) {
    const both = isObject(value) && isObject(defaults[name]);
    merged[name] = both ? merge(defaults[name], value) : value;
  }
  return merged;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function frame() {
  return document.hidden ? undefined : new Promise(requestAnimationFrame);
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}
