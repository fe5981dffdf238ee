/**
 * What goes wrong: a fault as plain data, and the nemesis that carries it out, proves it and heals it.
 *
 * A fault is a lease: it is injected, seen to hold from outside, and healed by a fixed time whatever happens. One
 * that did not take effect is reported as `ineffective` and makes the run inconclusive.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Moment } from "../../server/adapters/moments.ts";
import type { Ability, Cluster, Done, Grudge } from "../cluster/cluster.ts";
import type { DiskDamage } from "../cluster/disk-damage.ts";
import type { DiskTrouble } from "../cluster/disk-trouble.ts";
import type { LinkShape } from "../cluster/link-shape.ts";
import type { PowerLoss } from "../cluster/undo-journal.ts";
import type { LoadBurden } from "./load-burden.ts";
import type { DrawnShape } from "./partition.ts";

/** What happens to the process of a node, all of it said by the name. */
export const processFaults = ["kill", "stop", "restart", "pause", "starve", "files"] as const;
export type ProcessFault = (typeof processFaults)[number];

export const faultKinds = [
  ...processFaults,
  "memory",
  "partition",
  "link",
  "clock",
  "power-cut",
  "disk",
  "join",
  "leave",
  "load",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export const clockMotions = ["jump", "strobe", "freeze", "drift"] as const;
export type ClockMotion = (typeof clockMotions)[number];

/** What a node can be to a key, or to other nodes. A coordinator is the first home. */
export const roles = ["homes", "coordinator", "hint-holder"] as const;
export type Role = (typeof roles)[number];

/** Without a key: of the busiest one. */
export type Aim = {
  readonly role: Role;
  readonly key?: string;
  /** So many nodes play the role at the most. */
  readonly atMost: number;
};

/** The fault strikes at this moment of whichever of these nodes comes to it first. */
export type Trigger = { readonly moment: Moment; readonly at: readonly NodeName[] };

type Of<Kind extends FaultKind> = {
  readonly id: string;
  readonly kind: Kind;
  /** Who is hit; of a fault that is aimed or has a trigger, who may be. */
  readonly nodes: readonly NodeName[];
  readonly aim?: Aim;
  readonly on?: Trigger;
};

/**
 * One fault of a plan. Nodes are drawn from the seed when the plan is made, so that the plan says all; but for who
 * plays a role, and who comes to a moment first.
 */
export type FaultPlan =
  | Of<ProcessFault>
  /** `join`: nodes that the cluster did not begin with. */
  | Of<"join" | "leave">
  /** By clients beside those of the workload; `nodes`: whom they ask. */
  | (Of<"load"> & { readonly burden: LoadBurden })
  /** Of an old generation of so many MiB. */
  | (Of<"memory"> & { readonly heapMb: number })
  /** `nodes`: an order of the nodes; the shape takes its sides from the front (see partition.ts). */
  | (Of<"partition"> & { readonly shape: DrawnShape })
  | (Of<"partition"> & { readonly shape: "custom"; readonly grudge: Grudge })
  /** Of all links from and to these nodes; a half-close of those from them only. */
  | (Of<"link"> & { readonly shape: LinkShape })
  /** Milliseconds by which a clock jumps, or to and fro; of a drift, in each second. None of a clock that stands. */
  | (Of<"clock"> & { readonly motion: ClockMotion; readonly offsetMs: number })
  | (Of<"disk"> & { readonly trouble: DiskTrouble })
  /** `damageSeed` decides where the files are hit. */
  | (Of<"disk"> & { readonly damage: DiskDamage; readonly damageSeed: number })
  /** `lossSeed` decides which of the unsynced changes are lost. */
  | (Of<"power-cut"> & { readonly loss: PowerLoss; readonly lossSeed: number });

/** A fault without end. */
export const never = new AbortController().signal;

export interface Nemesis {
  readonly needs: readonly Ability[];
  /** By which way this cluster does it, for the record: "SIGSTOP", "kernel (nft)". */
  readonly backend: (cluster: Cluster) => string;
  /** Whether nothing is undone at its end, so that what took effect after that holds all the same. Default: no. */
  readonly isForGood?: boolean;
  /** Who was hit, where only the injection decides it; nobody before that. Default: the nodes of the plan. */
  readonly hit?: () => readonly NodeName[];
  /** Makes it happen and looks from outside whether it did. What waits for something first gives up at `over`. */
  inject(cluster: Cluster, over?: AbortSignal): Promise<Done>;
  /** Undoes it and looks whether it is gone. Safe to call when `inject` failed half-way. */
  heal(cluster: Cluster): Promise<Done>;
}
