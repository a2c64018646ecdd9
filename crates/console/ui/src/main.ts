// The live drawing of a session: force and set-point over time, from the
// status stream that console.js receives. The page works without it.

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

const SVG = "http://www.w3.org/2000/svg";
// Drawn at the size it is shown, so that letters keep their shape.
const WIDTH = Math.max(320, document.getElementById("live-curve")?.clientWidth ?? 900);
const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 24;

class Curve {
  private points: Status[] = [];
  private readonly force: SVGPathElement;
  private readonly set: SVGPathElement;
  private readonly limit: SVGPathElement;
  private readonly now: SVGPathElement;
  private readonly marks: SVGGElement;

  constructor(private readonly host: HTMLElement) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", host.dataset["label"] ?? "");
    this.marks = document.createElementNS(SVG, "g");
    svg.append(this.marks);
    this.set = line(svg, "live-set");
    this.limit = line(svg, "live-limit");
    this.force = line(svg, "live-force");
    this.now = line(svg, "live-now");
    host.replaceChildren(svg);
  }

  add(update: Update): void {
    if (update.whole) this.points = [];
    for (const point of update.points) {
      const last = this.points.at(-1);
      if (last === undefined || point.t > last.t) this.points.push(point);
    }
    // A session of an hour at ten points a second stays drawable.
    if (this.points.length > 6000) this.points = this.points.filter((_, index) => index % 2 === 0);
    this.draw();
  }

  private draw(): void {
    const last = this.points.at(-1);
    if (last === undefined) return;
    const end = Math.max(last.total, last.t, 1);
    const top = Math.max(10, ...this.points.map((p) => Math.max(p.force ?? 0, p.set, p.ceiling))) * 1.08;
    const x = (t: number): number => LEFT + (t / end) * (WIDTH - LEFT - 8);
    const y = (n: number): number => HEIGHT - BOTTOM - (n / top) * (HEIGHT - BOTTOM - 8);
    this.force.setAttribute("d", path(this.points, x, y, (p) => p.force));
    this.set.setAttribute("d", path(this.points, x, y, (p) => p.set));
    this.limit.setAttribute("d", `M${x(0)} ${y(last.ceiling)}H${x(end)}`);
    this.now.setAttribute("d", `M${x(last.t)} 4V${HEIGHT - BOTTOM}`);
    this.axis(end, top, x, y);
  }

  private axis(end: number, top: number, x: (t: number) => number, y: (n: number) => number): void {
    const marks: SVGElement[] = [];
    const newtons = top > 220 ? 100 : 50;
    for (let n = 0; n < top; n += newtons) {
      const grid = document.createElementNS(SVG, "path");
      grid.setAttribute("class", "live-grid");
      grid.setAttribute("d", `M${LEFT} ${y(n)}H${WIDTH - 8}`);
      marks.push(grid, text(LEFT - 6, y(n) + 5, String(n), "end"));
    }
    const minutes = end > 600 ? 300 : end > 120 ? 60 : 15;
    for (let t = 0; t <= end; t += minutes) {
      marks.push(text(x(t), HEIGHT - 6, clock(t), t === 0 ? "start" : "middle"));
    }
    this.marks.replaceChildren(...marks);
  }
}

function line(svg: SVGElement, name: string): SVGPathElement {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", name);
  svg.append(path);
  return path;
}

function text(x: number, y: number, words: string, anchor: string): SVGTextElement {
  const node = document.createElementNS(SVG, "text");
  node.setAttribute("x", x.toFixed(1));
  node.setAttribute("y", y.toFixed(1));
  node.setAttribute("text-anchor", anchor);
  node.textContent = words;
  return node;
}

function path(
  points: readonly Status[],
  x: (t: number) => number,
  y: (n: number) => number,
  value: (point: Status) => number | null,
): string {
  let pen = "M";
  let out = "";
  for (const point of points) {
    const n = value(point);
    // A gap stays a gap: nobody knows the force where no cell answered.
    if (n === null) { pen = "M"; continue; }
    out += `${pen}${x(point.t).toFixed(1)} ${y(n).toFixed(1)}`;
    pen = "L";
  }
  return out;
}

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
}

const host = document.getElementById("live-curve");
if (host !== null) {
  const curve = new Curve(host);
  document.addEventListener("annulus:status", (event) => {
    curve.add((event as CustomEvent<Update>).detail);
  });
}
