/**
 * The service level: the whole distribution as a plot, the count of every operation in every phase, and what each
 * fault cost.
 *
 * The verdict of a row rests on exact counts against the limit, not on the percentile beside it, which a histogram
 * rounds.
 */
import { provedFaultCount } from "../../conclusion.ts";
import type { FaultEffect, LatencyPercentiles, RunRecord, ServiceRow } from "../../run-record.ts";
import { count, duration, latency, latencyOrDash, percent, quantileName, times } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { type Breadth, bothBreadths, chartFrame, drawing } from "../plot/drawing.ts";
import { percentilePlot } from "../plot/percentile-plot.ts";
import { logScale } from "../plot/scale.ts";
import { faultName, faultNumber, type Subject } from "../subject.ts";
import { legend } from "./legend.ts";
import { serviceMark } from "./verdict-mark.ts";

export const service = (
  subject: Subject,
): Markup => html`<section id="service" aria-labelledby="service-title">
<h2 id="service-title">Service level</h2>
<p class="lead">A request is good when it was acknowledged within the limit, counted from when it was due. Slow, failed, unknown and dropped ones are bad. The error budget is the bad requests that the objective allows.</p>
${subject.record.service.length === 0 ? html`<p>The run has no objective.</p>` : serviceTable(subject.record)}
${distribution(subject)}
${provedFaultCount(subject.record) > 0 && effectTable(subject.record)}
</section>`;

const serviceHeadings = [
  "n",
  "ok",
  "slow",
  "failed",
  "unknown",
  "dropped",
  "bad, with 95 % interval",
  "p50",
  "p90",
  "p99",
  "p99.9",
  "slowest",
  "budget",
  "verdict",
];

const serviceTable = (
  record: RunRecord,
): Markup => html`<div class="scroll" role="region" aria-label="Service level by operation and phase" tabindex="0"><table class="figures">
<thead><tr><th scope="col">Operation</th><th scope="col">Phase</th>${serviceHeadings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${record.service.map(serviceRow)}</tbody></table></div>`;

const serviceRow = (row: ServiceRow): Markup => {
  const counts = [
    row.requestCount,
    row.okCount,
    row.slowCount,
    row.failCount,
    row.infoCount,
    row.droppedCount,
  ];
  return html`<tr class="${row.phase === null ? "total" : "part"}"><th scope="row">${row.operation}</th><td class="prose">${row.phase ?? `all ${row.kind}`}</td>${counts.map(
    (value) => html`<td class="${value === 0 ? "zero" : ""}">${count(value)}</td>`,
  )}<td><span class="nowrap">${percent(row.badRatio)}</span> <span class="quiet nowrap">${percent(row.badRatioLow)} – ${percent(row.badRatioHigh)}</span></td>${percentileCells(row.latencyMs)}<td class="${row.budgetSpent > 1 ? "bad-text" : ""}">${times(row.budgetSpent)}</td><td>${row.hard ? serviceMark(row.verdict) : html`<span class="quiet">measured: ${row.verdict}</span>`}</td></tr>`;
};

const percentileCells = (of: LatencyPercentiles): readonly Markup[] =>
  [of.p50, of.p90, of.p99, of.p999, of.max].map((ms) => html`<td class="nowrap">${latencyOrDash(ms)}</td>`);

const distribution = (subject: Subject): Markup | null => {
  const { curves } = subject.figures;
  if (curves.length === 0) return null;

  return html`<figure class="chart"><figcaption><h3>Latency by percentile</h3>${legend(
    curves.map((curve) => [
      `line ${curve.operation} ${curve.measure}`,
      `${curve.operation}, ${curve.measure === "response" ? "from when it was due" : "from when it was sent"}`,
    ]),
  )}</figcaption>${bothBreadths((breadth) => percentileDrawing(subject, breadth))}</figure>`;
};

const percentileDrawing = (subject: Subject, breadth: Breadth): Markup => {
  const { curves } = subject.figures;
  const frame = chartFrame(breadth, { height: breadth === "wide" ? 280 : 230, top: 26, bottom: 40 });
  const all = curves.flatMap((curve) => curve.points.map((point) => point.ms));
  const lowest = Math.max(0.01, Math.min(...all));
  const y = logScale({
    domain: [lowest, Math.max(...all, (subject.limit?.ms ?? 0) * 1.5, lowest * 10)],
    range: [frame.bottom, frame.top],
    label: (ms) => latency(ms).replace(/\.0+(?= )/, ""),
  });
  const limit = subject.limit;

  return drawing({
    id: "distribution",
    breadth,
    size: frame,
    title: "Latency by percentile",
    description: curves
      .map(
        (curve) =>
          `${curve.operation} ${curve.measure}: ${[0.5, 0.99, 0.999].map((quantile) => pointText(curve.points, quantile)).join(", ")}`,
      )
      .join(". "),
    content: percentilePlot(frame, y, {
      distributions: curves.map((curve) => ({
        style: `${curve.operation} ${curve.measure}`,
        points: curve.points,
      })),
      step:
        limit === null
          ? null
          : {
              quantile: limit.quantile,
              limitMs: limit.ms,
              label: `${quantileName(limit.quantile)} limit ${latency(limit.ms)}`,
            },
    }),
  });
};

const pointText = (
  points: readonly { readonly quantile: number; readonly ms: number }[],
  quantile: number,
): string => {
  const point = points.find((one) => one.quantile >= quantile);
  return `${quantileName(quantile)} ${point === undefined ? "unknown" : latency(point.ms)}`;
};

const effectTable = (
  record: RunRecord,
): Markup => html`<h3>What each fault cost</h3><div class="scroll" role="region" aria-label="Latency before, during and after each fault" tabindex="0"><table class="figures effects">
<thead><tr><th scope="col" rowspan="2">Fault</th><th scope="colgroup" colspan="2">before</th><th scope="colgroup" colspan="2">during</th><th scope="colgroup" colspan="2">after</th><th scope="col" rowspan="2">first bad second</th><th scope="col" rowspan="2">recovered</th><th scope="col" rowspan="2">bad requests</th><th scope="col" rowspan="2">budget</th></tr>
<tr>${["before", "during", "after"].map(() => html`<th scope="col">p50</th><th scope="col">p99</th>`)}</tr></thead>
<tbody>${record.faultEffects.map((effect) => effectRow(record, effect))}</tbody></table></div>`;

const effectRow = (record: RunRecord, effect: FaultEffect): Markup => {
  const fault = record.faults.find((one) => one.id === effect.fault);
  const name = fault === undefined ? effect.fault : `${faultNumber(record, fault)} ${faultName(fault)}`;

  return html`<tr><th scope="row">${name}</th>${[effect.before, effect.during, effect.after].map(
    (of) =>
      html`<td class="nowrap">${latencyOrDash(of.p50)}</td><td class="nowrap">${latencyOrDash(of.p99)}</td>`,
  )}<td>${effect.firstBadMs === null ? "none" : `after ${duration(effect.firstBadMs)}`}</td><td>${
    effect.recoveryMs === null
      ? html`<b class="bad-text">not in its window</b>`
      : html`after ${duration(effect.recoveryMs)}`
  }</td><td>${count(effect.badCount)}</td><td class="${effect.budgetSpent > 1 ? "bad-text" : ""}">${times(effect.budgetSpent)}</td></tr>`;
};
