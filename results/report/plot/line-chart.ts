/**
 * Lines over a scale, with gaps where there is nothing to say.
 *
 * A point is left out when too few requests stand behind it; the line then breaks rather than bridging a second of
 * which nothing is known. A point alone between two gaps becomes a dot.
 */
import { html, type Markup } from "../markup.ts";
import { pathStep } from "./drawing.ts";
import type { Scale } from "./scale.ts";

export type Line = {
  /** A class of the style sheet: "p50", "p99" … */
  readonly style: string;
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
};

export const lines = (x: Scale, y: Scale, all: readonly Line[]): Markup =>
  html`<g>${all.map((line) => {
    const stretches = stretchesOf(line.points);
    const paths = stretches.filter((stretch) => stretch.length > 1);
    const single = stretches.flatMap((stretch) => (stretch.length === 1 ? stretch : []));

    return html`${
      paths.length > 0 &&
      html`<path class="line ${line.style}" d="${paths.map((stretch) => stretch.map((point, index) => pathStep(index === 0 ? "M" : "L", x.at(point.x), y.at(point.y))))}"/>`
    }${dotsAt(x, y, line.style, single)}`;
  })}</g>`;

/** Points that belong to no line, such as the slowest request of each second. */
export const dots = (x: Scale, y: Scale, line: Line): Markup =>
  html`<g>${dotsAt(
    x,
    y,
    line.style,
    line.points.flatMap((point) => (point.y === null ? [] : [{ x: point.x, y: point.y }])),
  )}</g>`;

/** One path of strokes without length, whose round ends are the dots: a fifth of the bytes that circles take. */
const dotsAt = (x: Scale, y: Scale, style: string, points: readonly Point[]): Markup | null =>
  points.length === 0
    ? null
    : html`<path class="dot ${style}" d="${points.map((point) => html`${pathStep("M", x.at(point.x), y.at(point.y))}h0`)}"/>`;

type Point = { readonly x: number; readonly y: number };

const stretchesOf = (points: Line["points"]): readonly (readonly Point[])[] => {
  const stretches: Point[][] = [];
  let open: Point[] = [];
  for (const { x, y } of points) {
    if (y === null || !Number.isFinite(y)) {
      open = [];
      continue;
    }
    if (open.length === 0) stretches.push(open);
    open.push({ x, y });
  }
  return stretches;
};
