/**
 * Which page an address shows. A function from path and query to an answer over one store; who may ask, and how
 * bytes travel, is the business of `web-server.ts`.
 *
 * Read-only: nothing here writes, and a report is shown as it was stored, in a sandbox of its own, because it is a
 * file that anybody may have put there.
 */

import { join } from "node:path";
import findMyWay from "find-my-way";
import type { History } from "../../checkers/history/history.ts";
import type { VerdictType } from "../../checkers/verdict.ts";
import { compareRuns, type Side } from "../comparison/comparison.ts";
import { comparisonPage } from "../comparison/comparison-page.ts";
import { parsePlace, type RunPlace, readLatest } from "../latest.ts";
import { figuresOfRun } from "../report/figures-of-run.ts";
import { contentPolicy } from "../report/page.ts";
import { listRuns, type RunFilter } from "../run-list.ts";
import { runState } from "../run-state.ts";
import { type RunStore, runFolder } from "../store.ts";
import { FollowedJournal } from "./followed-journal.ts";
import { livePage } from "./live-page.ts";
import { noticePage } from "./notice-page.ts";
import { requestListPage } from "./request-list-page.ts";
import { readQuery } from "./request-query.ts";
import { runListPage, shownRuns } from "./run-list-page.ts";
import { ownFolder, storedFile } from "./stored-file.ts";
import { offeredFiles, placePath, trail } from "./trail.ts";
import { htmlAnswer, redirectAnswer, textAnswer, type WebAnswer } from "./web-answer.ts";

export type WebOptions = {
  readonly store: RunStore;
  readonly now: () => number;
  /** The program of the report's explorer, which a stored report may run. */
  readonly program?: string;
};

/** Histories that are held at once; the one asked for longest ago goes first. */
const heldHistories = 3;

const policy = contentPolicy({ isServed: true });

type Parameters = Readonly<Record<string, string | undefined>>;
type Page = (parameters: Parameters, query: URLSearchParams) => Promise<WebAnswer>;

export class WebPages {
  readonly #options: WebOptions;
  readonly #journals = new Map<string, FollowedJournal>();
  readonly #router = findMyWay({ ignoreDuplicateSlashes: false, maxParamLength: 200 });

  constructor(options: WebOptions) {
    this.#options = options;
    const pages: readonly (readonly [string, Page])[] = [
      ["/", (_, query) => this.#runs(query)],
      ["/latest", () => this.#latest()],
      ["/compare", (_, query) => this.#compare(query)],
      ["/runs/:name/:start", (parameters) => this.#ofRun(parameters, (place) => this.#report(place))],
      [
        "/runs/:name/:start/requests",
        (parameters, query) => this.#ofRun(parameters, (place) => this.#requests(place, query)),
      ],
      [
        "/runs/:name/:start/files/:file",
        (parameters) => this.#ofRun(parameters, (place) => this.#file(place, parameters["file"] ?? "")),
      ],
    ];
    for (const [path, page] of pages) this.#router.on("GET", path, () => undefined, page);
  }

  /** `target` is a path with a query, as it stands in a request. Rejects only as the disk does. */
  async answer(target: string): Promise<WebAnswer> {
    const [path = "", ...rest] = target.split("?");
    const found = this.#router.find("GET", path);
    if (found === null) return nothingThere();
    const page = found.store as Page;
    return await page(found.params, new URLSearchParams(rest.join("?")));
  }

  async #runs(query: URLSearchParams): Promise<WebAnswer> {
    const { store, now } = this.#options;
    const filter = filterOf(query);
    const listed = await listRuns(store, filter, { limit: shownRuns, nowMs: now() });
    const entries = await store.list();
    if (listed.type === "failed" || entries.type === "failed") return nothingThere();
    const names = [...new Set(entries.value.map(({ name }) => name))].toSorted();
    return htmlAnswer(200, runListPage(listed.value, filter, names), policy);
  }

  async #latest(): Promise<WebAnswer> {
    const place = await readLatest(this.#options.store.directory);
    return place === null ? nothingThere() : redirectAnswer(placePath(place));
  }

  async #ofRun(parameters: Parameters, show: (place: RunPlace) => Promise<WebAnswer>): Promise<WebAnswer> {
    const place = parsePlace(`${parameters["name"]}/${parameters["start"]}`);
    if (place === null || (await ownFolder(this.#options.store, place)) === undefined) return nothingThere();
    return await show(place);
  }

  async #report(place: RunPlace): Promise<WebAnswer> {
    const { store, now, program } = this.#options;
    const report = await storedFile(store, place, "report.html");
    const options = program === undefined ? {} : { program };
    if (report !== undefined)
      return htmlAnswer(200, report, `${contentPolicy(options)}; sandbox allow-scripts`);
    const folder = runFolder(join(store.directory, place.name, place.start));
    const hasVerdict = (await storedFile(store, place, "verdict.json")) !== undefined;
    const state = await runState({ ...place, folder, hasVerdict }, now());
    const history = await this.#history(place);
    if (state === "going" && history !== undefined) return htmlAnswer(200, livePage(place, history), policy);
    return state === "going"
      ? notice(
          404,
          "This run is starting",
          "Nothing has been recorded yet; load this page again in a moment.",
        )
      : notice(
          404,
          "This run has no report",
          `It was cut short, or its report was removed. "tipcart check ${place.name}/${place.start}" judges what was recorded.`,
        );
  }

  async #requests(place: RunPlace, query: URLSearchParams): Promise<WebAnswer> {
    const history = await this.#history(place);
    if (history === undefined) return nothingThere();
    return htmlAnswer(200, requestListPage(place, history, readQuery(query)), policy);
  }

  async #file(place: RunPlace, name: string): Promise<WebAnswer> {
    const offered = offeredFiles.find((one) => one === name);
    const text = offered === undefined ? undefined : await storedFile(this.#options.store, place, offered);
    return text === undefined ? nothingThere() : textAnswer(200, text);
  }

  async #compare(query: URLSearchParams): Promise<WebAnswer> {
    const sides = await Promise.all(
      (["baseline", "candidate"] as const).map((name) => this.#side(query.get(name) ?? "")),
    );
    const [baseline, candidate] = sides;
    if (baseline === undefined || candidate === undefined)
      return notice(
        404,
        "Two judged runs are needed",
        "Choose a baseline and a candidate in the list of runs.",
      );
    return htmlAnswer(200, comparisonPage(compareRuns(baseline, candidate), { navigation: trail() }), policy);
  }

  async #side(text: string): Promise<Side | undefined> {
    const { store } = this.#options;
    const place = parsePlace(text);
    if (place === null || (await ownFolder(store, place)) === undefined) return undefined;
    const record = await store.readVerdict(runFolder(join(store.directory, place.name, place.start)));
    const history = await this.#history(place);
    if (record.type === "failed" || history === undefined) return undefined;
    return { label: text, record: record.value, figures: figuresOfRun(history, record.value) };
  }

  /** Undefined when the run has no journal of its own. */
  async #history(place: RunPlace): Promise<History | undefined> {
    const folder = await ownFolder(this.#options.store, place);
    if (folder === undefined) return undefined;
    const path = runFolder(folder).journal;
    const journal = this.#journals.get(path) ?? new FollowedJournal(path);
    this.#journals.delete(path);
    const history = await journal.look().catch(() => undefined);
    if (history === undefined) return undefined;
    this.#journals.set(path, journal);
    for (const oldest of [...this.#journals.keys()].slice(0, -heldHistories)) this.#journals.delete(oldest);
    return history;
  }
}

const filterVerdicts: readonly (VerdictType | "none")[] = [
  "passed",
  "violated",
  "breached",
  "inconclusive",
  "none",
];

const filterOf = (query: URLSearchParams): RunFilter => {
  const verdict = filterVerdicts.find((one) => one === query.get("verdict"));
  return {
    name: query.get("name") ?? "",
    text: (query.get("text") ?? "").slice(0, 300),
    ...(verdict === undefined ? {} : { verdict }),
  };
};

const notice = (status: number, title: string, sentence: string): WebAnswer =>
  htmlAnswer(status, noticePage(title, sentence), policy);

const nothingThere = (): WebAnswer => notice(404, "Nothing is there", "No page or run has this address.");
