/**
 * Realtime order: one operation ended before another began. There are quadratically many such pairs, and even the
 * transitive reduction of the order has one edge for each pair of neighbours, quadratic again when a crowd ends
 * before a crowd begins. So time itself becomes a chain of auxiliary nodes: an operation leads to the next moment,
 * a moment to the moment after it, and a moment to the operations that begin behind it. At most three edges an
 * operation, whatever the concurrency.
 */
import type { GraphBuilder } from "./dependency-graph.ts";
import { edgeKind } from "./edge-kind.ts";
import { cell } from "./integers.ts";

export type Intervals = {
  /** Position of the beginning of each operation in the history; -1 when it began before everything. */
  readonly from: Int32Array;
  /** Position of its end; -1 when it never ended. */
  readonly until: Int32Array;
  /** Positions are below this. */
  readonly positionCount: number;
};

/** Adds the realtime order of operations `0 … from.length - 1`, which are the nodes of the same numbers. */
export const addRealtimeOrder = (builder: GraphBuilder, intervals: Intervals): void => {
  const events = eventsByPosition(intervals);
  let past = -1;
  let gathering = -1;
  for (const event of events) {
    if (event === 0) continue;
    const operation = Math.abs(event) - 1;
    if (event < 0) {
      if (gathering < 0) {
        gathering = builder.addNode();
        if (past >= 0) builder.addEdge(past, gathering, edgeKind.link);
      }
      builder.addEdge(operation, gathering, edgeKind.realtime);
    } else {
      if (gathering >= 0) past = gathering;
      gathering = -1;
      if (past >= 0) builder.addEdge(past, operation, edgeKind.link);
    }
  }
};

/** Position -> operation + 1 that begins there, its negative when it ends there, 0 for none. */
const eventsByPosition = ({ from, until, positionCount }: Intervals): Int32Array => {
  const events = new Int32Array(positionCount);
  for (let operation = 0; operation < from.length; operation++) {
    if (cell(from, operation) >= 0) events[cell(from, operation)] = operation + 1;
    if (cell(until, operation) >= 0) events[cell(until, operation)] = -operation - 1;
  }
  return events;
};
