/**
 * Each anomaly, told so that a person can follow it: one sentence, the story in steps, the requests that show it,
 * and a drawing of which version came from which.
 */
import { type Anomaly, anomalyLimit, type Verdict } from "../../../checkers/verdict.ts";
import { count, counted, runTime } from "../../units.ts";
import { listedRequests, type RequestFigures } from "../figures.ts";
import { html, type Markup } from "../markup.ts";
import { bothBreadths } from "../plot/drawing.ts";
import { lineageDrawing } from "../plot/lineage.ts";
import type { Subject } from "../subject.ts";

/** The section, or nothing when there is no anomaly. */
export const anomalies = (subject: Subject): Markup | null => {
  const verdicts = subject.record.verdicts.filter((verdict) => verdict.anomalyCount > 0);
  if (verdicts.length === 0) return null;

  return html`<section id="anomalies" aria-labelledby="anomalies-title">
<h2 id="anomalies-title">What went wrong</h2>
${verdicts.map((verdict, index) => anomaliesOf(subject, verdict, index))}
</section>`;
};

const anomaliesOf = (subject: Subject, verdict: Verdict, verdictIndex: number): Markup => {
  const shown = verdict.anomalies.slice(0, anomalyLimit);
  const rest = verdict.anomalyCount - shown.length;

  return html`<div class="anomalies"><h3><span class="properties">${verdict.properties.join(" ")}</span> ${verdict.checker} <span class="quiet">${counted(verdict.anomalyCount, "anomaly", "anomalies")}${verdict.expected === true ? ", expected of this configuration" : verdict.type === "passed" ? ", which this configuration does not rule out" : ""}</span></h3>
${shown.map((anomaly, index) => anomalyCard(subject, anomaly, { id: `anomaly-${verdictIndex + 1}-${index + 1}`, isOpen: index < 2 }))}${
  rest > 0 &&
  html`<p class="quiet">${counted(rest, "more anomaly", "more anomalies")} of this kind ${rest === 1 ? "is" : "are"} in the run and not shown here.</p>`
}</div>`;
};

const anomalyCard = (
  subject: Subject,
  anomaly: Anomaly,
  place: { readonly id: string; readonly isOpen: boolean },
): Markup => {
  const body = html`<div class="anomaly-body">${
    anomaly.story.length > 0 &&
    html`<ol class="story">${anomaly.story.map((step) => html`<li>${step}</li>`)}</ol>`
  }${lineageFigure(anomaly, place.id)}${requestTable(subject, anomaly)}${writeList(anomaly)}</div>`;
  const title = html`<summary><span class="anomaly-type">${anomaly.type}</span>${anomaly.key !== undefined && html` <code>${anomaly.key}</code>`}<span class="anomaly-sentence">${anomaly.sentence}</span></summary>`;

  return place.isOpen
    ? html`<details class="anomaly" id="${place.id}" open>${title}${body}</details>`
    : html`<details class="anomaly" id="${place.id}">${title}${body}</details>`;
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

const requestTable = (subject: Subject, anomaly: Anomaly): Markup | null => {
  const requests = anomaly.requests
    .slice(0, listedRequests)
    .flatMap((id) => subject.figures.requests.get(id) ?? []);
  if (requests.length === 0) return null;
  const omitted = anomaly.requests.length - requests.length;

  return html`<div class="scroll" role="region" aria-label="Requests that show the anomaly" tabindex="0"><table class="requests">
<thead><tr><th scope="col">Sent</th><th scope="col">Request</th><th scope="col">Who</th><th scope="col">Via</th><th scope="col">Ended</th><th scope="col">What came of it</th></tr></thead>
<tbody>${requests.map(requestRow)}</tbody></table></div>${
    omitted > 0 &&
    html`<p class="quiet">${counted(omitted, "more request")} ${omitted === 1 ? "is" : "are"} part of this and not listed.</p>`
  }`;
};

const requestRow = (request: RequestFigures): Markup =>
  html`<tr><td class="nowrap">${runTime(request.at)}</td><th scope="row"><span class="nowrap">#${count(request.id)} <b>${request.kind}</b></span> <code>${request.key}</code>${request.action !== undefined && html`<br><span class="quiet">${request.action}</span>`}${request.isFinal && html`<br><span class="quiet">final read</span>`}</th><td>${request.session}<br><span class="quiet">process ${request.process}</span></td><td>${request.via.join(" → ")}</td><td class="nowrap">${ending(request)}</td><td class="prose">${consequence(request)}</td></tr>`;

const ending = (request: RequestFigures): Markup => {
  const words = { ok: "ok", fail: "failed", info: "unknown" } as const;
  const took = request.until === null ? "never" : `${((request.until - request.at) / 1_000).toFixed(1)} ms`;
  return html`<b class="ending ${request.outcome}">${words[request.outcome]}</b><br><span class="quiet">${took}</span>`;
};

const consequence = (request: RequestFigures): Markup => {
  if (request.failure !== undefined && request.failure !== "") return html`${request.failure}`;
  if (request.kind === "get") {
    const versions = request.observed.map((write) => write ?? "bytes that name no write");
    const deletes = request.tombstones.map((write) => `delete ${write}`);
    const all = [...versions, ...deletes].slice(0, 12);
    return html`returned ${all.length === 0 ? "nothing" : all.map((one, index) => html`${index > 0 && ", "}<code>${one}</code>`)}`;
  }
  const by = request.acknowledged.map(
    (one) =>
      `${one.node}${one.role === "fallback" ? " (fallback)" : ""}${one.durability === "buffered" ? " (buffered)" : ""}`,
  );
  return html`wrote <code>${request.write ?? "?"}</code>${
    request.parents.length > 0 &&
    html` over ${request.parents.slice(0, 8).map((one, index) => html`${index > 0 && ", "}<code>${one}</code>`)}`
  }${by.length > 0 && html`; acknowledged by ${by.join(", ")}`}`;
};

const writeList = (anomaly: Anomaly): Markup | null =>
  anomaly.writes.length === 0
    ? null
    : html`<p class="quiet">Writes concerned: ${anomaly.writes.slice(0, 20).map((write, index) => html`${index > 0 && ", "}<code>${write}</code>`)}${anomaly.writes.length > 20 && ` and ${count(anomaly.writes.length - 20)} more`}.</p>`;
