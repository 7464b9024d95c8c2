// One chart: a <figure data-chart> with its lines, its legend and what is said of it.
(() => {
  "use strict";
  const HEIGHT = 168;
  const TONES = ["--rg-accent", "--rg-green", "--rg-amber", "--rg-ember"];
  const sync = uPlot.sync("figures");
  const words = window.redisgate.figureWords;

  // A canvas knows no variables and no light-dark(): let an element work the colour out.
  const colourOf = (variable) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${variable})`;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  };
  const translucent = (colour, share) => `rgba(${colour.match(/[\d.]+/g).slice(0, 3).join(", ")}, ${share})`;

  // Steps that are round for a reader: powers of two for bytes, no half clients.
  const ROUND = [1, 2, 5].flatMap((first) => [...Array(13).keys()].map((zeros) => first * 10 ** zeros)).sort((a, b) => a - b);
  const BINARY = [...Array(44).keys()].map((power) => 2 ** power);
  const STEPS = { "bytes": BINARY, "bytes/s": BINARY, "count": ROUND, "ratio": ROUND.map((step) => step / 1000) };

  const DAY = 86400;
  const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const calendar = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });
  const isMidnight = (date) => date.getHours() === 0 && date.getMinutes() === 0;
  const moments = (splits, step) =>
    splits.map((second) => {
      const date = new Date(second * 1000);
      return step >= DAY || isMidnight(date) ? calendar.format(date) : clock.format(date);
    });

  const lastOf = (values) => values.findLast((value) => value !== null) ?? null;
  const totalOf = (values) => values.reduce((sum, value) => sum + (value ?? 0), 0);
  const highestOf = (values) => values.reduce((most, value) => (value !== null && value > most ? value : most), 0);

  // A sample between two gaps has no line, so that nobody would see it without a point.
  const alone = (values) => values.flatMap((value, at) => (value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null ? [at] : []));
  const points = { show: true, size: 5, filter: (plot, series) => alone(plot.data[series]) };

  class Chart {
    constructor(figure) {
      this.figure = figure;
      this.unit = figure.dataset.unit;
      this.names = figure.dataset.series.split(" ");
      // What is counted has a total; of what is measured the last value tells most.
      this.worth = "totals" in figure.dataset ? totalOf : lastOf;
      this.said = "totals" in figure.dataset ? "in all" : "now";
      this.faint = new Set(figure.dataset.faint.split(" "));
      this.box = figure.querySelector("[data-plot]");
      this.span = [0, 1];
      this.lines = [];
    }

    show(figures, rangeName) {
      const byName = new Map(figures.series.map((each) => [each.name, each]));
      this.lines = this.names.map((name) => byName.get(name));
      this.span = [figures.from, figures.to];
      this.data = [figures.times, ...this.lines.map((each) => each.values)];
      if (this.plot) this.plot.setData(this.data);
      else this.draw();
      this.say(rangeName);
    }

    // Also when the theme has changed: the colours are in the drawing.
    draw() {
      this.plot?.destroy();
      this.drawLegend();
      this.plot = new uPlot(this.options(), this.data, this.box);
      this.tell(null);
    }

    resize() {
      if (this.plot && this.box.clientWidth) this.plot.setSize({ width: this.box.clientWidth, height: HEIGHT });
    }

    options() {
      const muted = colourOf("--rg-muted");
      const line = colourOf("--rg-line");
      const font = `11px ${getComputedStyle(document.body).fontFamily}`;
      const axis = { stroke: muted, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
      return {
        width: this.box.clientWidth || 320,
        height: HEIGHT,
        padding: [8, 20, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: sync.key, setSeries: false }, drag: { x: false, y: false }, points: { size: 6 } },
        scales: { x: { range: () => this.span }, y: { range: (_, __, most) => [0, this.top(most)] } },
        axes: [
          { ...axis, size: 30, space: 64, grid: { show: false }, values: (_, splits, __, ___, step) => moments(splits, step) },
          { ...axis, ...this.steps(), size: 66, space: 32, values: (_, splits) => splits.map((value) => this.mark(value)) },
        ],
        series: [{}, ...this.lines.map((each, index) => this.stroke(each, index, muted))],
        hooks: { setCursor: [(plot) => this.tell(plot.cursor.idx ?? null)] },
      };
    }

    steps() {
      const incrs = STEPS[this.unit];
      return incrs ? { incrs } : {};
    }

    mark(value) {
      return value === 0 ? "0" : words(value, this.unit);
    }

    top(most) {
      if (this.figure.dataset.chart === "hit_ratio") return 1.04; // a point at 100 % is seen whole
      if (this.unit === "ratio") return Math.max(most * 1.12, 0.01);
      if (most) return most * 1.12;
      return { "bytes": 1024, "bytes/s": 1024, "seconds": 0.001 }[this.unit] ?? 1;
    }

    stroke(each, index, muted) {
      if (this.faint.has(each.name)) {
        const dash = each.name.endsWith("_max") ? [] : [3, 4];
        return { label: each.label, stroke: translucent(muted, 0.7), width: 1, dash, points: { show: false } };
      }
      const colour = colourOf(TONES[index % TONES.length]);
      const fill = index === 0 ? translucent(colour, 0.1) : undefined;
      return { label: each.label, stroke: colour, width: 1.75, fill, points: { ...points, fill: colour } };
    }

    drawLegend() {
      const list = this.figure.querySelector("[data-legend]");
      list.replaceChildren();
      this.cells = this.lines.map((each, index) => {
        const item = document.createElement("li");
        const mark = document.createElement("span");
        mark.className = "rg-legend-mark";
        mark.dataset.tone = this.faint.has(each.name) ? "faint" : String(index % TONES.length);
        const value = document.createElement("span");
        value.className = "rg-number";
        item.append(mark, `${each.label} `, value);
        list.append(item);
        return value;
      });
    }

    // Write the values under the cursor, or what the whole range is worth.
    tell(index) {
      this.lines.forEach((each, at) => {
        const value = index === null ? this.worth(each.values) : each.values[index];
        this.cells[at].textContent = words(value, this.unit);
      });
    }

    say(rangeName) {
      const told = this.lines.filter((each) => !this.faint.has(each.name));
      const now = (each) => words(this.worth(each.values), this.unit);
      const said = told.map((each) => `${told.length > 1 ? `${each.label} ` : ""}${this.said} ${now(each)}, at most ${words(highestOf(each.values), this.unit)}`);
      // Of lines that don't add up the first is the chart's own.
      const sum = told.reduce((before, each) => before + (this.worth(each.values) ?? 0), 0);
      this.figure.querySelector("[data-now]").textContent = "sums" in this.figure.dataset ? words(sum, this.unit) : now(told[0]);
      this.box.setAttribute(
        "aria-label",
        `${this.figure.dataset.title} of the last ${rangeName}: ${said.join("; ")}. All numbers are in the table.`,
      );
      if (this.plot.cursor.idx === null || this.plot.cursor.left < 0) this.tell(null);
    }
  }

  window.redisgate.FigureChart = Chart;
})();
