/** The first page: the stored runs, narrowed by name, verdict and words, and two of them chosen to be compared. */
import { conclusion } from "../conclusion.ts";
import { html, type Markup } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { verdictMark } from "../report/section/verdict-mark.ts";
import { type ListedRun, type RunFilter, stateWord } from "../run-list.ts";
import { count, counted, duration, instant, milliseconds } from "../units.ts";
import { offeredFiles, placePath, trail } from "./trail.ts";

/** Runs on the page; the filter finds older ones. */
export const shownRuns = 200;

export const runListPage = (
  runs: readonly ListedRun[],
  filter: RunFilter,
  names: readonly string[],
): string => {
  const isAnyGoing = runs.some(({ state }) => state === "going");
  const content = html`<section id="runs" aria-labelledby="runs-title"><h2 id="runs-title" class="unseen">Stored runs</h2>${form(filter, names)}<p class="explorer-state" role="status">${counted(runs.length, "run")}${runs.length === shownRuns && ", the newest; narrow the list to find older ones"}</p>${runs.length > 0 && html`<form method="get" action="/compare">${table(runs)}<p class="choose"><button>Compare the chosen two</button></p></form>`}</section>`;

  return page({
    title: "Runs",
    heading: html`<header class="heading plain">${trail()}<h1>Stored runs</h1></header>`,
    sections: [{ id: "runs", name: "Runs", content }],
    footer: html`<p>Read-only: runs are made by <code>tipcart run</code> and removed by <code>tipcart prune</code>.</p>`,
    isServed: true,
    ...(isAnyGoing ? { refreshSeconds: 15 } : {}),
  });
};

const verdicts = ["passed", "violated", "breached", "inconclusive", "none"] as const;

const option = (value: string, shown: string, chosen: string | undefined): Markup =>
  value === chosen
    ? html`<option value="${value}" selected>${shown}</option>`
    : html`<option value="${value}">${shown}</option>`;

const form = (filter: RunFilter, names: readonly string[]): Markup => {
  return html`<form class="filters" method="get" action="/"><label>Name<select name="name"><option value="">any</option>${names.map((name) => option(name, name, filter.name))}</select></label><label>Verdict<select name="verdict"><option value="">any</option>${verdicts.map((verdict) => option(verdict, verdict === "none" ? "not judged" : verdict, filter.verdict))}</select></label><label>Words<input name="text" value="${filter.text ?? ""}" type="search"></label><button>Search</button></form>`;
};

const table = (runs: readonly ListedRun[]): Markup => {
  const judged = runs.filter(({ record }) => record !== undefined);
  return html`<div class="scroll" role="region" aria-label="Runs" tabindex="0"><table class="runs"><thead><tr><th scope="col" class="side">Base-<br>line</th><th scope="col" class="side">Candi-<br>date</th><th scope="col">Verdict</th><th scope="col">Run</th><th scope="col">What was found</th><th scope="col">Requests</th><th scope="col">get p99 ms</th><th scope="col">More</th></tr></thead><tbody>${runs.map((run) => row(run, judged.indexOf(run)))}</tbody></table></div>`;
};

/** `index` counts the judged runs; the two newest are chosen beforehand. */
const row = (run: ListedRun, index: number): Markup => {
  const { entry, record } = run;
  const path = placePath(entry);
  const place = `${entry.name}/${entry.start}`;
  const steady = record?.service.find(
    (one) => one.operation === "get" && one.kind === "steady" && one.phase === null,
  );
  return html`<tr>${(["baseline", "candidate"] as const).map((side, at) => html`<td class="choice" data-name="${side}">${record !== undefined && chooser({ side, place, isChosen: index === 1 - at })}</td>`)}<td class="nowrap">${record === undefined ? html`<span class="quiet">${stateWord(run)}</span>` : verdictMark(record.verdict)}</td><th scope="row"><a href="${path}">${entry.name}</a><br><span class="quiet nowrap">${record === undefined ? entry.start : `${instant(record.startedWallMs)}, ${duration(record.durationMs)}`}</span></th><td class="wide">${record === undefined ? "" : conclusion(record)}</td><td data-name="requests">${record === undefined ? "" : count(record.counts.requestCount)}</td><td data-name="get p99 ms">${milliseconds(steady?.latencyMs.p99 ?? null)}</td><td><a href="${path}/requests">requests</a>${record !== undefined && html`<details><summary>files</summary>${offeredFiles.map((file) => html`<a class="nowrap" href="${path}/files/${file}">${file}</a><br>`)}</details>`}</td></tr>`;
};

const chooser = (one: {
  readonly side: "baseline" | "candidate";
  readonly place: string;
  readonly isChosen: boolean;
}): Markup =>
  html`<label><input type="radio" name="${one.side}" value="${one.place}"${one.isChosen && html` checked`}><span class="unseen">${one.place} as ${one.side}</span></label>`;
