/**
 * Which requests of a run its page carries: all of a short one, and of a long one those that somebody will look
 * for. First what anomalies name, then what was not good, then the slowest, then what was due while a fault held or
 * the cluster recovered, and what room is left an even sample of the rest, so that the steady state is there to
 * compare with. A class that does not fit is sampled evenly itself.
 */
import { deflateRawSync } from "node:zlib";
import type { History } from "../../checkers/history/history.ts";
import { kinds } from "../../checkers/history/rows.ts";
import { strictestLimitMs } from "../fault-effects.ts";
import { loadEnd } from "../intervals.ts";
import { type LoadRequest, loadRequests } from "../load-requests.ts";
import type { RunRecord } from "../run-record.ts";
import { visibleLine } from "../visible-text.ts";
import { type ExploredRequests, explorableEndings, exploredLimit } from "./explored-requests.ts";

/** Of the room, for the slowest requests of the run. */
const slowestShare = 0.1;

/** At most `limit` requests, in the order in which they were due. */
export const chosenRequests = (
  history: History,
  record: RunRecord,
  limit = exploredLimit,
): ExploredRequests => {
  const all = [...loadRequests(history)];
  const limitMs = strictestLimitMs(history);
  const chosen = all.length <= limit ? all : choose(all, { history, record, limit, limitMs });
  const inOrder = chosen.toSorted((a, b) => a.due - b.due || a.row - b.row);
  const keys = new Places();
  const nodes = new Places();
  const { requests } = history;

  return {
    version: 1,
    allCount: all.length,
    untilS: loadEnd(history) / 1e6,
    limitMs: Number.isFinite(limitMs) ? limitMs : null,
    bands: history.faults.flatMap(({ id, activeFrom, healedAt }) =>
      activeFrom === undefined
        ? []
        : [{ fromS: activeFrom / 1e6, untilS: (healedAt ?? loadEnd(history)) / 1e6, name: visibleLine(id) }],
    ),
    ids: differences(inOrder.map(({ row }) => requests.id(row))),
    due: differences(inOrder.map(({ due }) => Math.round(due / 100))),
    took: inOrder.map(({ responseMs }) => (Number.isFinite(responseMs) ? Math.round(responseMs * 10) : -1)),
    kinds: inOrder.map(({ kind }) => kinds.indexOf(kind)).join(""),
    endings: inOrder.map((request) => explorableEndings.indexOf(endingOf(request, limitMs))).join(""),
    entries: inOrder.map(({ row }) => nodes.of(history.nodes.name(requests.entry(row)))),
    keyPlaces: inOrder.map(({ row }) => keys.of(history.keys.name(requests.key(row)))),
    keys: keys.names,
    nodes: nodes.names,
  };
};

/** As the page holds it: JSON, deflated, in base64, which no byte of a key can leave. */
export const packedRequests = (requests: ExploredRequests): string =>
  deflateRawSync(JSON.stringify(requests), { level: 9 }).toString("base64");

type Choice = {
  readonly history: History;
  readonly record: RunRecord;
  readonly limit: number;
  readonly limitMs: number;
};

const choose = (
  all: readonly LoadRequest[],
  { history, record, limit, limitMs }: Choice,
): readonly LoadRequest[] => {
  const chosen = new Set<LoadRequest>();
  const take = (some: readonly LoadRequest[], most = limit): void => {
    const fresh = some.filter((request) => !chosen.has(request));
    for (const request of evenly(fresh, Math.min(most, limit - chosen.size))) chosen.add(request);
  };
  const named = new Set(
    record.verdicts.flatMap(({ anomalies }) => anomalies.flatMap(({ requests }) => requests)),
  );
  const windows = history.phases.filter(({ kind }) => kind === "fault" || kind === "recovery");

  take(all.filter(({ row }) => named.has(history.requests.id(row))));
  take(all.filter((request) => endingOf(request, limitMs) !== "ok"));
  take(all.toSorted((a, b) => b.responseMs - a.responseMs).slice(0, Math.floor(limit * slowestShare)));
  // A quarter is left for the rest, however long the faults were.
  take(
    all.filter(({ due }) => windows.some(({ from, until }) => due >= from && due < until)),
    Math.max(0, Math.floor(limit * 0.75) - chosen.size),
  );
  take(all);
  return [...chosen];
};

const endingOf = (
  { outcome, responseMs }: LoadRequest,
  limitMs: number,
): (typeof explorableEndings)[number] => {
  switch (outcome) {
    case "ok":
      return responseMs > limitMs ? "slow" : "ok";
    case "fail":
      return "failed";
    case "info":
      return "unknown";
  }
};

const evenly = <T>(some: readonly T[], most: number): readonly T[] =>
  some.length <= most
    ? some
    : Array.from(
        { length: Math.max(0, most) },
        (_, index) => some[Math.floor((index * some.length) / most)],
      ).filter((one) => one !== undefined);

const differences = (values: readonly number[]): readonly number[] =>
  values.map((value, index) => value - (values[index - 1] ?? 0));

/** Texts by place, in the order in which they were first asked for. */
class Places {
  readonly #places = new Map<string, number>();

  of(text: string): number {
    const place = this.#places.get(text) ?? this.#places.size;
    this.#places.set(text, place);
    return place;
  }

  get names(): readonly string[] {
    return [...this.#places.keys()].map(visibleLine);
  }
}
