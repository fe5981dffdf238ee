/**
 * Requests as points: when they were due against how long they took, on a logarithmic axis, by uPlot. Dragging
 * zooms into a stretch of time, a double click shows all of it; colours are the page's own, by day and by night.
 */
import uPlot from "uplot";
import style from "uplot/dist/uPlot.min.css";
import { explorableEndings } from "../report/explored-requests.ts";
import type { Explorable, ExplorableRequest } from "./request-data.ts";

const height = 300;
const colours = { ok: "--ok", slow: "--slow", failed: "--fail", unknown: "--info" } as const;

/** Of the page's palette; asked at each drawing, because it changes with the hour. */
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name);

export class RequestPlot {
  readonly #plot: uPlot;
  readonly #data: Explorable;
  readonly #slowestMs: number;
  readonly #fastestMs: number;
  #isOwnZoom = false;

  /** `onZoom` is called with seconds when a person has dragged or double-clicked. */
  constructor(place: HTMLElement, data: Explorable, onZoom: (fromS: number, untilS: number) => void) {
    this.#data = data;
    this.#slowestMs = data.requests.reduce(
      (most, { tookMs }) => Math.max(most, tookMs ?? 0),
      data.limitMs ?? 10,
    );
    const fastest = data.requests.reduce((least, { tookMs }) => Math.min(least, tookMs ?? least), 100);
    this.#fastestMs = Math.max(0.1, fastest * 0.8);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

    this.#plot = new uPlot(
      this.#options(place.clientWidth, onZoom),
      [[], ...explorableEndings.map(() => [])],
      place,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: place.clientWidth, height })).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      this.#plot.redraw(false, true),
    );
  }

  /** In the order in which they were due. One that never completed stands at the upper edge. */
  show(requests: readonly ExplorableRequest[], fromS: number, untilS: number): void {
    const columns = explorableEndings.map((ending) =>
      requests.map((one) =>
        one.ending === ending ? Math.max(this.#fastestMs, one.tookMs ?? this.#slowestMs) : null,
      ),
    );
    this.#isOwnZoom = true;
    this.#plot.batch(() => {
      this.#plot.setData([requests.map(({ dueS }) => dueS), ...columns], false);
      this.#plot.setScale("x", { min: fromS, max: untilS });
      this.#plot.setScale("y", { min: this.#fastestMs, max: this.#slowestMs * 1.3 });
    });
    this.#isOwnZoom = false;
  }

  #options(width: number, onZoom: (fromS: number, untilS: number) => void): uPlot.Options {
    const axis = { stroke: () => colour("--quiet"), font: "11px system-ui, sans-serif" };
    const grid = { stroke: () => colour("--grid"), width: 1 };
    const ticks = { show: false };
    const untilS = this.#data.untilS;
    return {
      width,
      height,
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false },
      scales: { x: { time: false, auto: false, range: [0, untilS] }, y: { distr: 3, auto: false } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          ticks,
          size: 28,
          values: (_, all) => all.map((s) => `${Number(s.toFixed(3))} s`),
        },
        { ...axis, grid, ticks, size: 58, values: (_, all) => all.map(latencyLabel) },
      ],
      series: [
        {},
        ...explorableEndings.map(
          (ending): uPlot.Series => ({
            label: ending,
            paths: () => null,
            points: {
              show: true,
              size: ending === "ok" ? 3 : 5,
              width: 0,
              fill: () => colour(colours[ending]),
              stroke: () => colour(colours[ending]),
            },
          }),
        ),
      ],
      hooks: {
        drawClear: [(plot) => this.#drawBehind(plot)],
        setSelect: [
          (plot) => {
            const { left, width: wide } = plot.select;
            if (wide < 2) return;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onZoom(plot.posToVal(left, "x"), plot.posToVal(left + wide, "x"));
          },
        ],
        ready: [
          (plot) => plot.over.addEventListener("dblclick", () => !this.#isOwnZoom && onZoom(0, untilS)),
        ],
      },
    };
  }

  /** Fault bands and the limit, below the points. */
  #drawBehind(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const at = (seconds: number): number => {
      const x = plot.valToPos(seconds, "x", true);
      return Math.min(Math.max(x, bbox.left), bbox.left + bbox.width);
    };
    ctx.save();
    ctx.fillStyle = colour("--band");
    for (const { fromS, untilS } of this.#data.bands)
      ctx.fillRect(at(fromS), bbox.top, Math.max(0, at(untilS) - at(fromS)), bbox.height);
    if (this.#data.limitMs !== null) {
      const y = plot.valToPos(this.#data.limitMs, "y", true);
      ctx.strokeStyle = colour("--limit");
      ctx.setLineDash([6, 4]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }
}

const latencyLabel = (ms: number | null): string => {
  if (ms === null) return "";
  return ms >= 1_000 ? `${ms / 1_000} s` : `${Number(ms.toFixed(1))} ms`;
};
