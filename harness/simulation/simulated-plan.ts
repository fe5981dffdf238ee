/** A simulated run as data: everything but the seed. What is left out is as in a run of real nodes. */
import type { Promises } from "../../checkers/history/event.ts";
import { type BucketConfig, defaultBucket, type Intervals, type Limits } from "../../server/config.ts";
import { catalog, type WorkloadEntry } from "../../workloads/catalog.ts";
import { noticeBoard } from "./notice-board.ts";
import type { SimulatedFault } from "./simulated-fault.ts";

export type SimulatedPlan = {
  /** Of the cluster (default 5). */
  readonly nodes?: number;
  /** Machines beside them that are no members until they are let in (default 0). */
  readonly spares?: number;
  /**
   * Sizes of groups that are configured apart and know one another's seed alone (default: all nodes are one). They are
   * cut from each other from the start to the end of the first window.
   */
  readonly groups?: readonly number[];
  /** Wall clocks stand still but for a step this often (default 1 ms), all at once. */
  readonly clockTickMs?: number;
  /** By its name in the catalog (default shopping-cart), or notice-board. */
  readonly workload?: string;
  /** Requests a second (default 60). */
  readonly rate?: number;
  /** No more arrivals than this, though the run is as long (default: all). */
  readonly arrivalsMax?: number;
  readonly bucket?: Partial<BucketConfig>;
  readonly limits?: Partial<Limits>;
  readonly intervals?: Partial<Intervals>;
  /** Share of messages that are lost, and of those that arrive twice (default 0). */
  readonly lossShare?: number;
  /** Virtual length of a window (default 3 s). */
  readonly windowMs?: number;
  /** Windows, one after another, each with its faults, which begin one after another and end together. */
  readonly windows: readonly (readonly SimulatedFault[])[];
};

/** Virtual time: before the first window, of a window where the plan does not say, after each, and at the end. */
export const rhythm = { leadMs: 1500, windowMs: 3000, recoveryMs: 2000, closingMs: 500 } as const;

export const windowMsOf = ({ windowMs = rhythm.windowMs }: SimulatedPlan): number => windowMs;

export const usualRate = 60;

export const nodesOf = ({ nodes = 5 }: SimulatedPlan): readonly string[] =>
  Array.from({ length: nodes }, (_, index) => `n${index + 1}`);

/** Named after the members. */
export const sparesOf = (plan: SimulatedPlan): readonly string[] =>
  Array.from({ length: plan.spares ?? 0 }, (_, index) => `n${nodesOf(plan).length + index + 1}`);

/** The nodes of each group, in order. */
export function groupsOf(plan: SimulatedPlan): readonly (readonly string[])[] {
  const left = [...nodesOf(plan)];
  return plan.groups === undefined ? [left] : plan.groups.map((size) => left.splice(0, size));
}

export const workloadOf = ({ workload = "shopping-cart" }: SimulatedPlan): WorkloadEntry | undefined =>
  workload === "notice-board" ? noticeBoard : catalog.get(workload);

export const bucketOf = ({ bucket = {} }: SimulatedPlan): BucketConfig => ({ ...defaultBucket, ...bucket });

export function promisesOf(plan: SimulatedPlan): Promises {
  const { n, r, w, pr, pw, sloppy, versions } = bucketOf(plan);
  return { n, r, w, pr, pw, sloppy, versions, codec: "tagged" };
}

export const loadMsOf = (plan: SimulatedPlan): number =>
  rhythm.leadMs + plan.windows.length * (windowMsOf(plan) + rhythm.recoveryMs) + rhythm.closingMs;
