/**
 * What can be set of a node: default, unit, bounds, and what turning it costs.
 *
 * Every wait, queue and size in the server has its limit here. Buckets carry their own replication settings, so
 * that one cluster can run several configurations side by side.
 */
import { strainMax } from "./core/background-slices.ts";
import type { DurabilityMode } from "./core/durability-demand.ts";
import type { Strategy } from "./core/strategy.ts";
import type { VersionsMode } from "./core/versions.ts";
import type { NodeId } from "./ports/network.ts";
import type { Introduction } from "./rpc/messages.ts";

/**
 * When a read mends the homes it found behind: not at all; after its answer; or before it, so that a later read of as
 * many replies cannot see less (monotonic reads, at the price of a write's latency whenever replicas differ).
 */
export type ReadRepairMode = "off" | "async" | "blocking";

/**
 * What becomes of a deleted key's record: kept for ever; or dropped once every member has shown that nothing older
 * of the key is left anywhere (protocols/reaping.ts).
 */
export type TombstonesMode = "keep" | "proof";

/** Replication of one bucket. 1 <= r, w <= n <= number of members. */
export type BucketConfig = {
  /** Copies of each key (default 3). More survive more lost disks and cost as many more writes. */
  readonly n: number;
  /** Replies a read waits for (default 2). */
  readonly r: number;
  /** Acknowledgements a write waits for (default 2). */
  readonly w: number;
  /** Replies that must come from home nodes (default 0: sloppy). */
  readonly pr: number;
  /** Acknowledgements that must come from home nodes (default 0: sloppy). */
  readonly pw: number;
  /** Acknowledgements that must be synced (default 0: as the storage does it). */
  readonly dw: number;
  /** True (default): the first N healthy nodes serve. False: only home nodes do, and a write may be refused. */
  readonly sloppy: boolean;
  /** Whether an acknowledged hint counts toward w (default true, as in the paper). */
  readonly hintsCountForW: boolean;
  /** How versions are told apart (default dvv). `vv-max` is the paper's, `lww` goes by wall clocks; both lose writes. */
  readonly versions: VersionsMode;
  /** When stale home nodes seen by a read are mended (default async). */
  readonly readRepair: ReadRepairMode;
  /** What becomes of deleted keys (default proof). `keep` costs the records and tree entries of all deleted keys. */
  readonly tombstones: TombstonesMode;
  /**
   * When a copy is acknowledged (default fsync: when it is on stable storage). `buffer` acknowledges from memory and
   * loses up to `intervals.bufferFlushMs` of writes to a crash; `buffer+one` syncs one copy of each write first. `dw`
   * asks for synced acknowledgements in any of them.
   */
  readonly durability: DurabilityMode;
};

export const defaultBucket: BucketConfig = {
  n: 3,
  r: 2,
  w: 2,
  pr: 0,
  pw: 0,
  dw: 0,
  sloppy: true,
  hintsCountForW: true,
  versions: "dvv",
  readRepair: "async",
  tombstones: "proof",
  durability: "fsync",
};

/** What keeps the data of a node (default level). memory keeps nothing over a restart and acknowledges nothing as synced. */
export type StorageEngine = "level" | "lmdb" | "memory";

export type Member = {
  readonly nodeId: NodeId;
  readonly host: string;
  readonly rpcPort: number;
  readonly httpPort: number;
  /** Share of the partitions relative to the other members of its data centre, > 0 (default 1). */
  readonly capacity?: number;
  /** Data centre and rack (default ""). Lists span as many as there are. */
  readonly dc?: string;
  readonly rack?: string;
  /** Its place in the plan of its data centre, see core/seats.ts (default: by id). */
  readonly seat?: number;
};

export type NodeConfig = {
  readonly clusterId: string;
  readonly nodeId: NodeId;
  /** The members the cluster begins with, the same on each of them, in any order; none on a node that is to join. */
  readonly members: readonly Member[];
  /** Where this node reaches others that are no members from the beginning; goes before what they say themselves. */
  readonly addresses?: readonly Member[];
  /** Nodes everybody reconciles with now and then, so that groups which never met unite (default none). */
  readonly seeds?: readonly NodeId[];
  /** Where others reach this node, and its share; told to those who do not know it (default: its own member). */
  readonly introduction?: Introduction;
  /** Bucket name -> settings; `default` serves every bucket not named. */
  readonly buckets: ReadonlyMap<string, BucketConfig>;
  /**
   * Partitions of the ring, a power of two, 1..4096 (default 64). More balance better and cost more trees. With strategy
   * 1 as many as there are tokens.
   */
  readonly partitionCount: number;
  /** How partitions are placed (default: strategy 3 with `partitionCount`). Under strategy 1 members cannot come or go. */
  readonly placement?: Strategy;
  readonly limits: Limits;
  readonly intervals: Intervals;
};

/** Upper bounds; beyond each a request is refused with one clear sentence. */
export type Limits = {
  readonly keyBytesMax: number;
  readonly valueBytesMax: number;
  readonly contextBytesMax: number;
  readonly siblingCountMax: number;
  /** Bytes of all concurrent values of a key together (default 4 MiB): states travel whole, in one message. */
  readonly stateBytesMax: number;
  readonly requestsInFlightMax: number;
  readonly hintBytesMax: number;
  /** How fast one conversation streams a partition (default 8 MiB/s); four may run at once. */
  readonly transferBytesPerSecondMax: number;
  /** Encoded bytes of key states kept decoded in memory (default 64 MiB). Less costs a disk read an operation. */
  readonly cacheBytesMax: number;
  /** Objects (default 1000) and bytes (8 MiB) acknowledged from memory and not yet on disk; then writes wait for it. */
  readonly bufferObjectsMax: number;
  readonly bufferBytesMax: number;
  /**
   * The 99th percentile of the disk's reads of the last minute, in milliseconds, above which repair and transfers are
   * held back (default 50, the paper's). More lets them hurt requests for longer.
   */
  readonly backgroundReadMsMax: number;
};

export const defaultLimits: Limits = {
  keyBytesMax: 1024,
  valueBytesMax: 1024 * 1024,
  contextBytesMax: 4096,
  siblingCountMax: 100,
  stateBytesMax: 4 * 1024 * 1024,
  requestsInFlightMax: 10_000,
  hintBytesMax: 256 * 1024 * 1024,
  transferBytesPerSecondMax: 8 * 1024 * 1024,
  cacheBytesMax: 64 * 1024 * 1024,
  bufferObjectsMax: 1000,
  bufferBytesMax: 8 * 1024 * 1024,
  backgroundReadMsMax: strainMax.readP99Ms,
};

/** The longest time a request may ask for, in milliseconds; a client that waits longer is gone. */
export const timeoutMsMax = 60_000;

/** All in milliseconds of monotonic time. */
export type Intervals = {
  /** How long a client's request may take when it does not say (default 1000). */
  readonly requestMs: number;
  /**
   * Before a slow replica is doubled by a fallback, as long as little is known of it (default 80); then a quarter to
   * four times as long, as its replies so far say. Less costs traffic, more costs latency.
   */
  readonly escalateMs: number;
  /** How long a read listens for stragglers after its answer, to mend them (default 75). */
  readonly readRepairGraceMs: number;
  /** Between pings to a healthy peer (default 1000), and the back-off to a suspected one, at most `pingMaxMs` (3000). */
  readonly pingMs: number;
  readonly pingMaxMs: number;
  readonly pingTimeoutMs: number;
  /** Between two scans of the hint store (default 1000). */
  readonly hintScanMs: number;
  /** Between two anti-entropy rounds of one node (default 10000). */
  readonly antiEntropyMs: number;
  /** How long a buffered write waits for the disk at most (default 100). Less loses less in a crash. */
  readonly bufferFlushMs: number;
  /** Between two looks at a difference before it is believed (default 20): time for a write under way to arrive. */
  readonly lookAgainMs: number;
  /** Between two searches for deleted keys that may be reaped (default 30000). */
  readonly reapMs: number;
  /**
   * How long a deleted key must have lain unchanged on every home before it is reaped (default 600000). It must
   * exceed the time any message or request may be under way, a minute. A client's context of a deleted key, and a
   * retry of a write that was deleted, are understood for this long.
   */
  readonly reapGraceMs: number;
  /** How far ahead of this node's wall clock an lww stamp may be (default 60000). More lets a wrong clock win longer. */
  readonly stampLeadMs: number;
  /** Between two looks whether a disk that refused a write takes writes again (default 1000). */
  readonly diskRecoveryMs: number;
  /** Between two looks at 256 records for damage (default 10000). Less finds it sooner and reads more. */
  readonly scrubMs: number;
  /** Between two exchanges of the member table with a random peer (default 1000). */
  readonly gossipMs: number;
  /** Between two looks at what a ring change leaves to be moved (default 200). */
  readonly transferMs: number;
};

export const defaultIntervals: Intervals = {
  requestMs: 1000,
  escalateMs: 80,
  readRepairGraceMs: 75,
  pingMs: 1000,
  pingMaxMs: 3000,
  pingTimeoutMs: 300,
  hintScanMs: 1000,
  antiEntropyMs: 10_000,
  bufferFlushMs: 100,
  lookAgainMs: 20,
  reapMs: 30_000,
  reapGraceMs: 600_000,
  stampLeadMs: 60_000,
  diskRecoveryMs: 1000,
  scrubMs: 10_000,
  gossipMs: 1000,
  transferMs: 200,
};
