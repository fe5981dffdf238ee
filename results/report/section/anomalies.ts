/**
 * What went wrong, and apart from it what may go wrong: anomalies of properties that the run's configuration does
 * not promise, or that the run expects, are told as well, but a run that passed does not open with them.
 */
import { type Anomaly, anomalyLimit, type Verdict } from "../../../checkers/verdict.ts";
import { counted } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import type { Subject } from "../subject.ts";
import { anomalyCard } from "./anomaly-card.ts";
import { worstFirst } from "./checks.ts";

/** Anomalies of a check that stand open, and those that have a card of their own at first sight. */
const openCards = 2;
const cardsAtSight = 4;

/** Diagrams of messages where nothing went wrong; there and beyond the first cards they would be most of the page. */
const messagesOfAllowed = 1;

/** Of checks that did not pass; nothing when there are none. */
export const anomalies = (subject: Subject): Markup | null => {
  const verdicts = worstFirst(subject.record.verdicts).filter(
    (verdict) => verdict.type !== "passed" && verdict.anomalyCount > 0,
  );
  if (verdicts.length === 0) return null;

  return html`<section id="anomalies" aria-labelledby="anomalies-title">
<h2 id="anomalies-title">What went wrong</h2>
${verdicts.map((verdict) => ofVerdict(subject, verdict, openCards))}
</section>`;
};

/** Of checks that passed all the same; nothing when there are none. */
export const allowedAnomalies = (subject: Subject): Markup | null => {
  const verdicts = subject.record.verdicts.filter(
    (verdict) => verdict.type === "passed" && verdict.anomalyCount > 0,
  );
  if (verdicts.length === 0) return null;

  return html`<section id="allowed" class="allowed" aria-labelledby="allowed-title">
<h2 id="allowed-title">What this run was not promised</h2>
<p class="lead">Nothing here counts against the run: its configuration does not rule these out, or the plan expects them. They are counted and told all the same.</p>
${verdicts.map((verdict) => ofVerdict(subject, verdict, 0))}
</section>`;
};

const ofVerdict = (subject: Subject, verdict: Verdict, openCount: number): Markup => {
  const shown = verdict.anomalies.slice(0, anomalyLimit);
  const rest = verdict.anomalyCount - shown.length;
  const place = subject.record.verdicts.indexOf(verdict) + 1;
  const cards = (some: readonly Anomaly[], from: number): readonly Markup[] =>
    some.map((anomaly, index) =>
      anomalyCard(subject, anomaly, {
        id: `anomaly-${place}-${from + index + 1}`,
        isOpen: from + index < openCount,
        hasMessages: from + index < (openCount > 0 ? cardsAtSight : messagesOfAllowed),
      }),
    );

  return html`<div class="anomalies"><h3><span class="properties">${verdict.properties.join(" ")}</span> ${verdict.checker} <span class="quiet">${counted(verdict.anomalyCount, "anomaly", "anomalies")}${verdict.expected === true && ", expected of this configuration"}</span></h3>
${cards(shown.slice(0, cardsAtSight), 0)}${
  shown.length > cardsAtSight &&
  html`<details class="more"><summary>${shown.length - cardsAtSight} more of this check</summary>${cards(shown.slice(cardsAtSight), cardsAtSight)}</details>`
}${rest > 0 && html`<p class="quiet">${counted(rest, "more anomaly", "more anomalies")} of this kind ${rest === 1 ? "is" : "are"} in the run and not shown here.</p>`}</div>`;
};
