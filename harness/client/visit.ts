/**
 * Who makes requests just now, on whose behalf, and through which nodes: what the events of one arrival share. One
 * logical client has one visit, which changes as it goes from operation to operation.
 */
import type { Micros, NodeName } from "../../checkers/history/event.ts";

export type Visit = {
  readonly process: number;
  readonly session: string;
  /** The cart operation that requests belong to now. */
  operation: string;
  /** The nodes to try, entry first. Never empty. */
  route: readonly NodeName[];
  /** When the plan wants the next request: its arrival, then the completion of the request before. */
  intended: Micros;
};
