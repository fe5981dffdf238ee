/** The keys that the load asked for most: what they waited tells whether one hot key explains a tail. */
import type { History } from "../../checkers/history/history.ts";
import { loadRequests } from "../load-requests.ts";
import { latencyFigures } from "../percentiles.ts";
import type { KeyFigures } from "./figures.ts";

export const busiestKeyLimit = 10;

/** The busiest first; equally busy ones in the order in which the history names them. */
export const busiestKeys = (history: History): readonly KeyFigures[] => {
  const rows = [...loadRequests(history)];
  const counts = new Map<number, number>();
  for (const { row } of rows) {
    const key = history.requests.key(row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const chosen = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, busiestKeyLimit);
  return chosen.map(([key, requestCount]) => {
    const own = rows.filter(({ row }) => history.requests.key(row) === key);
    const acknowledged = own.filter(({ outcome }) => outcome === "ok");
    return {
      key: history.keys.name(key),
      requestCount,
      share: requestCount / rows.length,
      badCount: requestCount - acknowledged.length,
      latencyMs: latencyFigures(acknowledged.map(({ responseMs }) => responseMs)),
    };
  });
};
