/**
 * A run's requests in the order of their beginnings and ends, as the checkers of single objects take histories. What
 * begins and ends in the same microsecond overlaps: the beginning comes first, so that nothing is said to be before
 * something else that may not have been.
 */
import type { Datum } from "./exchange/datum.ts";
import type { HistoryRecord } from "./exchange/history-record.ts";
import type { History } from "./history/history.ts";

/** What a request asked for and was answered, as the object sees it; the line of a record is the request's id. */
export type OperationView = {
  readonly f: (row: number) => string;
  readonly asked: (row: number) => Datum;
  /** Of a request that ended ok. */
  readonly answered: (row: number) => Datum;
};

/** Records of these rows. A request without an end has an invocation alone. */
export function runOperations(
  { requests }: History,
  rows: Iterable<number>,
  view: OperationView,
): HistoryRecord[] {
  const moments: { readonly at: number; readonly isEnd: boolean; readonly row: number }[] = [];
  for (const row of rows) {
    moments.push({ at: requests.sent(row), isEnd: false, row });
    if (Number.isFinite(requests.done(row))) moments.push({ at: requests.done(row), isEnd: true, row });
  }
  moments.sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd) || a.row - b.row);
  return moments.map(({ at, isEnd, row }, index) => {
    const outcome = requests.outcome(row);
    const shown = { process: row, f: view.f(row), time: at * 1000, index, line: requests.id(row) };
    if (!isEnd) return { ...shown, type: "invoke", value: view.asked(row) };
    return { ...shown, type: outcome, value: outcome === "ok" ? view.answered(row) : view.asked(row) };
  });
}
