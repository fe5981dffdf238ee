/**
 * The load generator's own lag as a thin strip under a chart, on the same seconds, so that a peak above it is seen at
 * once to be the generator's or not.
 *
 * The strip reaches from zero to the latest sending of the run, but at least to three hundredths of the limit: a lag
 * that cannot matter lies flat. What a request waited for the generator is part of its latency, which counts from when
 * it was due.
 */
import { html, type Markup } from "../markup.ts";
import { bandAreas } from "../plot/band.ts";
import { type Frame, px } from "../plot/drawing.ts";
import { lines } from "../plot/line-chart.ts";
import { linearScale, type Scale } from "../plot/scale.ts";
import type { Subject } from "../subject.ts";
import type { LegendEntry } from "./legend.ts";

const gap = 8;
const height = 26;

/** Pixels that a chart needs between its plot and its axis. */
export const lagRoom = gap + height;

export const lagKey: LegendEntry = ["line lag", "below: the generator's own lag"];

/** Of a limit that is unknown: the usual one's share. */
const leastMs = 9;
const noticed = 0.03;

/** The frame of the strip below `frame`. */
export const lagFrame = (frame: Frame): Frame => ({
  ...frame,
  top: frame.bottom + gap,
  bottom: frame.bottom + lagRoom,
});

/** The strip in its frame, and the edge of the plot above it. */
export const ownLag = (subject: Subject, strip: Frame, time: Scale): Markup => {
  const { intervals } = subject.figures;
  const points = intervals.map((one) => ({ x: (one.from + one.until) / 2, y: one.lagMsMax }));
  const least = subject.limit === null ? leastMs : subject.limit.ms * noticed;
  const mostMs = points.reduce((most, { y }) => Math.max(most, y ?? 0), least);
  const y = linearScale({
    domain: [0, mostMs],
    range: [strip.bottom, strip.top],
    tickCount: 1,
    label: () => "",
  });
  const edge = strip.top - gap;

  return html`<line class="axis" x1="${px(strip.left)}" x2="${px(strip.right)}" y1="${px(edge)}" y2="${px(edge)}"/>${bandAreas(strip, time, subject.bands)}<line class="grid" x1="${px(strip.left)}" x2="${px(strip.right)}" y1="${px(strip.top)}" y2="${px(strip.top)}"/><text class="tick end" x="${px(strip.left - 8)}" y="${px(strip.top + 8)}">${short(mostMs)}</text>${lines(time, y, [{ style: "lag", points }])}`;
};

/** As few letters as there is room for beside a narrow chart: "9 ms", "54 ms", "1.2 s". */
const short = (ms: number): string =>
  ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms < 1 ? ms.toFixed(1) : Math.round(ms)} ms`;
