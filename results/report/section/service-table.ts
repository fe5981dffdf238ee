/**
 * One row an operation and phase. The verdict of a row rests on exact counts against the limit, not on the
 * percentile beside it; it stands first, where a narrow window shows it.
 */

import type { ServiceRow } from "../../../checkers/service-level.ts";
import type { RunRecord } from "../../run-record.ts";
import { count, milliseconds, percent, quantileName, times } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { serviceMark } from "./verdict-mark.ts";

const headings = [
  ["requests", "All that were due, the dropped ones too"],
  ["ok", "Acknowledged"],
  ["slow", "Acknowledged, and later than the limit"],
  ["failed", "Definitely did not happen"],
  ["unknown", "May have happened"],
  ["dropped", "Never sent, because too many were in flight"],
  ["bad", "Share of bad requests, and its 95 % interval"],
  ["p50 ms", "Half of the acknowledged requests were faster"],
  ["p90 ms", "Nine in ten were faster"],
  ["p99 ms", "99 in 100 were faster"],
  ["p99.9 ms", "999 in 1,000 were faster"],
  ["slowest ms", "The slowest acknowledged request"],
  ["budget", "Bad requests of those that the objective allows"],
] as const;

/** What the kinds of phases were together, and unfolding each phase on its own. */
export const serviceTable = (record: RunRecord): Markup => {
  const parts = record.service.filter((row) => row.phase !== null);
  return html`${table(
    "Service level by operation and kind of phase",
    record.service.filter((row) => row.phase === null),
  )}${
    parts.length > 0 &&
    html`<details class="numbers"><summary>Each phase on its own</summary>${table("Service level by operation and phase", parts)}</details>`
  }`;
};

const table = (
  label: string,
  rows: readonly ServiceRow[],
): Markup => html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="figures service-levels">
<thead><tr><th scope="col">Operation and phase</th><th scope="col">verdict</th>${headings.map(([name, meaning]) => html`<th scope="col" title="${meaning}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody></table></div>`;

const row = (of: ServiceRow): Markup => {
  const counts = [of.requestCount, of.okCount, of.slowCount, of.failCount, of.infoCount, of.droppedCount];
  const { p50, p90, p99, p999, max } = of.latencyMs;

  return html`<tr${of.hard && html` class="decides"`}>${rowName(of)}<td class="nowrap">${verdictOf(of)}</td>${counts.map(
    (value) => html`<td class="${value === 0 ? "zero" : ""}">${count(value)}</td>`,
  )}<td class="nowrap">${percent(of.badRatio)}<br><span class="quiet">${interval(of)}</span></td>${[
    p50,
    p90,
    p99,
    p999,
    max,
  ].map(
    (ms) => html`<td>${milliseconds(ms)}</td>`,
  )}<td class="${of.budgetSpent > 1 ? "bad-text" : ""}">${times(of.budgetSpent)}</td></tr>`;
};

const rowName = (of: ServiceRow): Markup =>
  html`<th scope="row"><span class="nowrap">${of.operation}, ${of.phase ?? `${of.kind} phases`}</span>${
    of.phase === null &&
    html`<br><span class="quiet nowrap">${quantileName(of.quantile)} within ${count(of.limitMs)} ms</span>`
  }</th>`;

const interval = (of: ServiceRow): string => `${percent(of.badRatioLow)} – ${percent(of.badRatioHigh)}`;

/** Rows that cannot end the run are measured: their word stands without the sign. */
const verdictOf = (of: ServiceRow): Markup => {
  if (of.hard) return serviceMark(of.verdict);
  return html`<span class="quiet">${of.verdict}</span>`;
};
