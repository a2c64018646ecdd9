// The live drawing of a session: force and set-point over time, from the
// status stream that console.js receives. The page works without it.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

interface Status {
  readonly t: number;
  readonly force: number | null;
  readonly set: number;
  readonly ceiling: number;
  readonly total: number;
}

interface Update {
  readonly points: readonly Status[];
  readonly whole: boolean;
}

/** A session of an hour at ten points a second stays drawable. */
const MOST = 6000;
const HEIGHT = 180;
/** Room beside the curve for the names of its lines. */
const LABELS = 140;

/** A colour of the page; it changes with its light. */
const token = (name: string) => (): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Nothing of a session is smaller: it is read from two metres. */
const type = (ratio = 1): string => `${18 * ratio}px ${token("--font")()}`;

class Curve {
  private points: Status[] = [];
  private readonly plot: uPlot;

  constructor(private readonly host: HTMLElement) {
    host.replaceChildren();
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", host.dataset["label"] ?? "");
    this.plot = new uPlot(this.options(), [[], [], [], []], host);
    new ResizeObserver(() => this.plot.setSize(this.size())).observe(host);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.plot.redraw());
  }

  add(update: Update): void {
    if (update.whole) this.points = [];
    for (const point of update.points) {
      const last = this.points.at(-1);
      if (last === undefined || point.t > last.t) this.points.push(point);
    }
    if (this.points.length > MOST) this.points = this.points.filter((_, index) => index % 2 === 0);
    // A gap stays a gap: nobody knows the force where no cell answered.
    this.plot.setData([
      this.points.map((point) => point.t),
      this.points.map((point) => point.force),
      this.points.map((point) => point.set),
      this.points.map((point) => point.ceiling),
    ]);
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(280, this.host.clientWidth), height: Math.min(HEIGHT, Math.max(110, innerHeight * 0.15)) };
  }

  private options(): uPlot.Options {
    const line = { stroke: token("--ink-2"), font: type(), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false } };
    return {
      ...this.size(),
      // Beside the lines stand their names, with their numbers.
      padding: [12, LABELS, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [0, Math.max(this.points.at(-1)?.total ?? 0, this.points.at(-1)?.t ?? 0, 1)] },
        y: { range: () => [0, 1.08 * Math.max(10, ...this.points.map((p) => Math.max(p.force ?? 0, p.set, p.ceiling)))] },
      },
      axes: [
        { ...line, grid: { show: false }, size: 30, space: 90, incrs: [15, 30, 60, 120, 300, 600, 900], values: (_, marks) => marks.map(clock) },
        { ...line, size: 56, space: 30, incrs: [25, 50, 100, 200] },
      ],
      series: [
        {},
        { stroke: token("--act"), width: 2.5, points: { show: false }, spanGaps: false },
        { stroke: token("--ink-2"), width: 1.5, dash: [5, 4], points: { show: false } },
        { stroke: token("--care"), width: 1.5, points: { show: false } },
      ],
      hooks: { draw: [(plot) => { this.now(plot); this.names(plot); }] },
    };
  }

  /** What is asked and the most that is allowed, named at their heights, neither over the other. */
  private names(plot: uPlot): void {
    const last = this.points.at(-1);
    if (last === undefined) return;
    const { ctx, bbox } = plot;
    const apart = 20 * devicePixelRatio;
    const at = (value: number): number => plot.valToPos(value, "y", true);
    const [low, high] = [bbox.top + bbox.height - apart / 2, bbox.top + apart / 2];
    const ceiling = Math.min(Math.max(at(last.ceiling), high - apart / 2), low - apart);
    const set = Math.min(Math.max(at(last.set), ceiling + apart), low);
    const { ceiling: most = "", set: asked = "" } = this.host.dataset;
    ctx.save();
    ctx.font = type(devicePixelRatio);
    [ctx.textBaseline, ctx.textAlign] = ["middle", "left"];
    for (const [y, words, colour] of [[ceiling, `${most} ${last.ceiling.toFixed(0)}`, "--care"], [set, `${asked} ${last.set.toFixed(0)}`, "--ink-2"]] as const) {
      ctx.fillStyle = token(colour)();
      ctx.fillText(words, bbox.left + bbox.width + 8 * devicePixelRatio, y);
    }
    ctx.restore();
  }

  /** A line where the session is. */
  private now(plot: uPlot): void {
    const last = this.points.at(-1);
    if (last === undefined) return;
    const x = plot.valToPos(last.t, "x", true);
    plot.ctx.save();
    plot.ctx.strokeStyle = token("--ink")();
    plot.ctx.lineWidth = 2 * devicePixelRatio;
    plot.ctx.beginPath();
    plot.ctx.moveTo(x, plot.bbox.top);
    plot.ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
    plot.ctx.stroke();
    plot.ctx.restore();
  }
}

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
}

const host = document.getElementById("live-curve");
if (host !== null) {
  // Made when there is something to draw: the page is seen before.
  let curve: Curve | null = null;
  document.addEventListener("annulus:status", (event) => {
    curve ??= new Curve(host);
    curve.add((event as CustomEvent<Update>).detail);
  });
}
