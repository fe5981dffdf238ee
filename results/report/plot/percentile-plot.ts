/**
 * The whole distribution on one line: latency against 1/(1 − q) on a logarithmic axis, so that p90, p99 and p99.9
 * lie equally far apart and the tail gets the room it deserves.
 *
 * The objective is a step: up to its quantile a line must stay below the limit, beyond it anything goes.
 */
import { html, type Markup } from "../markup.ts";
import { horizontalAxis, verticalAxis } from "./axes.ts";
import { type Frame, pathStep, px } from "./drawing.ts";
import { type Line, lines } from "./line-chart.ts";
import { logScale, type Scale } from "./scale.ts";

export type Distribution = {
  readonly style: string;
  readonly points: readonly { readonly quantile: number; readonly ms: number }[];
};

/** Between which latencies a line may lie, by quantile. */
export type Area = {
  readonly style: string;
  readonly points: readonly { readonly quantile: number; readonly lowMs: number; readonly highMs: number }[];
};

export type Step = { readonly quantile: number; readonly limitMs: number; readonly label: string };

/** "Nines" as the axis knows them: 10 stands for p90, 1,000 for p99.9. */
export const tailPosition = (quantile: number): number => 1 / Math.max(1 - quantile, 1e-9);

export const percentilePlot = (
  frame: Frame,
  y: Scale,
  data: {
    readonly distributions: readonly Distribution[];
    readonly areas?: readonly Area[];
    readonly step: Step | null;
  },
): Markup => {
  const furthest = Math.max(
    1_000,
    ...data.distributions.flatMap((one) => one.points.map((point) => tailPosition(point.quantile))),
  );
  const x = tailScale(frame, furthest);
  const curves = data.distributions.map(
    (one): Line => ({
      style: one.style,
      points: one.points.map((point) => ({ x: tailPosition(point.quantile), y: point.ms })),
    }),
  );

  return html`${verticalAxis(frame, y)}${horizontalAxis(frame, x, { withLines: true, title: "share of requests that were faster" })}${
    data.step !== null && stepLine(frame, x, y, data.step)
  }${(data.areas ?? []).map((area) => areaPath(x, y, area))}${lines(x, y, curves)}`;
};

/** Along the upper edge and back along the lower one. */
const areaPath = (x: Scale, y: Scale, { style, points }: Area): Markup => {
  const upper = points.map(({ quantile, highMs }) => ({ at: tailPosition(quantile), ms: highMs }));
  const lower = points.map(({ quantile, lowMs }) => ({ at: tailPosition(quantile), ms: lowMs })).toReversed();
  return html`<path class="area ${style}" d="${[...upper, ...lower].map(({ at, ms }, index) =>
    pathStep(index === 0 ? "M" : "L", x.at(at), y.at(ms)),
  )}Z"/>`;
};

const tailScale = (frame: Frame, furthest: number): Scale => {
  const scale = logScale({ domain: [1, furthest], range: [frame.left, frame.right], label: String });
  const marks = [2, 10, 100, 1_000, 10_000, 100_000, 1_000_000].filter(
    (value) => value <= furthest * 1.000_1,
  );
  return { ...scale, ticks: marks.map((value) => ({ value, label: tailLabel(value) })) };
};

const tailLabel = (position: number): string =>
  `${Number(((1 - 1 / position) * 100).toFixed(6)).toString()} %`;

const stepLine = (frame: Frame, x: Scale, y: Scale, step: Step): Markup => {
  const limitY = y.at(step.limitMs);
  const quantileX = x.at(tailPosition(step.quantile));

  return html`<g><path class="limit" d="M${px(frame.left)} ${px(limitY)}L${px(quantileX)} ${px(limitY)}L${px(quantileX)} ${px(frame.top)}"/><text class="limit-label" x="${px(frame.left + 6)}" y="${px(limitY - 6)}">${step.label}</text></g>`;
};
