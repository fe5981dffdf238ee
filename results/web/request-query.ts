/**
 * Which requests of a run somebody wants to see, read from the query of an address, and the rows that fit.
 *
 * A million requests are filtered by number: names are looked at once each, then rows are compared with sets. What
 * the query says is believed only in the forms below; anything else counts as not said.
 */
import type { History } from "../../checkers/history/history.ts";
import type { Names } from "../../checkers/history/names.ts";
import { kinds, type Outcome, type RequestKind } from "../../checkers/history/rows.ts";

export type RequestQuery = {
  readonly kind?: RequestKind;
  readonly outcome?: Outcome;
  /** The node that was asked first. */
  readonly node?: string;
  /** A part of the key, of the session: capitals count. */
  readonly key?: string;
  readonly session?: string;
  /** When it was due, in seconds since the run began; `untilS` is exclusive. */
  readonly fromS?: number;
  readonly untilS?: number;
  /** Answered no faster than this, or never. */
  readonly leastMs?: number;
  readonly order: "time" | "slowest";
  /** From 1. */
  readonly page: number;
};

export const requestsPerPage = 100;

/** Longest text that is searched for. */
const textLimit = 300;

const outcomes: readonly Outcome[] = ["ok", "fail", "info"];

export const readQuery = (from: URLSearchParams): RequestQuery => {
  const text = (name: string): string | undefined => {
    const value = from.get(name);
    return value === null || value === "" ? undefined : value.slice(0, textLimit);
  };
  const number = (name: string): number | undefined => {
    const value = text(name);
    return value !== undefined && /^\d{1,9}(\.\d{1,6})?$/.test(value) ? Number(value) : undefined;
  };
  const query = {
    kind: kinds.find((kind) => kind === text("kind")),
    outcome: outcomes.find((outcome) => outcome === text("outcome")),
    node: text("node"),
    key: text("key"),
    session: text("session"),
    fromS: number("from"),
    untilS: number("until"),
    leastMs: number("least"),
  };
  const said = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return {
    ...said,
    order: text("order") === "slowest" ? "slowest" : "time",
    page: Math.max(1, Math.floor(number("page") ?? 1)),
  };
};

/** The same as an address's query, without the page. */
export const writeQuery = (query: RequestQuery): URLSearchParams => {
  const { kind, outcome, node, key, session, fromS, untilS, leastMs, order } = query;
  const all = { kind, outcome, node, key, session, from: fromS, until: untilS, least: leastMs };
  const said = Object.entries({ ...all, ...(order === "slowest" ? { order } : {}) });
  return new URLSearchParams(
    said.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]])),
  );
};

/** Rows of the history, in the order asked for. */
export const matchingRows = (history: History, query: RequestQuery): Int32Array => {
  const { requests } = history;
  const keys = namesWith(history.keys, query.key);
  const sessions = namesWith(history.sessions, query.session);
  const node = query.node === undefined ? null : history.nodes.find(query.node);
  const [fromUs, untilUs] = [(query.fromS ?? 0) * 1e6, (query.untilS ?? Number.POSITIVE_INFINITY) * 1e6];
  const leastUs = (query.leastMs ?? Number.NEGATIVE_INFINITY) * 1_000;
  const tookUs = (row: number): number =>
    requests.done(row) - Math.min(requests.intended(row), requests.sent(row));
  const fits = (row: number): boolean =>
    (query.kind === undefined || requests.kind(row) === query.kind) &&
    (query.outcome === undefined || requests.outcome(row) === query.outcome) &&
    (node === null || requests.entry(row) === node) &&
    (keys === null || keys.has(requests.key(row))) &&
    (sessions === null || sessions.has(requests.session(row))) &&
    requests.intended(row) >= fromUs &&
    requests.intended(row) < untilUs &&
    tookUs(row) >= leastUs;

  const found = Int32Array.from(Array.from({ length: requests.count }, (_, row) => row).filter(fits));
  return query.order === "time" ? found : found.toSorted((a, b) => descending(tookUs(a), tookUs(b)) || a - b);
};

/** Infinite ones, which never completed, first. */
const descending = (a: number, b: number): number => (a === b ? 0 : a > b ? -1 : 1);

/** Numbers of the names that hold `part`; null for all. */
const namesWith = (names: Names, part: string | undefined): ReadonlySet<number> | null => {
  if (part === undefined) return null;
  const found = new Set<number>();
  for (let number = 0; number < names.count; number += 1)
    if (names.name(number).includes(part)) found.add(number);
  return found;
};
