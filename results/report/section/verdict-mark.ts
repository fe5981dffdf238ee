/**
 * A verdict as a shape: tick, question mark, exclamation mark, cross, each in its own colour and never by colour
 * alone.
 */

import type { ServiceRow } from "../../../checkers/service-level.ts";
import type { VerdictType } from "../../../checkers/verdict.ts";
import { verdictWords } from "../../conclusion.ts";
import { html, type Markup, verbatim } from "../markup.ts";

const signs: Readonly<Record<VerdictType, Markup>> = {
  passed: verbatim`<path d="M7.2 12.4l3.3 3.3 6.4-7"/>`,
  inconclusive: verbatim`<path d="M9.2 9.6c.2-1.7 1.4-2.6 2.9-2.6 1.7 0 2.9 1 2.9 2.5 0 2-2.9 2.2-2.9 4.3M12.1 17.2v.1"/>`,
  breached: verbatim`<path d="M12 6.6v6.6M12 17.2v.1"/>`,
  violated: verbatim`<path d="M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6"/>`,
};

/** The sign in a disc, hidden from screen readers: a word always stands beside it. */
export const verdictIcon = (type: VerdictType): Markup =>
  html`<svg class="sign ${type}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><circle cx="12" cy="12" r="11"/>${signs[type]}</svg>`;

/** Sign and word together. */
export const verdictMark = (type: VerdictType): Markup =>
  html`<span class="mark ${type}">${verdictIcon(type)}${verdictWords[type].word.toLowerCase()}</span>`;

const serviceSigns: Readonly<Record<ServiceRow["verdict"], VerdictType>> = {
  proved: "passed",
  met: "passed",
  inconclusive: "inconclusive",
  breached: "breached",
};

/** The same for a row of the service-level table, in that table's words. */
export const serviceMark = (verdict: ServiceRow["verdict"]): Markup =>
  html`<span class="mark ${serviceSigns[verdict]}">${verdictIcon(serviceSigns[verdict])}${verdict}</span>`;
