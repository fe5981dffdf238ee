/** All requests of a run, filtered and in pages: who asked what, when, through which node, and what came of it. */
import type { History } from "../../checkers/history/history.ts";
import type { RunPlace } from "../latest.ts";
import type { RequestFigures } from "../report/figures.ts";
import { html, type Markup } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { requestOf } from "../report/request-figures.ts";
import { consequence, ending } from "../report/section/request-table.ts";
import { count, counted, latencyOrDash, preciseRunTime } from "../units.ts";
import { matchingRows, type RequestQuery, requestsPerPage, writeQuery } from "./request-query.ts";
import { placePath, trail } from "./trail.ts";

export const requestListPage = (place: RunPlace, history: History, query: RequestQuery): string => {
  const rows = matchingRows(history, query);
  const pageCount = Math.max(1, Math.ceil(rows.length / requestsPerPage));
  const number = Math.min(query.page, pageCount);
  const shown = rows.subarray((number - 1) * requestsPerPage, number * requestsPerPage);
  const list = html`<section id="requests" aria-labelledby="requests-title"><h2 id="requests-title" class="unseen">Requests</h2>${form(history, query)}<p class="explorer-state" role="status">${counted(rows.length, "request")} of ${count(history.requests.count)}${rows.length > requestsPerPage && `, page ${count(number)} of ${count(pageCount)}`}</p>${
    shown.length > 0 && table([...shown].map((row) => rowOf(history, row)))
  }${pages(place, query, { number, pageCount })}</section>`;

  return page({
    title: `Requests of ${place.name}`,
    heading: html`<header class="heading plain">${trail(place)}<h1>Requests of ${place.name}</h1></header>`,
    sections: [{ id: "requests", name: "Requests", content: list }],
    footer: html`<p>Read from <code>history.journal</code>.</p>`,
    isServed: true,
  });
};

type Row = { readonly request: RequestFigures; readonly dueUs: number; readonly responseMs: number };

const rowOf = (history: History, row: number): Row => {
  const due = history.requests.intended(row);
  const started = Math.min(due, history.requests.sent(row));
  return {
    request: requestOf(history, row),
    dueUs: due,
    responseMs: (history.requests.done(row) - started) / 1_000,
  };
};

const table = (rows: readonly Row[]): Markup =>
  html`<div class="scroll" role="region" aria-label="Requests" tabindex="0"><table class="requests"><thead><tr><th scope="col">Due</th><th scope="col">Request</th><th scope="col">Who</th><th scope="col">Via</th><th scope="col">Response</th><th scope="col">Ended</th><th scope="col">What came of it</th></tr></thead><tbody>${rows.map(
    ({ request, dueUs, responseMs }) =>
      html`<tr><td class="nowrap">${preciseRunTime(dueUs)}</td><th scope="row"><span class="nowrap">#${count(request.id)} <b>${request.kind}</b></span> <code>${request.key}</code>${request.isFinal && html`<br><span class="quiet">final read</span>`}</th><td>${request.session}<br><span class="quiet">process ${request.process}</span></td><td class="nowrap">${request.via.join(" → ")}</td><td class="nowrap">${latencyOrDash(Number.isFinite(responseMs) ? responseMs : null)}</td><td class="nowrap">${ending(request)}</td><td class="prose">${consequence(request)}</td></tr>`,
  )}</tbody></table></div>`;

const form = (history: History, query: RequestQuery): Markup =>
  html`<form class="filters" method="get">${[
    choice("kind", "Operation", query.kind, [
      ["get", "get"],
      ["put", "put"],
      ["delete", "delete"],
    ]),
    choice("outcome", "Ended", query.outcome, [
      ["ok", "ok"],
      ["fail", "failed"],
      ["info", "unknown"],
    ]),
    choice(
      "node",
      "First node",
      query.node,
      (history.run?.nodes ?? []).map((node) => [node, node] as const),
    ),
    field("key", "Key contains", query.key),
    field("session", "Session contains", query.session),
    field("from", "From s", query.fromS, true),
    field("until", "Until s", query.untilS, true),
    field("least", "At least ms", query.leastMs, true),
    choice("order", "Order", query.order === "slowest" ? "slowest" : undefined, [
      ["slowest", "slowest first"],
    ]),
  ]}<button>Show</button></form>`;

const field = (name: string, label: string, value: string | number | undefined, isShort = false): Markup =>
  html`<label>${label}<input name="${name}" value="${value ?? ""}"${isShort && html` class="short" inputmode="decimal"`}></label>`;

const choice = (
  name: string,
  label: string,
  value: string | undefined,
  options: readonly (readonly [string, string])[],
): Markup =>
  html`<label>${label}<select name="${name}"><option value="">${name === "order" ? "by time" : "any"}</option>${options.map(
    ([one, shown]) =>
      one === value
        ? html`<option value="${one}" selected>${shown}</option>`
        : html`<option value="${one}">${shown}</option>`,
  )}</select></label>`;

const pages = (
  place: RunPlace,
  query: RequestQuery,
  { number, pageCount }: { readonly number: number; readonly pageCount: number },
): Markup | null => {
  if (pageCount === 1) return null;
  const link = (to: number, name: string): Markup => {
    const parameters = writeQuery(query);
    parameters.set("page", String(to));
    return html`<a href="${placePath(place)}/requests?${parameters.toString()}">${name}</a>`;
  };
  return html`<nav class="pages" aria-label="Pages">${number > 1 && [link(1, "First"), link(number - 1, "Previous")]}${
    number < pageCount && [link(number + 1, "Next"), link(pageCount, "Last")]
  }</nav>`;
};
