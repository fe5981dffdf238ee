/** How each operation did through each entry node, over the whole run. */
import type { History } from "../../checkers/history/history.ts";
import type { RequestKind } from "../../checkers/history/rows.ts";
import { strictestLimitMs } from "../fault-effects.ts";
import { loadRequests } from "../load-requests.ts";
import { latencyFigures } from "../percentiles.ts";
import type { OperationFigures } from "./figures.ts";

const operations = ["get", "put", "delete"] as const satisfies readonly RequestKind[];

type Tally = { readonly okMs: number[]; slow: number; bad: number };

/** By the number of the node, which is negative where nobody knows it; operations of which there was none are left out. */
export const nodeOperations = (history: History): ReadonlyMap<number, readonly OperationFigures[]> => {
  const limitMs = strictestLimitMs(history);
  const nodes = new Map<number, Map<RequestKind, Tally>>();
  for (const { row, kind, outcome, responseMs } of loadRequests(history)) {
    const tally = tallyOf(nodes, history.requests.entry(row), kind);
    if (outcome !== "ok") tally.bad += 1;
    else {
      tally.okMs.push(responseMs);
      if (responseMs > limitMs) tally.slow += 1;
    }
  }
  return new Map([...nodes].map(([node, tallies]) => [node, operations.flatMap(figuresFrom(tallies))]));
};

const tallyOf = (nodes: Map<number, Map<RequestKind, Tally>>, node: number, kind: RequestKind): Tally => {
  const own = nodes.get(node) ?? new Map<RequestKind, Tally>();
  nodes.set(node, own);
  const tally = own.get(kind) ?? { okMs: [], slow: 0, bad: 0 };
  own.set(kind, tally);
  return tally;
};

const figuresFrom =
  (tallies: ReadonlyMap<RequestKind, Tally>) =>
  (operation: RequestKind): readonly OperationFigures[] => {
    const tally = tallies.get(operation);
    if (tally === undefined) return [];
    const { okMs, slow, bad } = tally;
    return [
      {
        operation,
        okCount: okMs.length,
        slowCount: slow,
        badCount: bad,
        latencyMs: latencyFigures(okMs),
      },
    ];
  };
