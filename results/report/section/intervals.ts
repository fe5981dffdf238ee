/**
 * The same seconds in numbers: on pointing at a chart, and as a table for those who cannot see one.
 */

import type { IntervalFigures } from "../../intervals.ts";
import { count, latencyOrDash } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { type Frame, px } from "../plot/drawing.ts";
import type { Scale } from "../plot/scale.ts";
import type { Subject } from "../subject.ts";

/** Invisible columns over a chart, each with its numbers. */
export const pointing = (frame: Frame, time: Scale, subject: Subject): Markup =>
  html`<g class="pointing">${subject.figures.intervals.map(
    (one) =>
      html`<rect x="${px(time.at(one.from))}" y="${px(frame.top)}" width="${px(time.at(one.until) - time.at(one.from))}" height="${px(frame.bottom - frame.top)}"><title>${intervalSentence(one)}</title></rect>`,
  )}</g>`;

const intervalName = (one: IntervalFigures): string =>
  `${trim((one.from / 1e6).toFixed(1))}–${trim((one.until / 1e6).toFixed(1))} s`;

const trim = (text: string): string => text.replace(/\.0$/, "");

const intervalSentence = (one: IntervalFigures): string =>
  `${intervalName(one)}: ${count(one.okCount)} ok, ${count(one.slowCount)} of them slow, ${count(one.failCount)} failed, ${count(one.infoCount)} unknown, ${count(one.droppedCount)} dropped; p50 ${latencyOrDash(one.p50)}, p99 ${latencyOrDash(one.p99)}, slowest ${latencyOrDash(one.max)}; own lag ${latencyOrDash(one.lagMsMax)}`;

const headings = [
  "Interval",
  "ok",
  "slow",
  "failed",
  "unknown",
  "dropped",
  "p50",
  "p99",
  "p99.9",
  "slowest",
  "own lag",
];

export const intervalTable = (
  subject: Subject,
): Markup => html`<details class="numbers"><summary>The same in numbers</summary><div class="scroll" role="region" aria-label="Figures by interval" tabindex="0"><table class="figures">
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${subject.figures.intervals.map(
  (one) =>
    html`<tr><th scope="row">${intervalName(one)}</th>${[one.okCount, one.slowCount, one.failCount, one.infoCount, one.droppedCount].map((value) => html`<td>${count(value)}</td>`)}${[one.p50, one.p99, one.p999, one.max, one.lagMsMax].map((value) => html`<td>${latencyOrDash(value)}</td>`)}</tr>`,
)}</tbody></table></div></details>`;
