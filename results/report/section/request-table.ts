/** The requests that show an anomaly: who asked what, when, through which node, and what came of it. */
import type { Anomaly } from "../../../checkers/verdict.ts";
import { count, counted, preciseRunTime } from "../../units.ts";
import { listedRequests, type RequestFigures } from "../figures.ts";
import { html, type Markup } from "../markup.ts";
import type { Subject } from "../subject.ts";

/** In the order of the anomaly; at most `listedRequests`, and how many there are besides. */
export const requestTable = (subject: Subject, anomaly: Anomaly): Markup | null => {
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
  html`<tr><td class="nowrap">${preciseRunTime(request.at)}</td><th scope="row"><span class="nowrap">#${count(request.id)} <b>${request.kind}</b></span> <code>${request.key}</code>${request.action !== undefined && html`<br><span class="quiet">${request.action}</span>`}${request.isFinal && html`<br><span class="quiet">final read</span>`}</th><td>${request.session}<br><span class="quiet">process ${request.process}</span></td><td class="nowrap">${request.via.join(" → ")}</td><td class="nowrap">${ending(request)}</td><td class="prose">${consequence(request)}</td></tr>`;

/** How it ended, and after how long. */
export const ending = (request: RequestFigures): Markup => {
  const words = { ok: "ok", fail: "failed", info: "unknown" } as const;
  const took = request.until === null ? "never" : `${((request.until - request.at) / 1_000).toFixed(1)} ms`;
  return html`<b class="ending ${request.outcome}">${words[request.outcome]}</b><br><span class="quiet">${took}</span>`;
};

/** In words: what a get returned, what a write was acknowledged by, or why it failed. */
export const consequence = (request: RequestFigures): Markup => {
  if (request.failure !== undefined && request.failure !== "") return html`${request.failure}`;
  if (request.kind === "get") {
    const versions = request.observed.map((write) => write ?? "bytes that name no write");
    const seen = [...versions, ...request.tombstones.map((write) => `delete ${write}`)];
    return html`returned ${seen.length === 0 ? "nothing" : names(seen)}`;
  }
  const by = request.acknowledged.map(
    (one) =>
      `${one.node}${one.role === "fallback" ? " (fallback)" : ""}${one.durability === "buffered" ? " (buffered)" : ""}`,
  );
  return html`wrote <code>${request.write ?? "?"}</code>${
    request.parents.length > 0 && html` over ${names(request.parents)}`
  }${by.length > 0 && html`; acknowledged by ${by.join(", ")}`}`;
};

/** Write ids of one request that are listed. */
const listedNames = 12;

const names = (all: readonly string[]): Markup =>
  html`${all.slice(0, listedNames).map((name, index) => html`${index > 0 && ", "}<code>${name}</code>`)}${
    all.length > listedNames && ` and ${count(all.length - listedNames)} more`
  }`;
