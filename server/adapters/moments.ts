/**
 * Moments of the protocols at which a fault can be made to strike: each is the instant at which the trace emits one
 * event, with what has been done by then and what has not. What a client is promised hangs on such instants: a
 * coordinator that dies between the acknowledgement of a replica and its own answer is where writes get lost.
 *
 * No protocol has a fail point for these. They are events that the log shows anyway, told apart by their fields.
 */
import type { NodeId } from "../ports/network.ts";
import type { TraceEvent } from "../ports/trace.ts";

type MomentRow = {
  /** What has just happened on the node, and what has not yet. */
  readonly meaning: string;
  readonly isIt: (event: TraceEvent, self: NodeId) => boolean;
};

const rows = {
  "write-minted": {
    meaning: "the coordinator has named a write; nothing of it is stored or sent",
    isIt: (event) => event.type === "write-minted" && !event.isRetry,
  },
  "replica-sent": {
    meaning:
      "a copy is about to leave for a replica; the coordinator's own may still be on its way to the disk",
    isIt: (event) => event.type === "replica-sent",
  },
  "state-appended": {
    meaning: "a copy has been stored here; whoever sent it has not been told",
    isIt: (event) => event.type === "state-appended",
  },
  "replica-acked": {
    meaning: "another replica has acknowledged a write; its client has not been answered",
    isIt: (event, self) => event.type === "replica-acked" && event.isAwaited && event.from !== self,
  },
  "write-answered": {
    meaning: "a write has its quorum; the answer has not left",
    isIt: (event) => event.type === "write-answered" && event.outcome === "ok",
  },
  "hint-stored": {
    meaning: "a hint has been stored here; whoever sent it has not been told",
    isIt: (event) => event.type === "hint-stored",
  },
  "hint-delivered": {
    meaning: "a home has taken its hint; the hint has not been removed",
    isIt: (event) => event.type === "hint-delivered",
  },
  "repair-sent": {
    meaning: "a repair is about to leave for a replica that a read or a comparison found behind",
    isIt: (event) => event.type === "read-repair-sent" || event.type === "exchange-sent",
  },
  "tree-compared": {
    meaning: "a comparison has found keys that differ; none has been mended",
    isIt: (event) => event.type === "tree-compared" && event.differingKeyCount > 0,
  },
  "transfer-accepted": {
    meaning: "a new home has accepted a partition; nothing of it has been sent",
    isIt: (event) => event.type === "transfer-accepted",
  },
  "transfer-streamed": {
    meaning: "a piece of a partition has arrived at its new home; what comes after it has not been sent",
    isIt: (event) => event.type === "transfer-streamed",
  },
  "transfer-sealed": {
    meaning: "an old home says that all of a partition is here; this new home has not said that it holds it",
    isIt: (event) => event.type === "transfer-sealed",
  },
} as const satisfies Readonly<Record<string, MomentRow>>;

export type Moment = keyof typeof rows;

export const moments: ReadonlyMap<Moment, MomentRow> = new Map(
  Object.entries(rows).map(([name, row]) => [name as Moment, row]),
);

/** Undefined for a word that names none. */
export function momentNamed(word: string): Moment | undefined {
  return [...moments.keys()].find((moment) => moment === word);
}
