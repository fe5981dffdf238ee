/**
 * What goes wrong: a fault as plain data, and the nemesis that carries it out, proves it and heals it.
 *
 * A fault is a lease: it is injected, seen to hold from outside, and healed by a fixed time whatever happens. One
 * that did not take effect is reported as `ineffective` and makes the run inconclusive.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Ability, Cluster, Done, Grudge } from "../cluster/cluster.ts";
import type { DiskDamage } from "../cluster/disk-damage.ts";
import type { DiskTrouble } from "../cluster/disk-trouble.ts";
import type { LinkShape } from "../cluster/link-shape.ts";
import type { PowerLoss } from "../cluster/undo-journal.ts";
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
] as const;
export type FaultKind = (typeof faultKinds)[number];

export const clockMotions = ["jump", "strobe", "freeze", "drift"] as const;
export type ClockMotion = (typeof clockMotions)[number];

type Of<Kind extends FaultKind> = {
  readonly id: string;
  readonly kind: Kind;
  readonly nodes: readonly NodeName[];
};

/** One fault of a plan. Nodes are drawn from the seed when the plan is made, so that the plan says all. */
export type FaultPlan =
  | Of<ProcessFault>
  /** `join`: nodes that the cluster did not begin with. */
  | Of<"join" | "leave">
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

export interface Nemesis {
  readonly needs: readonly Ability[];
  /** By which way this cluster does it, for the record: "SIGSTOP", "kernel (nft)". */
  readonly backend: (cluster: Cluster) => string;
  /** Makes it happen and looks from outside whether it did. */
  inject(cluster: Cluster): Promise<Done>;
  /** Undoes it and looks whether it is gone. Safe to call when `inject` failed half-way. */
  heal(cluster: Cluster): Promise<Done>;
}
