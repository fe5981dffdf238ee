/**
 * One node: the protocols wired to the ports. The same class runs in a process (`main.ts` gives it sockets and a
 * disk) and in the simulated world, thousands of times from one seed.
 *
 * The node knows nothing of HTTP or processes. Everything worth noticing leaves through the trace port; counters
 * and logs are made there.
 */
import type { NodeConfig } from "./config.ts";
import type { KeyState } from "./core/versions.ts";
import type { ClientGet, ClientWrite, GetOutcome, WriteOutcome } from "./outcomes.ts";
import type { Clock } from "./ports/clock.ts";
import type { Network, NodeId } from "./ports/network.ts";
import type { Random } from "./ports/random.ts";
import type { Storage } from "./ports/storage.ts";
import type { Trace } from "./ports/trace.ts";

export type Ports = {
  readonly clock: Clock;
  readonly network: Network;
  readonly storage: Storage;
  readonly random: Random;
  readonly trace: Trace;
};

export type StartOutcome =
  | { readonly type: "ok"; readonly incarnation: string; readonly boot: number }
  | { readonly type: "failed"; readonly reason: string };

/** homes: the key's N nodes, in order. fallbacks: all other nodes, in the order in which they stand in. */
export type Preference = {
  readonly partition: number;
  readonly homes: readonly NodeId[];
  readonly fallbacks: readonly NodeId[];
};

export type RingView = {
  readonly hash: string;
  readonly partitionCount: number;
  readonly members: readonly { readonly nodeId: NodeId; readonly host: string; readonly httpPort: number }[];
  /** For each partition all members, in the order of the preference list. */
  readonly partitions: readonly (readonly NodeId[])[];
};

export type Health = {
  readonly nodeId: NodeId;
  readonly incarnation: string;
  readonly boot: number;
  readonly phase: "starting" | "serving" | "stopping" | "stopped";
  /** The disk refused a write: the node answers reads and refuses to be counted for writes until it is restarted. */
  readonly isReadOnly: boolean;
  readonly areTreesBuilt: boolean;
  readonly requestsInFlight: number;
  readonly hintCount: number;
  readonly hintBytes: number;
  readonly peers: readonly { readonly nodeId: NodeId; readonly isReachable: boolean }[];
};

/** One key as this node's main store holds it. `hash` covers siblings, values, dots, clock and tombstones. */
export type KeyRecord = {
  readonly bucket: string;
  readonly key: string;
  readonly homes: readonly NodeId[];
  readonly hash: string;
  readonly state: KeyState;
};

/** `next` is the cursor for the following page, null after the last. */
export type Dump = { readonly entries: readonly KeyRecord[]; readonly next: string | null };

export type RawKey = {
  /** In the main store. A corrupt record is neither there nor absent. */
  readonly main:
    | { readonly type: "found"; readonly state: KeyState; readonly hash: string }
    | { readonly type: "absent" }
    | { readonly type: "corrupt" | "failed"; readonly reason: string };
  /** What this node keeps of the key for others. */
  readonly hints: readonly { readonly target: NodeId; readonly state: KeyState }[];
};

export type HintSummary = {
  readonly target: NodeId;
  readonly bucket: string;
  readonly key: string;
  readonly writeIds: readonly string[];
};

/**
 * Whether this node has anything left to do for others. `treeRoots`: `partition/copies` -> root hash, of every tree
 * this node is a home of; two homes that hold the same data have the same roots.
 */
export type Calm = {
  readonly isQuiet: boolean;
  /** One sentence, present unless quiet. */
  readonly reason?: string;
  readonly hintCount: number;
  readonly unreachablePeers: readonly NodeId[];
  readonly treeRoots: ReadonlyMap<string, string>;
};

export class Node {
  readonly #config: NodeConfig;
  readonly #ports: Ports;

  constructor(config: NodeConfig, ports: Ports) {
    this.#config = config;
    this.#ports = ports;
  }

  /**
   * Reads and renews the node's identity on disk, begins to answer peers, and starts the background work. Resolves
   * when the node serves; a node that could not start has to be stopped too, to give its ports back.
   */
  async start(): Promise<StartOutcome> {
    return {
      type: "failed",
      reason: `${this.#config.nodeId} is being written at ${this.#ports.clock.wallMs()}.`,
    };
  }

  /**
   * Refuses new requests, lets those under way end (at most one request time), stops the background work and closes
   * network and storage. Idempotent.
   */
  async stop(): Promise<void> {}

  /** Resolves, with the reason, when the node can no longer keep its promises (a failed sync); end its process then. */
  failed(): Promise<string> {
    return new Promise(() => {});
  }

  /** A client's read; any node may coordinate it. Never rejects; never changes anything a client could see. */
  async get(_request: ClientGet): Promise<GetOutcome> {
    return { type: "fail", error: "shutting-down", detail: "" };
  }

  /** A client's put or delete. `fail` only when nothing was applied or sent anywhere; else `info`. Never rejects. */
  async write(_request: ClientWrite): Promise<WriteOutcome> {
    return { type: "fail", error: "shutting-down", detail: "" };
  }

  preference(_bucket: string, _key: string): Preference {
    return { partition: 0, homes: [], fallbacks: [] };
  }

  ring(): RingView {
    return { hash: "", partitionCount: 0, members: [], partitions: [] };
  }

  health(): Health {
    throw new Error("not yet");
  }

  /** The main store in storage order, at most `limit` records (1..1000) after the cursor; null starts. */
  async dump(_after: string | null, _limit: number): Promise<Dump> {
    return { entries: [], next: null };
  }

  async rawKey(_bucket: string, _key: string): Promise<RawKey> {
    return { main: { type: "absent" }, hints: [] };
  }

  /** All hints held, at most 10,000, sorted by target, bucket, key. */
  async hints(): Promise<readonly HintSummary[]> {
    return [];
  }

  /** What `quiesce` would look at, as it is now, without asking anybody. */
  calm(): Calm {
    throw new Error("not yet");
  }

  /**
   * Delivers hints and runs anti-entropy at once and back to back until nothing is left: every peer reachable, no
   * hint here, no write under way, and the trees of all shared partitions equal with every co-owner twice in a row;
   * or until `timeoutMs` have passed.
   */
  async quiesce(_timeoutMs: number): Promise<Calm> {
    return this.calm();
  }
}
