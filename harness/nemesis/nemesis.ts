/**
 * What goes wrong: a fault as plain data, and the nemesis that carries it out, proves it and heals it.
 *
 * A fault is a lease: it is injected, seen to hold from outside, and healed by a fixed time whatever happens. One
 * that did not take effect is reported as `ineffective` and makes the run inconclusive.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Ability, Cluster, Done } from "../cluster/cluster.ts";
import type { DiskTrouble } from "../cluster/disk-trouble.ts";
import type { PowerLoss } from "../cluster/undo-journal.ts";

export type FaultKind = "kill" | "pause" | "partition" | "clock" | "power-cut" | "disk" | "join" | "leave";

export type PartitionShape = "isolate-one" | "halves" | "bridge" | "one-way";

/** One fault of a plan. Nodes are drawn from the seed when the plan is made, so that the plan says all. */
export type FaultPlan =
  | { readonly id: string; readonly kind: "kill"; readonly nodes: readonly NodeName[] }
  | { readonly id: string; readonly kind: "pause"; readonly nodes: readonly NodeName[] }
  /** Nodes that the cluster did not begin with. */
  | { readonly id: string; readonly kind: "join"; readonly nodes: readonly NodeName[] }
  | { readonly id: string; readonly kind: "leave"; readonly nodes: readonly NodeName[] }
  | {
      readonly id: string;
      readonly kind: "partition";
      readonly shape: PartitionShape;
      /** An order of the nodes; the shape takes its sides from the front (see partition.ts). */
      readonly nodes: readonly NodeName[];
    }
  | {
      readonly id: string;
      readonly kind: "clock";
      readonly nodes: readonly NodeName[];
      readonly offsetMs: number;
    }
  | {
      readonly id: string;
      readonly kind: "disk";
      readonly nodes: readonly NodeName[];
      readonly trouble: DiskTrouble;
    }
  | {
      readonly id: string;
      readonly kind: "power-cut";
      readonly nodes: readonly NodeName[];
      readonly loss: PowerLoss;
      /** Decides which of the unsynced changes are lost. */
      readonly lossSeed: number;
    };

export interface Nemesis {
  readonly needs: readonly Ability[];
  /** By which way this cluster does it, for the record: "SIGSTOP", "kernel (nft)". */
  readonly backend: (cluster: Cluster) => string;
  /** Makes it happen and looks from outside whether it did. */
  inject(cluster: Cluster): Promise<Done>;
  /** Undoes it and looks whether it is gone. Safe to call when `inject` failed half-way. */
  heal(cluster: Cluster): Promise<Done>;
}
