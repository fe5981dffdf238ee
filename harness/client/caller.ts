/**
 * Who makes requests just now, for which operation, and through which nodes: what a store must know of the logical
 * client behind it. It changes as the client goes from operation to operation.
 */
import type { Micros, NodeName } from "../../checkers/history/event.ts";

export type Caller = {
  readonly process: number;
  readonly session: string;
  /** The cart operation that requests belong to now. */
  operation: string;
  /** The nodes to try, entry first. Never empty. */
  route: readonly NodeName[];
  /** When the plan wants the next request: its arrival, then the completion of the request before. */
  intended: Micros;
};
