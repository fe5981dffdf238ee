/**
 * How one key's concurrent versions are told apart and merged (Dynamo §4.4), behind one interface, chosen per bucket
 * so that one cluster runs all comparisons at once.
 *
 * `dvv`, the default, is a dotted version vector set: each sibling carries the dot (actor, counter) of the
 * event that wrote it, and the state says which events are known. `vv-max` is the paper's scheme: each
 * sibling carries a version vector, a coordinator increments its own entry from max(local, context). The
 * paper's scheme loses an acknowledged write when two clients put with one context through one coordinator,
 * and is here to show just that. `lww` keeps the version with the latest wall clock and drops all others, as the
 * paper's session store did (§6).
 *
 * Laws of `sync`, for all: commutative, associative, idempotent. In dvv associativity needs the memory of
 * superseded writes for one case only, a retry that was coordinated twice; it holds as long as `recent`
 * reaches.
 */
import { noMemory, type WriteMemory } from "./write-memory.ts";

/** Who mints events: one node, one incarnation, one epoch. Text `node~incarnation~epoch`; see actor.ts. */
export type Actor = string;
export type Dot = { readonly actor: Actor; readonly counter: number };

/** actor -> events 1..counter of it are known. A missing actor is 0. Iterates in ascending order of actor. */
export type VersionVector = ReadonlyMap<Actor, number>;

/** A set of known events: `vector`, and single events beyond it (`cloud`, sorted), normally none. */
export type CausalContext = { readonly vector: VersionVector; readonly cloud: readonly Dot[] };

/**
 * What a client has seen of a key: events, and by name the latest writes among them. Events alone do not tell a late
 * copy of a retried write, which another coordinator gave another dot; the coordinator of the client's next write may
 * be a node that never had the first copy, and can only know the name from here.
 */
export type ClientContext = CausalContext & { readonly writes: readonly RecentWrite[] };

/** One concurrent version. `value` null is a tombstone. */
export type Sibling = {
  /** Sorted, never empty. More than one only if retries of the write were coordinated at several nodes. */
  readonly dots: readonly Dot[];
  /** The client's name for the write; the same for every retry of it. */
  readonly writeId: string;
  readonly value: Uint8Array | null;
  /** How many events of the key the coordinator knew of, this one included. Orders `recent`, nothing else. */
  readonly rank: number;
  /** Wall clock of the coordinator, ms since 1970. For people in dvv and vv-max; in lww the stamp that decides. */
  readonly wallMs: number;
  /** vv-max only: this version's own vector. */
  readonly clock?: VersionVector;
};

/** A write that is superseded but whose late retry must still be recognised. */
export type RecentWrite = {
  readonly writeId: string;
  readonly dots: readonly Dot[];
  readonly rank: number;
};

/**
 * All that a node knows of one key. Travels whole on every path, because what `clock` and `cloud` cover and
 * no sibling carries has been superseded with knowledge.
 */
export type KeyState = {
  /**
   * dvv: with `cloud`, covers every sibling's dots. vv-max: pointwise maximum of the siblings' clocks. lww: the one
   * sibling's actor and stamp.
   */
  readonly clock: VersionVector;
  /**
   * dvv: single events known beyond `clock`, sorted. They come from the context of a client that wrote
   * blindly and then wrote again elsewhere. Folding them into `clock` would claim the events in between.
   */
  readonly cloud: readonly Dot[];
  /** Sorted by first dot, so that equal states have equal bytes. */
  readonly siblings: readonly Sibling[];
  /** In order of age: ascending rank, then write id. */
  readonly recent: WriteMemory;
};

export type Update = {
  /** Absent context: a blind write, concurrent with everything here. */
  readonly context: ClientContext;
  readonly value: Uint8Array | null;
  readonly writeId: string;
  readonly actor: Actor;
  /** lww: the stamp, a whole number that `actor` gives once and only ever higher. */
  readonly wallMs: number;
};

export type VersionsMode = "dvv" | "vv-max" | "lww";

export interface Versions {
  readonly mode: VersionsMode;

  /** A client's write at its coordinator. Recognises a retry by `writeId` and then changes nothing. */
  update(
    state: KeyState,
    update: Update,
  ): { readonly state: KeyState; readonly dot: Dot; readonly isRetry: boolean };

  /** The versions that neither side knows to be superseded. */
  sync(a: KeyState, b: KeyState): KeyState;

  /** What a client that was given all siblings of `state` has seen. */
  contextOf(state: KeyState): ClientContext;

  /** What a client has seen that wrote with `context` and was told its dot, and nothing more than that. */
  contextAfter(
    context: ClientContext,
    written: { readonly writeId: string; readonly dot: Dot },
  ): ClientContext;

  /** Whether a client that is given `state` misses nothing of what it has seen with `context`. */
  covers(state: KeyState, context: CausalContext): boolean;
}

export const emptyKeyState: KeyState = { clock: new Map(), cloud: [], siblings: [], recent: noMemory };
export const emptyContext: ClientContext = { vector: new Map(), cloud: [], writes: [] };

/** Superseded writes that a context names, beside the siblings themselves: as many as fit into a header. */
export const namedCountMax = 16;
