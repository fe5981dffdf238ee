/**
 * What clients saw, second by second: four charts over one time axis, so that a stall can be followed downwards
 * from its latency to the requests that it spoiled, each with the load generator's own lag under it.
 *
 * Latency counts from the moment the plan wanted a request, not from when it could be sent; a stall therefore shows
 * in all the requests that it held up.
 */

import { count, latency as latencyText, quantileName } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { horizontalAxis, limitLine, verticalAxis } from "../plot/axes.ts";
import { bandAreas, bandLabels } from "../plot/band.ts";
import { bars } from "../plot/bars.ts";
import { type Breadth, bothBreadths, chartFrame, drawing, type Frame } from "../plot/drawing.ts";
import { heatLevels, heatMap } from "../plot/heat-map.ts";
import { dots, lines } from "../plot/line-chart.ts";
import { linearScale, logScale, type Scale } from "../plot/scale.ts";
import { type Subject, timeAxis } from "../subject.ts";
import { intervalTable, pointing } from "./intervals.ts";
import { type LegendEntry, legend } from "./legend.ts";
import { lagFrame, lagKey, lagRoom, ownLag } from "./own-lag.ts";

export const latency = (
  subject: Subject,
): Markup => html`<section id="latency" aria-labelledby="latency-title">
<h2 id="latency-title">What clients saw</h2>
<p class="lead">Latency is counted from the moment a request was due, so a stall shows in every request that it held up. Shaded: a fault was seen to hold; lighter: its recovery window.</p>
${chart(subject, {
  id: "percentiles",
  title: "Latency by second",
  height: 230,
  key: legend([
    ...(["p50", "p99", "p999"] as const).flatMap((name) => percentileKey(subject, name)),
    ["dot slowest", "slowest"],
    ...limitKey(subject),
  ]),
  description: "Percentiles of acknowledged requests in each second, on a logarithmic scale.",
  content: percentiles,
})}${chart(subject, {
  id: "heat",
  title: "Every request, by second and latency",
  height: 230,
  key: html`${heatLegend()}${legend(limitKey(subject))}`,
  description: "Each cell counts the acknowledged requests of one second and one range of latencies.",
  content: heat,
})}${chart(subject, {
  id: "rate",
  title: "Requests per second",
  height: 110,
  key: legend([
    ["box ok", "due, and acknowledged"],
    ["box bad", "due, and failed, unknown or dropped"],
    ["line answered-rate", "acknowledged in this second"],
  ]),
  description:
    "How many requests were due in each second and how they ended, and as a line how many were acknowledged in it.",
  content: rate,
})}${chart(subject, {
  id: "bad",
  title: "Requests outside the objective, per second",
  height: 110,
  key: legend([
    ["box slow", "slow"],
    ["box fail", "failed"],
    ["box info", "unknown"],
    ["box dropped", "dropped unsent"],
  ]),
  description: "Requests of each second that were slow, failed, of unknown outcome, or never sent.",
  content: bad,
})}${intervalTable(subject)}
</section>`;

type Content = (subject: Subject, frame: Frame, time: Scale) => Markup;

const chart = (
  subject: Subject,
  options: {
    readonly id: string;
    readonly title: string;
    readonly height: number;
    readonly key: Markup;
    readonly description: string;
    readonly content: Content;
  },
): Markup =>
  html`<figure class="chart"><figcaption><h3>${options.title}</h3><div class="keys">${options.key}${legend([lagKey])}</div></figcaption>${bothBreadths((breadth) => draw(subject, options, breadth))}</figure>`;

const draw = (
  subject: Subject,
  options: {
    readonly id: string;
    readonly title: string;
    readonly height: number;
    readonly description: string;
    readonly content: Content;
  },
  breadth: Breadth,
): Markup => {
  const frame = chartFrame(breadth, { height: options.height, top: 22, bottom: lagRoom + 26 });
  const strip = lagFrame(frame);
  const time = timeAxis(subject, frame, breadth);
  return drawing({
    id: options.id,
    breadth,
    size: frame,
    title: options.title,
    description: `${options.description} Below, how late the load generator itself sent its latest request of each second.`,
    content: html`${bandAreas(frame, time, subject.bands)}${options.content(subject, frame, time)}${ownLag(subject, strip, time)}${horizontalAxis(strip, time)}${bandLabels(frame, time, subject.bands)}${breadth === "wide" && pointing({ ...frame, bottom: strip.bottom }, time, subject)}`,
  });
};

/** Covers all acknowledged requests and the limit, in whole decades or halves of them. */
export const latencyScale = (subject: Subject, frame: Frame): Scale => {
  const { edgesMs, columns } = subject.figures.heat;
  const used = edgesMs.filter((_, row) => columns.some((column) => (column[row] ?? 0) > 0));
  const lowest = Math.min(...used, (subject.limit?.ms ?? 100) / 30);
  const slowest = Math.max(
    ...subject.figures.intervals.map((one) => one.max ?? 0),
    (subject.limit?.ms ?? 0) * 1.5,
    lowest * 10,
  );
  return logScale({
    domain: [lowest, slowest * 1.1],
    range: [frame.bottom, frame.top],
    label: (ms) => latencyText(ms).replace(/\.0+(?= )/, ""),
  });
};

const limit = (subject: Subject, frame: Frame, y: Scale): Markup | null =>
  subject.limit === null ? null : limitLine(frame, y.at(subject.limit.ms));

/** Of a percentile that is drawn at all. */
const percentileKey = ({ figures }: Subject, name: "p50" | "p99" | "p999"): readonly LegendEntry[] =>
  figures.intervals.some((one) => one[name] !== null)
    ? [[`line ${name}`, name === "p999" ? "p99.9" : name]]
    : [];

const limitKey = ({ limit: of }: Subject): readonly LegendEntry[] =>
  of === null ? [] : [["line limit", `${quantileName(of.quantile)} limit ${latencyText(of.ms)}`]];

const percentiles: Content = (subject, frame, time) => {
  const y = latencyScale(subject, frame);
  const at = (value: (interval: (typeof subject.figures.intervals)[number]) => number | null) =>
    subject.figures.intervals.map((one) => ({ x: (one.from + one.until) / 2, y: value(one) }));

  return html`${verticalAxis(frame, y)}${dots(time, y, { style: "slowest", points: at((one) => one.max) })}${lines(
    time,
    y,
    [
      { style: "p50", points: at((one) => one.p50) },
      { style: "p99", points: at((one) => one.p99) },
      { style: "p999", points: at((one) => one.p999) },
    ],
  )}${limit(subject, frame, y)}`;
};

const heat: Content = (subject, frame, time) => {
  const y = latencyScale(subject, frame);
  const { intervals, heat: cells } = subject.figures;
  const columns = cells.columns.flatMap((counts, index) => {
    const interval = intervals[index];
    return interval === undefined ? [] : [{ from: interval.from, until: interval.until, counts }];
  });

  return html`${verticalAxis(frame, y)}${heatMap(time, y, { rowEdges: cells.edgesMs, columns })}${limit(subject, frame, y)}`;
};

const heatLegend = (): Markup =>
  html`<p class="legend">one <span class="ramp" aria-hidden="true">${Array.from({ length: heatLevels }, (_, index) => html`<i class="h${index + 1}"></i>`)}</span> most requests in a cell</p>`;

const rateScale = (frame: Frame, most: number, tickCount: number): Scale =>
  linearScale({
    domain: [0, Math.max(1, most * 1.08)],
    range: [frame.bottom, frame.top],
    tickCount,
    label: count,
    stepLeast: 1,
  });

const rate: Content = (subject, frame, time) => {
  const all = subject.figures.intervals.map((one) => {
    const perSecond = 1e6 / (one.until - one.from);
    const notOk = one.failCount + one.infoCount + one.droppedCount;
    return {
      ...one,
      parts: [
        { style: "ok", value: one.okCount * perSecond },
        { style: "bad", value: notOk * perSecond },
      ],
    };
  });
  const answered = subject.figures.intervals.map((one) => ({
    x: (one.from + one.until) / 2,
    y: (one.answeredCount * 1e6) / (one.until - one.from),
  }));
  const most = Math.max(
    ...all.map((bar) => bar.parts.reduce((sum, part) => sum + part.value, 0)),
    ...answered.map((point) => point.y),
    1,
  );
  const y = rateScale(frame, most, 3);
  return html`${verticalAxis(frame, y)}${bars(time, y, all)}${lines(time, y, [{ style: "answered-rate", points: answered }])}`;
};

const bad: Content = (subject, frame, time) => {
  const all = subject.figures.intervals.map((one) => {
    const perSecond = 1e6 / (one.until - one.from);
    return {
      ...one,
      parts: [
        { style: "slow", value: one.slowCount * perSecond },
        { style: "fail", value: one.failCount * perSecond },
        { style: "info", value: one.infoCount * perSecond },
        { style: "dropped", value: one.droppedCount * perSecond },
      ],
    };
  });
  const most = Math.max(...all.map((bar) => bar.parts.reduce((sum, part) => sum + part.value, 0)), 4);
  const y = rateScale(frame, most, 3);
  return html`${verticalAxis(frame, y)}${bars(time, y, all)}`;
};
