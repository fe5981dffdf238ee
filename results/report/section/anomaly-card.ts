/**
 * One anomaly, told so that a person can follow it: a sentence, the story in steps, the smallest part of the run that
 * still shows it, a drawing of which version came from which, the requests that show it, and what the literature calls it.
 */
import { catalog } from "../../../checkers/anomalies/catalog.ts";
import type { Anomaly } from "../../../checkers/verdict.ts";
import { count } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { bothBreadths } from "../plot/drawing.ts";
import { lineageDrawing } from "../plot/lineage.ts";
import type { Subject } from "../subject.ts";
import { messageFigure } from "./message-figure.ts";
import { requestTable } from "./request-table.ts";

/** `id` is unique on the page. */
export const anomalyCard = (
  subject: Subject,
  anomaly: Anomaly,
  place: { readonly id: string; readonly isOpen: boolean; readonly hasMessages: boolean },
): Markup => {
  const body = html`<div class="anomaly-body">${
    anomaly.story.length > 0 &&
    html`<ol class="story">${anomaly.story.map((step) => html`<li>${step}</li>`)}</ol>`
  }${smallestPart(anomaly)}${lineageFigure(anomaly, place.id)}${place.hasMessages && messageFigure(subject, anomaly, place.id)}${requestTable(subject, anomaly)}${writeList(anomaly)}${definition(anomaly)}</div>`;
  const title = html`<summary><span class="anomaly-type">${anomaly.type}</span>${anomaly.key !== undefined && html` <code>${anomaly.key}</code>`}<span class="anomaly-sentence">${anomaly.sentence}</span></summary>`;

  return place.isOpen
    ? html`<details class="anomaly" id="${place.id}" open>${title}${body}</details>`
    : html`<details class="anomaly" id="${place.id}">${title}${body}</details>`;
};

const smallestPart = ({ smallest }: Anomaly): Markup | null => {
  if (smallest === undefined) return null;
  const { requestCount, requestCountBefore, isMinimal, story } = smallest;
  const end = isMinimal ? "none can be left out" : "the search for fewer was ended by its budget";
  return html`<details class="because"><summary>The smallest part that still breaks the promise: ${count(requestCount)} of the key’s ${count(requestCountBefore)} requests; ${end}</summary><ol class="story">${story.map((step) => html`<li>${step}</li>`)}</ol></details>`;
};

const lineageFigure = (anomaly: Anomaly, id: string): Markup | null => {
  const { lineage } = anomaly;
  if (lineage === undefined || lineage.nodes.length === 0) return null;

  return html`<figure class="lineage"><figcaption>Which version came from which. Dashed: the version that is missing.</figcaption><div class="scroll" role="region" aria-label="Lineage" tabindex="0">${bothBreadths(
    (breadth) =>
      lineageDrawing({ id: `${id}-lineage`, title: `Lineage: ${anomaly.sentence}`, lineage }, breadth),
  )}</div>${
    lineage.edges.length > 0 &&
    html`<details class="because"><summary>Why each arrow is there</summary><ul>${lineage.edges.slice(0, 60).map((edge) => html`<li>${edge.because}</li>`)}</ul></details>`
  }</figure>`;
};

const writeList = (anomaly: Anomaly): Markup | null =>
  anomaly.writes.length === 0
    ? null
    : html`<p class="quiet writes">Writes concerned: ${anomaly.writes.slice(0, 20).map((write, index) => html`${index > 0 && ", "}<code>${write}</code>`)}${anomaly.writes.length > 20 && ` and ${count(anomaly.writes.length - 20)} more`}.</p>`;

/** What the pattern is called and where it is described, when the catalogue knows it. */
const definition = (anomaly: Anomaly): Markup | null => {
  const entry = Object.entries(catalog).find(([name]) => name === anomaly.type)?.[1];
  return entry === undefined
    ? null
    : html`<p class="definition"><b>${anomaly.type}</b>: ${entry.definition} <span class="nowrap">(${entry.property})</span> <cite>${entry.source}</cite></p>`;
};
