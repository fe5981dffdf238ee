/**
 * What a run leaves behind: one event after another, in the order in which the recorder saw them.
 *
 * A request is one get, put or delete of one key. It has one invocation and at most one completion; a request
 * without completion is unknown, like one that ended `info`. A cart operation is one or more requests that share
 * `operation`. Nothing in here comes from the store's own clocks: which version saw which is told by the ids that
 * the values themselves carry.
 *
 * All times are integers, microseconds of monotonic time since the start of the run. They can be compared across
 * the processes of one machine.
 */
import type { Harm } from "./harm.ts";
import type { LateCopy } from "./late-copy.ts";

/** A client's name for one write, `<process>.<sequence>` with an optional `/suffix`; unique in the run, same on retries. */
export type WriteId = string;

/** Who is asked, and what each node is called: the operator's name, "n1". */
export type NodeName = string;
export type Micros = number;

// ---- the run ------------------------------------------------------------------------------------------------

export type PhaseKind = "warm-up" | "steady" | "fault" | "recovery" | "settle" | "final";

/** Fixed before the run starts. `until` is exclusive. Warm-up is left out of every latency figure. */
export type Phase = {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly from: Micros;
  readonly until: Micros;
  /** Of a fault or recovery phase: the id of the fault. */
  readonly fault?: string;
};

/** What the store was asked to promise; decides which property is hard. */
export type Promises = {
  readonly n: number;
  readonly r: number;
  readonly w: number;
  readonly pr: number;
  readonly pw: number;
  readonly sloppy: boolean;
  readonly versions: string;
  /** How clients merge carts: "tagged" (observed-remove set) or "union" (the paper's, by name). */
  readonly codec: string;
};

/**
 * "p99.9 of `operation` within `limitMs`, over all phases of the kind `phase` together": `hard` ones end the run as
 * breached.
 */
export type Objective = {
  readonly operation: "get" | "put" | "delete" | "any";
  readonly quantile: number;
  readonly limitMs: number;
  readonly phase: PhaseKind;
  readonly hard: boolean;
};

/** Milliseconds from the intended start, at `rate` requests a second. */
export type NoiseFloor = {
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
};

export type RunStarted = {
  readonly type: "run";
  readonly schema: 1;
  readonly name: string;
  readonly seed: number;
  readonly startedWallMs: number;
  /** The machine's monotonic clock at microsecond 0, in milliseconds; what the nodes log is told by that clock. */
  readonly zeroMonotonicMs?: number;
  readonly workload: string;
  readonly nodes: readonly NodeName[];
  readonly promises: Promises;
  readonly phases: readonly Phase[];
  readonly objectives: readonly Objective[];
  /** Service levels that decide the run beside the objectives, as objectives/expression.ts reads them. */
  readonly sla?: readonly string[];
  /** What the generator measured of a server that does nothing, before the run: below this no latency means much. */
  readonly noiseFloor?: NoiseFloor;
  /** Properties, such as "P1", that this run is expected to violate. */
  readonly expect: readonly string[];
};

// ---- requests -----------------------------------------------------------------------------------------------

export type Tag = string;
export type CartLine = { readonly item: string; readonly quantity: number };

/** What one cart value holds, as its writer built it. */
export type CartContents =
  | {
      readonly codec: "tagged";
      readonly live: readonly (CartLine & { readonly tag: Tag })[];
      readonly removed: readonly Tag[];
      /** Set by a checkout: the order that took the tags. */
      readonly order?: string;
    }
  | { readonly codec: "union"; readonly lines: readonly CartLine[]; readonly order?: string };

/** What the shopper wanted, in terms of tags; a union cart has tags too, in the mind of the oracle only. */
export type CartEffect = {
  readonly action:
    | "add"
    | "remove"
    | "set-quantity"
    | "merge"
    | "checkout"
    | "blind"
    | "delete"
    | "order"
    | "one-shot";
  readonly adds: readonly (CartLine & { readonly tag: Tag })[];
  /** Items taken out, each with the tags (of adds) that the writer had observed for it. */
  readonly removes: readonly { readonly item: string; readonly observed: readonly Tag[] }[];
};

/** What a put's or delete's value says of itself. */
export type Written = {
  readonly write: WriteId;
  /** Every version that was merged into this one, tombstones included. */
  readonly parents: readonly WriteId[];
  /** Hex SHA-1 of the whole value as sent, padding included; "" for a delete. */
  readonly digest: string;
  readonly bytes: number;
  readonly effect?: CartEffect;
  readonly contents?: CartContents;
  /** Order records: the tags sold. */
  readonly sold?: readonly Tag[];
};

export type Invocation = {
  readonly type: "invoke";
  /** Number of the request, unique, ascending. */
  readonly id: number;
  /** A logical client: never two requests at once; retired after an unknown outcome. */
  readonly process: number;
  /** The shopper's device. Session guarantees are judged per process, which is one connection of one device. */
  readonly session: string;
  /** The cart operation this belongs to, `<process>.<sequence>`. */
  readonly operation: string;
  readonly kind: "get" | "put" | "delete";
  readonly key: string;
  /** When the plan wanted it: its arrival, or for a follow-up the completion of the request before. */
  readonly intended: Micros;
  /** When it was sent. */
  readonly at: Micros;
  /** Present exactly on put and delete. */
  readonly written?: Written;
  /** A read after the heal, through `entry`; these are the final reads F. */
  readonly final?: boolean;
  /** The node it was first sent to. */
  readonly entry: NodeName;
};

export type Attempt = {
  readonly node: NodeName;
  readonly from: Micros;
  readonly until: Micros;
  /** `none`: the node says nothing was done. `unknown`: the node cannot say, or never answered. */
  readonly outcome: "ok" | "none" | "unknown";
  readonly error?: string;
};

/** One version as a read returned it. `write` is null when the bytes name no write: a phantom. */
export type Observed = { readonly write: WriteId | null; readonly digest: string };

export type Acknowledged = {
  readonly node: NodeName;
  readonly role: "home" | "fallback";
  readonly durability: "synced" | "buffered";
};

type Completed = { readonly id: number; readonly at: Micros; readonly attempts: readonly Attempt[] };

export type Completion =
  | (Completed & {
      readonly type: "ok";
      /** Of a get. */
      readonly observed?: readonly Observed[];
      /** Of a get: write ids of the deletes seen. */
      readonly tombstones?: readonly WriteId[];
      /** Of a put or delete: who has copies, and who coordinated it, where the answer told. */
      readonly acknowledged?: readonly Acknowledged[];
      readonly coordinator?: NodeName;
    })
  | (Completed & { readonly type: "fail" | "info"; readonly error: string });

// ---- what was done to the cluster, and what it looked like afterwards ----------------------------------------

/**
 * A fault's life. `active` holds the proof from outside and begins the interval in which it was seen to hold;
 * `healed` ends it. `ineffective` and `skipped` make the run inconclusive.
 */
export type FaultEvent = {
  readonly type: "fault";
  readonly id: string;
  readonly kind: string;
  /** Where the kind does not say it already. */
  readonly harm?: Harm;
  readonly stage: "injecting" | "active" | "healing" | "healed" | "ineffective" | "skipped";
  readonly nodes: readonly NodeName[];
  readonly backend: string;
  readonly evidence: string;
  readonly at: Micros;
};

/** One key as one node stores it, after quiescence and before any final read. */
export type Dump = {
  readonly type: "dump";
  readonly node: NodeName;
  readonly key: string;
  /** The nodes that should hold it, as this node's ring says. */
  readonly homes: readonly NodeName[];
  /** Digest of siblings, dots, vector and tombstones: equal states, equal digests. */
  readonly state: string;
  readonly observed: readonly Observed[];
  readonly tombstones: readonly WriteId[];
};

/** Whether the cluster came to rest, node by node. */
export type Calm = {
  readonly type: "calm";
  readonly node: NodeName;
  readonly at: Micros;
  readonly isQuiet: boolean;
  readonly hintCount: number;
  readonly unreachablePeers: readonly NodeName[];
  /** Partition -> root hash, of the partitions this node is a home of. */
  readonly treeRoots: Readonly<Record<string, string>>;
  /** Counts of things done by this node during the run: hints stored, hints delivered, repairs … */
  readonly counters: Readonly<Record<string, number>>;
  readonly reason?: string;
};

/** A node's process ended and the harness had not asked it to: a crash of its own, or somebody else's signal. */
export type NodeEnded = {
  readonly type: "node-ended";
  readonly node: NodeName;
  /** When the harness saw it. */
  readonly at: Micros;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** "SIGSEGV"; null when it left by itself. */
  readonly signal: string | null;
  /** The last line of its log, cut to some hundred characters; "" when it wrote none. */
  readonly lastLogLine: string;
};

/** The recorder closed the journal on purpose; without it the run was cut short. */
export type RunEnded = {
  readonly type: "end";
  readonly at: Micros;
  readonly reason: "completed" | "interrupted" | "failed";
  readonly note?: string;
};

/** The load loop's own behaviour over one second: how late it sent, and what it dropped. */
export type LoadHealth = {
  readonly type: "load";
  readonly at: Micros;
  readonly lagUsMax: number;
  readonly loopStallUsMax: number;
  readonly inFlight: number;
  readonly dropped: number;
  /** The longest pause for garbage collection. */
  readonly gcUsMax?: number;
};

/** The machine over one second, as the run saw it. Shares of 1; 1 is all of its processors. */
export type MachineHealth = {
  readonly type: "machine";
  readonly at: Micros;
  /** Taken by processes that are no part of the run. */
  readonly foreignShare: number;
  /** Taken by other machines on the same hardware. */
  readonly stealShare: number;
  /** Of the time that the run's own processes wanted to run, the part in which they waited for a processor. */
  readonly waitShare: number;
  /** Processor time that the run's own processes took, all threads together. */
  readonly ownCpuMs?: number;
};

export type HistoryEvent =
  | RunStarted
  | Invocation
  | Completion
  | LateCopy
  | FaultEvent
  | NodeEnded
  | Dump
  | Calm
  | LoadHealth
  | MachineHealth
  | RunEnded;
