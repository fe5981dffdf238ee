/**
 * What the report draws: the run's curves, already counted, and the requests that its anomalies name.
 *
 * These are plain values between the history and the page, so that the page can be tried with any numbers and the
 * counting can be tried without a page. Everything is bounded: a run of any length becomes at most
 * `intervalLimit` intervals, which are then longer than a second.
 */
import type {
  Attempt,
  CartEffect,
  Invocation,
  Micros,
  NodeName,
  WriteId,
} from "../../checkers/history/event.ts";
import type { LatencyFigures } from "../../checkers/service-level.ts";
import type { IntervalFigures } from "../intervals.ts";
import type { ExploredRequests } from "./explored-requests.ts";
import type { NodeMessage } from "./message-diagram.ts";

/** Columns of every chart over time. */
export const intervalLimit = 360;

/** Columns of a small panel, of which a page has many. */
export const panelLimit = 120;

/** Nodes that have panels of their own; the others are named. */
export const panelNodes = 16;

/** Requests of one anomaly that are listed. */
export const listedRequests = 30;

/** Acknowledged requests by interval and latency. Row i holds latencies from `edgesMs[i]` up to `edgesMs[i + 1]`. */
export type LatencyHeat = {
  readonly edgesMs: readonly number[];
  /** One a interval, in the same order; one count a row. */
  readonly columns: readonly (readonly number[])[];
};

/**
 * The whole distribution of one operation, in the steady phases or in the windows of faults and recovery. Response
 * counts from when a request was due, service from when it was sent.
 */
export type PercentileCurve = {
  readonly operation: Invocation["kind"];
  readonly measure: "response" | "service";
  readonly window: "steady" | "faults";
  readonly sampleCount: number;
  readonly points: readonly { readonly quantile: number; readonly ms: number }[];
};

/** One request as an anomaly's table shows it. */
export type RequestFigures = {
  readonly id: number;
  readonly kind: Invocation["kind"];
  readonly process: number;
  readonly session: string;
  readonly key: string;
  readonly at: Micros;
  readonly until: Micros | null;
  readonly via: readonly NodeName[];
  readonly attempts: readonly Pick<Attempt, "node" | "from" | "until" | "outcome">[];
  readonly outcome: "ok" | "fail" | "info";
  readonly failure?: string;
  readonly write?: WriteId;
  readonly parents: readonly WriteId[];
  readonly action?: CartEffect["action"];
  readonly isFinal: boolean;
  /** Of a get: what it returned; null names no write. */
  readonly observed: readonly (WriteId | null)[];
  readonly tombstones: readonly WriteId[];
  /** Of an acknowledged write, where the answer named one. */
  readonly coordinator?: NodeName;
  readonly acknowledged: readonly {
    readonly node: NodeName;
    readonly role: "home" | "fallback";
    readonly durability: "synced" | "buffered";
  }[];
};

/** The course of one panel, a value an interval of `RunFigures.panelUs`. */
export type Course = {
  /** Milliseconds; null where too few requests were acknowledged to name them. */
  readonly p50: readonly (number | null)[];
  readonly p90: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** Requests that were slow, failed, or of unknown outcome. */
  readonly bad: readonly number[];
};

/** Requests of one operation, over the whole run. */
export type OperationFigures = {
  readonly operation: Invocation["kind"];
  readonly okCount: number;
  /** Of `okCount`: later than the strictest limit. */
  readonly slowCount: number;
  /** Failed, or of unknown outcome. */
  readonly badCount: number;
  readonly latencyMs: LatencyFigures;
  readonly course: Course;
};

/** The requests of one node, over the whole run. */
export type NodeFigures = {
  readonly node: NodeName;
  /** Of those that entered through it, as the figures up to `operations`. */
  readonly okCount: number;
  readonly badCount: number;
  /** Of `okCount`: later than the strictest limit. */
  readonly slowCount: number;
  readonly latencyMs: LatencyFigures;
  readonly operations: readonly OperationFigures[];
  /** Acknowledged puts and deletes that it coordinated; what failed or is unknown has no coordinator. */
  readonly coordinated: readonly OperationFigures[];
};

/** One of the busiest keys, over the whole run. `share` is of all requests of the load. */
export type KeyFigures = {
  readonly key: string;
  readonly requestCount: number;
  readonly share: number;
  readonly badCount: number;
  readonly latencyMs: LatencyFigures;
};

export type RunFigures = {
  readonly until: Micros;
  readonly intervals: readonly IntervalFigures[];
  readonly heat: LatencyHeat;
  readonly curves: readonly PercentileCurve[];
  readonly nodes: readonly NodeFigures[];
  /** The length of an interval of the nodes' courses. */
  readonly panelUs: Micros;
  readonly keys: readonly KeyFigures[];
  readonly requests: ReadonlyMap<number, RequestFigures>;
  /** Between nodes, where their event logs were kept. */
  readonly messages?: readonly NodeMessage[];
  /** Those that the page's program can draw one by one. */
  readonly explored: ExploredRequests;
};
