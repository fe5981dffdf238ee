/**
 * Both sides in one drawing: distributions, over pairs with the room that these leave; the course of percentiles over
 * time, of one run a side; and the ratios of single pairs.
 */

import type { PercentileCurve } from "../report/figures.ts";
import { html, type Markup } from "../report/markup.ts";
import { horizontalAxis, verticalAxis } from "../report/plot/axes.ts";
import { bandAreas, bandLabels } from "../report/plot/band.ts";
import { type Breadth, bothBreadths, chartFrame, drawing, type Frame, px } from "../report/plot/drawing.ts";
import { lines } from "../report/plot/line-chart.ts";
import { percentilePlot } from "../report/plot/percentile-plot.ts";
import { linearScale, logScale, type Scale, timeScale } from "../report/plot/scale.ts";
import { legend } from "../report/section/legend.ts";
import { subjectOf } from "../report/subject.ts";
import { latency } from "../units.ts";
import type { Comparison } from "./comparison.ts";
import type { PercentileBand } from "./percentile-band.ts";

const frames: Readonly<Record<Breadth, Frame>> = {
  wide: { width: 530, height: 330, left: 62, right: 520, top: 16, bottom: 290 },
  narrow: { width: 358, height: 270, left: 46, right: 350, top: 16, bottom: 230 },
};

type Window = PercentileCurve["window"];
const windows: readonly (readonly [Window, string])[] = [
  ["steady", "Steady phases"],
  ["faults", "Fault and recovery windows"],
];

/** Response by percentile, an operation a colour: over pairs where there are some, else of the two runs. */
export const distributions = (comparison: Comparison): Markup => {
  const { bands = [] } = comparison;
  const isBanded = bands.length > 0;
  return html`<div class="halves">${isBanded && [overPairs(bands), ratiosOverPairs(bands)]}${windows
    .filter(([window]) => !(isBanded && window === "steady"))
    .map(([window, title]) => ofRuns(comparison, window, title))}</div><p class="lead">${
    isBanded ? bandSentence(bands) : noBandSentence
  }</p>`;
};

export const noBandSentence =
  "There is no band around these lines: how far two runs of one build lie apart is known from pairs only (tipcart ab), and the seconds of a single run would make it look less than it is.";

export const bandSentence = (bands: readonly PercentileBand[]): string =>
  `Steady phases over ${bands[0]?.pairCount ?? 0} pairs of runs: the dashed line is the baseline's median, the band holds the candidate's line with 90 % confidence (whole pairs drawn again). Where the dashed line leaves the band, the builds differ by more than the pairs do.`;

const ofRuns = (comparison: Comparison, window: Window, title: string): Markup | null => {
  const curves = sides(comparison).flatMap(({ style, figures }) =>
    figures.curves
      .filter((curve) => curve.window === window && curve.measure === "response")
      .map((curve) => ({ style: `${curve.operation} ${style}`, points: curve.points })),
  );
  if (curves.length === 0) return null;
  const operations = [...new Set(curves.map(({ style }) => style.split(" ")[0] ?? ""))];
  return html`<figure><figcaption><b>${title}</b>${legend(operations.map((name) => [`line ${name}`, name]))}</figcaption>${bothBreadths(
    (breadth) => {
      const frame = frames[breadth];
      const y = latencyAxis(
        frame,
        curves.flatMap(({ points }) => points.map(({ ms }) => ms)),
      );
      return drawing({
        id: `compared-${window}`,
        breadth,
        size: frame,
        title: `Latency by percentile, ${title.toLowerCase()}`,
        description: "Solid lines are the candidate's, dashed ones the baseline's.",
        content: percentilePlot(frame, y, { distributions: curves, step: null }),
      });
    },
  )}</figure>`;
};

const bandLegend = (bands: readonly PercentileBand[]): Markup =>
  legend(
    bands.flatMap(({ operation }) => [
      [`line ${operation}`, operation] as const,
      [`box area ${operation}`, "90 %"] as const,
    ]),
  );

const overPairs = (bands: readonly PercentileBand[]): Markup => {
  const medians = bands.flatMap(({ operation, points }) => [
    {
      style: `${operation} baseline`,
      points: points.map(({ quantile, baselineMs }) => ({ quantile, ms: baselineMs })),
    },
    {
      style: `${operation} candidate`,
      points: points.map(({ quantile, candidateMs }) => ({ quantile, ms: candidateMs })),
    },
  ]);
  const areas = bands.map(({ operation, points }) => ({ style: operation, points }));
  const all = bands.flatMap(({ points }) =>
    points.flatMap(({ baselineMs, lowMs, highMs }) => [baselineMs, lowMs, highMs]),
  );
  return html`<figure><figcaption><b>Steady phases</b>${bandLegend(bands)}</figcaption>${bothBreadths(
    (breadth) => {
      const frame = frames[breadth];
      return drawing({
        id: "compared-steady",
        breadth,
        size: frame,
        title: "Latency by percentile over all pairs",
        description: "Solid lines are the candidate's with their bands, dashed ones the baseline's.",
        content: percentilePlot(frame, latencyAxis(frame, all), {
          distributions: medians,
          areas,
          step: null,
        }),
      });
    },
  )}</figure>`;
};

/** The same band without the latencies: what is left is the difference, at a scale of its own. */
const ratiosOverPairs = (bands: readonly PercentileBand[]): Markup => {
  const ratios = bands.map(({ operation, points }) => ({
    operation,
    points: points.map(({ quantile, baselineMs, candidateMs, lowMs, highMs }) => ({
      quantile,
      ms: candidateMs / baselineMs,
      lowMs: lowMs / baselineMs,
      highMs: highMs / baselineMs,
    })),
  }));
  const all = ratios.flatMap(({ points }) => points.flatMap(({ lowMs, highMs }) => [lowMs, highMs]));
  return html`<figure><figcaption><b>Candidate over baseline</b>${bandLegend(bands)}</figcaption>${bothBreadths(
    (breadth) => {
      const frame = frames[breadth];
      const y = linearScale({
        domain: [Math.min(0.9, ...all), Math.max(1.1, ...all)],
        range: [frame.bottom, frame.top],
        tickCount: 5,
        label: (ratio) => `${ratio.toFixed(2)}×`,
      });
      return drawing({
        id: "compared-ratio",
        breadth,
        size: frame,
        title: "Candidate over baseline by percentile, over all pairs",
        description: "A band that does not touch 1.00× is a difference that the pairs agree on.",
        content: html`${percentilePlot(frame, y, {
          distributions: ratios.map(({ operation, points }) => ({ style: operation, points })),
          areas: ratios.map(({ operation, points }) => ({ style: operation, points })),
          step: null,
        })}<line class="equal" x1="${px(frame.left)}" x2="${px(frame.right)}" y1="${px(y.at(1))}" y2="${px(y.at(1))}"/>`,
      });
    },
  )}</figure>`;
};

/** p50 and p99 over each run's own time; the bands are the candidate's faults. */
export const courses = (comparison: Comparison): Markup => {
  const until = Math.max(...sides(comparison).map(({ figures }) => figures.until));
  const { bands } = subjectOf(comparison.candidate.record, comparison.candidate.figures);
  const all = sides(comparison).flatMap(({ style, figures }) =>
    (["p50", "p99"] as const).map((name) => ({
      style: `${name} ${style}`,
      points: figures.intervals.map((one) => ({ x: (one.from + one.until) / 2, y: one[name] })),
    })),
  );
  return html`<figure class="chart"><figcaption><h3>Latency by second</h3>${legend(
    (["p50", "p99"] as const)
      .filter((name) =>
        sides(comparison).some(({ figures }) => figures.intervals.some((one) => one[name] !== null)),
      )
      .map((name) => [`line ${name}`, name]),
  )}</figcaption>${bothBreadths((breadth) => {
    const frame = chartFrame(breadth, { height: 230, top: 22, bottom: 26 });
    const time = timeScale({
      domain: [0, until],
      range: [frame.left, frame.right],
      tickCount: breadth === "wide" ? 12 : 5,
    });
    const y = latencyAxis(
      frame,
      all.flatMap(({ points }) => points.flatMap((point) => point.y ?? [])),
    );
    return drawing({
      id: "compared-course",
      breadth,
      size: frame,
      title: "Latency of both runs by second",
      description: "Solid lines are the candidate's, dashed ones the baseline's.",
      content: html`${bandAreas(frame, time, bands)}${verticalAxis(frame, y)}${lines(time, y, all)}${horizontalAxis(frame, time)}${bandLabels(frame, time, bands)}`,
    });
  })}</figure>`;
};

const dotsFrame: Frame = { width: 130, height: 24, left: 4, right: 126, top: 3, bottom: 21 };

/** A dot a pair on a logarithmic axis, from half to twice, with a line where both are equal. */
export const pairDots = (id: string, name: string, ratios: readonly number[]): Markup => {
  const x = logScale({ domain: [0.5, 2], range: [dotsFrame.left, dotsFrame.right], label: String });
  const middle = (dotsFrame.top + dotsFrame.bottom) / 2;
  return drawing({
    id,
    breadth: "any",
    size: dotsFrame,
    title: `Ratios of the pairs, ${name}`,
    description: ratios.map((ratio) => `${ratio.toFixed(2)} times`).join(", "),
    content: html`<line class="mark" x1="${px(x.at(1))}" x2="${px(x.at(1))}" y1="${px(dotsFrame.top)}" y2="${px(dotsFrame.bottom)}"/>${ratios.map(
      (ratio) => html`<circle class="dot pair" cx="${px(x.at(ratio))}" cy="${px(middle)}" r="2.6"/>`,
    )}`,
  });
};

const sides = ({ baseline, candidate }: Comparison) => [
  { style: "baseline", figures: baseline.figures },
  { style: "candidate", figures: candidate.figures },
];

const latencyAxis = (frame: Frame, all: readonly number[]): Scale => {
  const lowest = Math.max(
    0.01,
    all.reduce((least, ms) => Math.min(least, ms), 100),
  );
  const highest = all.reduce((most, ms) => Math.max(most, ms), lowest * 10);
  return logScale({
    domain: [lowest, highest * 1.05],
    range: [frame.bottom, frame.top],
    label: (ms) => latency(ms).replace(/\.0+(?= )/, ""),
  });
};
