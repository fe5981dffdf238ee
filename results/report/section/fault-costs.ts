/** What each fault did to the load: latencies before, during and after, recovery, and the budget that it burnt. */

import type { FaultEffect, RunRecord } from "../../run-record.ts";
import { count, duration, milliseconds, times } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { faultName, faultNumber } from "../subject.ts";
import { faultStyle } from "./cluster.ts";

/** The table, or nothing when no fault had a window of its own. */
export const faultCosts = (record: RunRecord): Markup | null =>
  record.faultEffects.length === 0
    ? null
    : html`<h3 class="apart">What each fault cost</h3><div class="scroll" role="region" aria-label="Latency before, during and after each fault" tabindex="0"><table class="figures effects">
<thead><tr><th scope="col" rowspan="2">Fault</th><th scope="colgroup" colspan="2">steady before</th><th scope="colgroup" colspan="2">while it held</th><th scope="colgroup" colspan="2">afterwards</th><th scope="col" rowspan="2">first bad second</th><th scope="col" rowspan="2">recovered</th><th scope="col" rowspan="2">bad requests</th><th scope="col" rowspan="2">budget</th></tr>
<tr>${[1, 2, 3].map(() => html`<th scope="col">p50 ms</th><th scope="col">p99 ms</th>`)}</tr></thead>
<tbody>${record.faultEffects.map((effect) => row(record, effect))}</tbody></table></div>`;

const row = (record: RunRecord, effect: FaultEffect): Markup => {
  const fault = record.faults.find((one) => one.id === effect.fault);
  const name =
    fault === undefined
      ? html`${effect.fault}`
      : html`<span class="number ${faultStyle(fault.kind)}">${faultNumber(record, fault)}</span> ${faultName(fault)}`;

  return html`<tr><th scope="row" class="nowrap">${name}</th>${[
    effect.before,
    effect.during,
    effect.after,
  ].map(
    (of) =>
      html`${figure(of.p50, effect.before.p50, of === effect.before)}${figure(of.p99, effect.before.p99, of === effect.before)}`,
  )}<td class="nowrap">${effect.firstBadMs === null ? "none" : delay(effect.firstBadMs)}</td><td class="nowrap">${
    effect.recoveryMs === null ? html`<b class="bad-text">not in its window</b>` : delay(effect.recoveryMs)
  }</td><td>${count(effect.badCount)}</td><td class="${effect.budgetSpent > 1 ? "bad-text" : ""}">${times(effect.budgetSpent)}</td></tr>`;
};

const delay = (ms: number): string => (ms === 0 ? "at once" : `after ${duration(ms)}`);

/** A percentile, and how many times that of the steady phase before it is. */
const figure = (ms: number | null, steadyMs: number | null, isSteady: boolean): Markup =>
  html`<td>${milliseconds(ms)}${
    !isSteady &&
    ms !== null &&
    steadyMs !== null &&
    html`<br><span class="quiet">${times(ms / steadyMs)}</span>`
  }</td>`;
