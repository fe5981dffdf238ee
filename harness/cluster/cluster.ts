/**
 * Where the nodes live. One interface; drivers differ in what they can do to a node and say so in `abilities`.
 *
 * Each call that changes the world is undone by another one here, and by `stopAll` in any case. Every call resolves
 * with a sentence on failure; none leaves a half-done change behind without saying so.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Moment } from "../../server/adapters/moments.ts";
import type { DiskDamage } from "./disk-damage.ts";
import type { DiskTrouble } from "./disk-trouble.ts";
import type { LinkShape } from "./link-shape.ts";
import type { PowerLoss } from "./undo-journal.ts";
import type { EndListener } from "./unexpected-ends.ts";

export type Ability =
  | "kill"
  | "pause"
  | "cut"
  | "one-way-cut"
  | "shape"
  | "loss"
  | "reset"
  | "half-open"
  | "half-close"
  | "cpu-share"
  | "clock"
  | "power-cut"
  | "disk-trouble"
  | "file-limit"
  | "membership"
  | "trigger";

/** `evidence`: what was seen from outside, in one sentence, with numbers. */
export type Done =
  | { readonly type: "done"; readonly evidence: string }
  | { readonly type: "failed"; readonly reason: string };

/** Who ignores whom: bytes from the first to the second node of a pair are dropped. */
export type Grudge = readonly { readonly from: NodeName; readonly to: NodeName }[];

/** What a node is started with less of; by default of nothing. */
export type NodeLimits = {
  /** MiB for the old generation of its heap. Evidence: the environment of the process, as /proc tells it. */
  readonly heapMb?: number;
};

export type NodeAddress = {
  readonly node: NodeName;
  /** For clients: http://127.0.0.1:port */
  readonly httpUrl: string;
  /** For the harness only. */
  readonly verificationUrl: string;
  /** For operators. */
  readonly adminUrl: string;
};

export interface Cluster {
  readonly abilities: ReadonlySet<Ability>;
  /** Names of the ways used, for the report: { network: "kernel (policy routing)", clock: "node preload" }. */
  readonly backends: Readonly<Record<string, string>>;
  /** Of the nodes that belong now: those it began with and those that joined, without those that left. */
  readonly addresses: readonly NodeAddress[];

  /**
   * Tells the latest listener of every node that ends though nobody asked it to, those included that ended while
   * nobody listened. None does in a sound run.
   */
  tellUnexpectedEnds(listener: EndListener | undefined): void;

  /** Whether its process exists, paused or not. */
  isUp(node: NodeName): boolean;
  /** Starts every node and waits until each serves. */
  startAll(): Promise<Done>;
  start(node: NodeName, limits?: NodeLimits): Promise<Done>;
  /** SIGTERM, and waits for the end. */
  stop(node: NodeName): Promise<Done>;
  /** SIGKILL; evidence is the process state read from /proc. */
  kill(node: NodeName): Promise<Done>;
  /**
   * Ends all `nodes` at once by SIGKILL, and takes from their disks what was not synced; `seed` decides what of it.
   * Evidence: /proc, and what was taken back.
   */
  powerCut(nodes: readonly NodeName[], loss: PowerLoss, seed: number): Promise<Done>;
  /** Calls of the node's disk fail or come late until `healDisk`. Evidence: how many met it. */
  troubleDisk(node: NodeName, trouble: DiskTrouble): Promise<Done>;
  /** A sound disk, and a start where the node ended of the other one. */
  healDisk(node: NodeName): Promise<Done>;
  /** Leaves the node no room for another open file. Evidence: its limit in /proc, and a connection that was hung up on. */
  exhaustFiles(node: NodeName): Promise<Done>;
  /** The usual limit, and a start where the node ended of the other one. */
  allowFiles(node: NodeName): Promise<Done>;
  /**
   * Kills the node, damages its files and starts it on what is left; `seed` decides where. Evidence: digests of all
   * files before and after. It may refuse to start on them, which is done too.
   */
  damageDisk(node: NodeName, damage: DiskDamage, seed: number): Promise<Done>;
  /** In its place again, on an empty disk where it does not run on the damaged one. */
  mendDisk(node: NodeName): Promise<Done>;
  /** SIGSTOP; evidence is state letter T. */
  pause(node: NodeName): Promise<Done>;
  resume(node: NodeName): Promise<Done>;
  /** Leaves the node so many percent of one processor; undefined: whatever it wants. Evidence: how often it was held back. */
  limitCpu(node: NodeName, percent: number | undefined): Promise<Done>;
  /**
   * Lets the node stop itself at the next such moment, once, in the name of a fault; one at a time. Evidence: its answer.
   */
  arm(fault: string, node: NodeName, moment: Moment): Promise<Done>;
  /** Waits until an armed node stands still, or until `over`, which is a failure. Evidence: state letter T. */
  awaitMoment(node: NodeName, over: AbortSignal): Promise<Done>;
  /**
   * Takes back what this fault armed, and nothing of another one, and continues the node where it stands still.
   * Evidence: its answer, or that it is down.
   */
  disarm(fault: string, node: NodeName): Promise<Done>;
  /**
   * Cuts these links in the name of a fault, in place of what it had cut before; those that other faults cut stay cut.
   * Evidence: a probe of every link, or the counters of the rules.
   */
  cut(fault: string, grudge: Grudge): Promise<Done>;
  /** Takes back what this fault cut, and nothing that another one still cuts; evidence: probes pass. */
  mend(fault: string): Promise<Done>;
  /**
   * Makes these links late, slow or lossy, breaks the connections over them, or makes them as they were. Evidence: what
   * probes over each of them took or met.
   */
  shapeLinks(pairs: Grudge, shape: LinkShape | undefined): Promise<Done>;
  /** Shifts the node's wall clock by `offsetMs` from the true one. Evidence: the clock the node reports. */
  shiftClock(node: NodeName, offsetMs: number): Promise<Done>;
  /** Lets the node's wall clock stand still until the next `shiftClock`. Evidence: it told one time for a while. */
  freezeClock(node: NodeName): Promise<Done>;
  /** Starts a node that was kept in reserve, and lets it in; evidence: a member that has taken the order. */
  join(node: NodeName): Promise<Done>;
  /** Lets a member go; its process stays. Evidence: a member that has taken the order. */
  leave(node: NodeName): Promise<Done>;
  /**
   * Waits, some seconds at most, until a node that joins or leaves has done so and no member has anything left to
   * move. What is still under way then is no failure: the evidence says so.
   */
  membershipOf(node: NodeName): Promise<Done>;
  /** Ends everything that was started, whatever state it is in. Idempotent. */
  stopAll(): Promise<void>;
}
