/**
 * What the orchestrator and the load process say to each other, over the channel of a forked process. The child says
 * `ready` once its code is loaded, is told to `start`, and ends with `done` or `failed`; then it goes away by itself.
 * When the channel closes before that, the orchestrator is dead, and the child keeps what it knows and ends.
 *
 * The load may be over any moment after `stop`, or after the last arrival: what the orchestrator has to record from
 * then on it holds back, and writes itself once the child is gone.
 */
import * as z from "zod";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { isHistoryEvent } from "../../checkers/history/event-shape.ts";
import type { LoadCounts } from "./load-tally.ts";

const loadOptionsShape = z.object({
  workload: z.string(),
  codec: z.enum(["tagged", "union"]),
  seed: z.int(),
  /** Requests per second; arrivals are fewer, by the workload's mean number of requests. */
  rate: z.number().positive(),
  arrivals: z.string(),
  keys: z.enum(["zipfian", "uniform"]),
  durationUs: z.int().nonnegative(),
  /** The load grows to its full rate over this time. */
  rampUs: z.int().nonnegative(),
  pacer: z.enum(["worker", "timer", "spin"]),
  bucket: z.string(),
  nodes: z.array(z.object({ node: z.string(), httpUrl: z.url() })).min(1),
  /** Appended to. */
  journalPath: z.string(),
  /** `process.hrtime.bigint()` of the run's start, in decimal; may lie ahead. Arrivals count from it. */
  startedHr: z.string().regex(/^\d+$/),
});

export type LoadOptions = z.infer<typeof loadOptionsShape>;

export type ToLoad =
  | { readonly type: "start"; readonly options: LoadOptions }
  /** Only the load process writes the journal while it runs; others' events come through here. */
  | { readonly type: "record"; readonly event: HistoryEvent }
  /** From now on copies of acknowledged writes come late, through these nodes; through none: no more. */
  | { readonly type: "late-copies"; readonly through: readonly string[] }
  /** No more arrivals; `done` follows. */
  | { readonly type: "stop" };

/** One second of load. */
export type LoadProgress = {
  readonly type: "progress";
  /** Seconds since the start of the run. */
  readonly second: number;
  /** Requests that ended in this second. */
  readonly lately: LoadCounts;
  readonly total: LoadCounts;
  readonly inFlight: number;
  /** What most requests of the last seconds were about, if there were any. */
  readonly busiestKey?: string;
  /** Late copies that were acknowledged so far. */
  readonly lateCopyCount: number;
  /** What reads of this second showed that cannot be right, a sentence each. */
  readonly warnings: readonly string[];
  /** Over all requests so far, from their intended start. */
  readonly p50Ms: number;
  readonly p99Ms: number;
};

export type LoadDone = {
  readonly type: "done";
  readonly requests: LoadCounts;
  readonly arrivalCount: number;
  readonly droppedCount: number;
  /** Arrivals given up at the end; their open requests have no completion. */
  readonly unfinishedCount: number;
  /** How many of the events that were sent to be recorded are in the journal; the later ones came too late. */
  readonly recordedCount: number;
  /** Numbers for whoever writes the journal next. */
  readonly nextRequestId: number;
  readonly nextProcess: number;
};

export type FromLoad =
  | { readonly type: "ready" }
  | LoadProgress
  | LoadDone
  /** The run cannot go on; the journal holds what happened until here. */
  | { readonly type: "failed"; readonly sentence: string };

const toLoadShape: z.ZodType<ToLoad> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), options: loadOptionsShape }),
  z.object({ type: z.literal("record"), event: z.custom<HistoryEvent>(isHistoryEvent) }),
  z.object({ type: z.literal("late-copies"), through: z.array(z.string()) }),
  z.object({ type: z.literal("stop") }),
]);

/** Undefined for anything that is no message to the load process. */
export const parseToLoad = (message: unknown): ToLoad | undefined => toLoadShape.safeParse(message).data;
