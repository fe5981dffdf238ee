/** The service levels that the run was asked for in so many words, with what was measured of each. */
import type { SlaRow } from "../../../checkers/objectives/evaluation.ts";
import type { RunRecord } from "../../run-record.ts";
import { count, milliseconds } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { serviceMark } from "./verdict-mark.ts";

/** A row an expression and window, the worst first; nothing when the run was asked for none. */
export const askedLevels = ({ levels }: RunRecord): Markup | null =>
  levels.length === 0
    ? null
    : html`<h3 class="apart">What was asked for</h3><div class="scroll" role="region" aria-label="Service levels that were asked for" tabindex="0"><table class="figures levels"><thead><tr><th scope="col">Service level</th><th scope="col">verdict</th><th scope="col">requests</th><th scope="col">bad</th><th scope="col">p50 ms</th><th scope="col">p99 ms</th><th scope="col">p99.9 ms</th><th scope="col">slowest ms</th><th scope="col">measured</th></tr></thead><tbody>${levels.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict)).map(row)}</tbody></table></div><h3 class="apart">Every operation and phase</h3>`;

const order: readonly SlaRow["verdict"][] = ["breached", "inconclusive", "met", "proved"];

const row = ({ text, where, verdict, observed, requestCount, badCount, latencyMs: of }: SlaRow): Markup =>
  html`<tr class="decides"><th scope="row"><code>${text}</code><br><span class="quiet">${where}</span></th><td class="nowrap">${serviceMark(verdict)}</td><td>${count(requestCount)}</td><td class="${badCount === 0 ? "zero" : ""}">${count(badCount)}</td>${[
    of?.p50,
    of?.p99,
    of?.p999,
    of?.max,
  ].map((ms) => html`<td>${milliseconds(ms ?? null)}</td>`)}<td class="prose">${observed}</td></tr>`;
