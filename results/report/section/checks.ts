/**
 * What the judges said, one line each, the worst first; the numbers behind it unfold.
 */
import type { Verdict, VerdictType } from "../../../checkers/verdict.ts";
import type { RunRecord } from "../../run-record.ts";
import { count } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { verdictMark } from "./verdict-mark.ts";

const order: Readonly<Record<VerdictType, number>> = { violated: 0, breached: 1, inconclusive: 2, passed: 3 };

/** The order in which a person wants to know. */
export const worstFirst = (verdicts: readonly Verdict[]): readonly Verdict[] =>
  verdicts.toSorted((a, b) => order[a.type] - order[b.type]);

export const checks = (record: RunRecord): Markup => html`<section id="checks" aria-labelledby="checks-title">
<h2 id="checks-title">What was judged</h2>
${record.defects.length > 0 && defects(record.defects)}<ul class="checks">${worstFirst(record.verdicts).map(check)}</ul>
</section>`;

/** Defects that are told; a history that does not fit together has often many of one kind. */
const toldDefects = 10;

const defects = (all: readonly string[]): Markup =>
  html`<div class="notice"><p>The history does not fit together, so nothing in it can be a pass:</p><ul>${all.slice(0, toldDefects).map((one) => html`<li>${one}</li>`)}</ul>${all.length > toldDefects && html`<p>and ${count(all.length - toldDefects)} more.</p>`}</div>`;

const check = (verdict: Verdict): Markup => {
  const metrics = Object.entries(verdict.metrics);
  const line = html`${verdictMark(verdict.type)}<span class="what"><span class="properties">${verdict.properties.join(" ")}</span> <span class="checker">${verdict.checker}</span></span><span class="summary">${verdict.summary}</span>`;
  if (metrics.length === 0) return html`<li class="${verdict.type}"><div class="check">${line}</div></li>`;

  return html`<li class="${verdict.type}"><details><summary class="check">${line}</summary><dl class="metrics">${metrics.map(
    ([name, value]) =>
      html`<div><dt>${name}</dt><dd>${typeof value === "number" ? metricNumber(value) : value}</dd></div>`,
  )}</dl></details></li>`;
};

const metricNumber = (value: number): string =>
  Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(4)));
