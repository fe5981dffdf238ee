/**
 * What a plan may break at one moment. Looked at whenever a fault begins, since nothing gets worse in between: who is
 * down, stopped or cut off from most others; how many faults hold; whose disk was damaged so far.
 *
 * A power cut of the whole cluster is not counted: it destroys no disk, and it alone shows a missing sync.
 */
import type { NodeName } from "../checkers/history/event.ts";
import type { Grudge } from "./cluster/cluster.ts";
import { isBreak } from "./cluster/link-shape.ts";
import { pairName } from "./cluster/links.ts";
import { harmOf } from "./nemesis/harm.ts";
import type { FaultKind, FaultPlan } from "./nemesis/nemesis.ts";
import { grudgeOf } from "./nemesis/partition.ts";
import type { Budget, Misplaced, PlannedFault, Schedule } from "./schedule.ts";

/** After which, or while which, a node does not answer. */
export const silencing: ReadonlySet<FaultKind> = new Set([
  "kill",
  "stop",
  "restart",
  "memory",
  "pause",
  "power-cut",
  "disk",
  "files",
]);

/** Of these no two may hold one node at once: the heal of one would undo the other. */
const exclusive: readonly ReadonlySet<FaultKind>[] = [
  new Set([...silencing, "starve"]),
  new Set<FaultKind>(["clock"]),
];

/** A node that was killed takes so long to serve again, at the most. */
const healUs = 3_000_000;
/** One that has lost its disk, or may have to get another one, is given everything again. */
const refillUs = 20_000_000;
const untilWhole = ({ fault, until }: PlannedFault): number =>
  until + (fault.kind === "disk" && harmOf(fault) !== undefined ? refillUs : healUs);

export const defaultBudget = ({ nodes, w }: { readonly nodes: number; readonly w: number }): Budget => ({
  unavailable: Math.max(0, nodes - 1),
  destroyed: Math.max(0, w - 1),
  overlapping: 3,
});

/** While connections are broken a node answers its peers no more than one that is cut off: it has to find them again. */
const isSilencing = (fault: FaultPlan): boolean =>
  silencing.has(fault.kind) || (fault.kind === "link" && isBreak(fault.shape));

const grudgeOfFault = (fault: FaultPlan, cluster: readonly NodeName[]): Grudge => {
  if (fault.kind !== "partition") return [];
  return fault.shape === "custom" ? fault.grudge : grudgeOf(fault.shape, fault.nodes, cluster);
};

/** Everybody but the largest group of those who hear each other both ways, over others where need be. */
export function cutOff(grudge: Grudge, cluster: readonly NodeName[]): readonly NodeName[] {
  const cut = new Set(grudge.map(pairName));
  const hear = (one: NodeName, other: NodeName): boolean =>
    !cut.has(pairName({ from: one, to: other })) && !cut.has(pairName({ from: other, to: one }));
  let groups: (readonly NodeName[])[] = [];
  for (const node of cluster) {
    const joined = groups.filter((group) => group.some((other) => hear(node, other)));
    groups = [...groups.filter((group) => !joined.includes(group)), [...joined.flat(), node]];
  }
  const largest = groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
  return cluster.filter((node) => !largest.includes(node));
}

/** Which of its nodes it hits is known only when it begins, or later. */
const isOpen = ({ kind, nodes, aim, on }: FaultPlan): boolean =>
  aim !== undefined || (on !== undefined && kind !== "power-cut" && nodes.length > 1);

/** The same fault, of as many nodes as it may hit; which they are means nothing. */
const atWorst = (fault: FaultPlan): FaultPlan =>
  fault.kind === "partition" ? fault : { ...fault, nodes: fault.nodes.slice(0, fault.aim?.atMost ?? 1) };

/** Open faults are taken to hit nobody who is lost already. */
function lossOf(
  faults: readonly FaultPlan[],
  cluster: readonly NodeName[],
): { readonly known: ReadonlySet<NodeName>; readonly count: number } {
  const known = unavailable(
    faults.filter((fault) => !isOpen(fault)),
    cluster,
  );
  const more = faults
    .filter(isOpen)
    .reduce((sum, fault) => sum + unavailable([atWorst(fault)], cluster).size, 0);
  return { known, count: Math.min(cluster.length, known.size + more) };
}

/** Who cannot be counted on while all of these hold. */
export function unavailable(
  faults: readonly FaultPlan[],
  cluster: readonly NodeName[],
): ReadonlySet<NodeName> {
  const counted = faults.filter(
    (fault) =>
      isSilencing(fault) &&
      !(fault.kind === "power-cut" && cluster.every((node) => fault.nodes.includes(node))),
  );
  const grudge = faults.flatMap((fault) => grudgeOfFault(fault, cluster));
  return new Set([...counted.flatMap(({ nodes }) => nodes), ...cutOff(grudge, cluster)]);
}

/** "n1, n2, 2 it picks". */
const named = (nodes: readonly NodeName[], unknownCount: number): string =>
  [...nodes, ...(unknownCount === 0 ? [] : [`${unknownCount} it picks`])].join(", ");

/** While these last a node answers nothing, so that no fault that begins then picks it. */
const muting: ReadonlySet<FaultKind> = new Set(["kill", "stop", "pause", "power-cut"]);

const isOfWrites = (fault: FaultPlan): boolean => fault.kind === "load" && fault.burden === "late-duplicates";

/** What two faults share whomever they hit: any two nodes have a link in common, and there is one workload. */
function sharedBy(one: FaultPlan, other: FaultPlan): string | undefined {
  if (one.kind === "link" && other.kind === "link") return "a link";
  return isOfWrites(one) && isOfWrites(other) ? "the writes of the workload" : undefined;
}

/** Two faults of one plan that would undo each other, `one` the earlier; undefined when they can be at once. */
function conflict(one: FaultPlan, other: FaultPlan): string | undefined {
  const shared = sharedBy(one, other);
  const armed = one.on && other.on && one.nodes.find((name) => other.nodes.includes(name));
  if (armed !== undefined)
    return `${other.id} and ${one.id} both wait on ${armed} at once, which is armed with one moment at a time`;
  if (shared === undefined && isOpen(other) && one.on === undefined && muting.has(one.kind)) return undefined;
  const isSame =
    shared !== undefined || exclusive.some((kinds) => kinds.has(one.kind) && kinds.has(other.kind));
  const node = isSame ? one.nodes.find((name) => other.nodes.includes(name)) : undefined;
  const hit = node ?? shared;
  return hit === undefined
    ? undefined
    : `${other.id} and ${one.id} both hit ${hit} at once; the heal of one would undo the other`;
}

const clashWith = (earlier: readonly FaultPlan[], fault: FaultPlan): string | undefined =>
  earlier.map((one) => conflict(one, fault)).find((one) => one !== undefined);

/** The first two of these that cannot be at once; the sentence has no full stop. In order of their starts. */
export const clashAmong = (faults: readonly FaultPlan[]): string | undefined =>
  faults.map((fault, index) => clashWith(faults.slice(0, index), fault)).find((clash) => clash !== undefined);

/**
 * The first way in which the faults break the schedule's budget or its calm, with the index of the fault that does;
 * the sentence has no full stop. `faults` in order of their starts.
 */
export function breachOf(
  faults: readonly PlannedFault[],
  { budget, calm }: Pick<Schedule, "budget" | "calm">,
  cluster: readonly NodeName[],
): Misplaced | undefined {
  const damaged = new Set<NodeName>();
  let damagedUnknown = 0;
  for (const [index, { fault, from, until }] of faults.entries()) {
    const breach = (sentence: string): Misplaced => ({ index, sentence });
    const rest = calm.find(
      (span) => from < (span.startMs + span.lengthMs) * 1000 && span.startMs * 1000 < until,
    );
    if (rest !== undefined) return breach(`${fault.id} reaches into the calm from ${rest.startMs} ms on`);
    const holding = faults.slice(0, index).filter((earlier) => earlier.until > from);
    const recent = faults.slice(0, index).filter((earlier) => untilWhole(earlier) > from);
    const clash = clashWith(
      recent.map((earlier) => earlier.fault),
      fault,
    );
    if (clash !== undefined) return breach(clash);
    const all = [...holding.map((earlier) => earlier.fault), fault];
    if (all.length > budget.overlapping)
      return breach(`${fault.id} makes ${all.length} faults at once; the budget is ${budget.overlapping}`);
    const { known, count } = lossOf(all, cluster);
    if (count > budget.unavailable) {
      const lost = named(
        cluster.filter((node) => known.has(node)),
        count - known.size,
      );
      return breach(`${fault.id} leaves ${lost} unavailable; the budget is ${budget.unavailable} nodes`);
    }
    if (harmOf(fault) !== undefined) {
      if (isOpen(fault)) damagedUnknown += atWorst(fault).nodes.length;
      else for (const node of fault.nodes) damaged.add(node);
    }
    if (damaged.size + damagedUnknown > budget.destroyed)
      return breach(
        `${fault.id} damages the disks of ${named([...damaged], damagedUnknown)}; the budget is ${budget.destroyed} disks`,
      );
  }
  return undefined;
}
