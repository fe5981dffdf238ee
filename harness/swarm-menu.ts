/**
 * What a swarm may draw, and how: every kind of fault that the store, the cluster and the machine can stand, done to
 * nodes that are named, to whoever plays a role, or to whoever comes to a moment of a protocol first. Nodes that join
 * or leave are no part of it: they are ordered by an operator, and who may be hit would change with them.
 */
import type { NodeName } from "../checkers/history/event.ts";
import type { Moment } from "../server/adapters/moments.ts";
import type { Stream } from "../workloads/generator/stream.ts";
import type { Ability } from "./cluster/cluster.ts";
import { type DiskDamage, diskDamages } from "./cluster/disk-damage.ts";
import { type DiskTrouble, diskTroubles } from "./cluster/disk-trouble.ts";
import { kernelTroubles, type LinkTrouble, linkTroubles } from "./cluster/link-shape.ts";
import { drawnLosses } from "./cluster/undo-journal.ts";
import { pick } from "./fault-draw.ts";
import { type FaultRequest, striking } from "./fault-notation.ts";
import { type LoadBurden, loadBurdens } from "./nemesis/load-burden.ts";
import { clockMotions, type FaultKind, roles } from "./nemesis/nemesis.ts";
import { drawnShapes, grudgeOf } from "./nemesis/partition.ts";

export const swarmKinds = [
  "kill",
  "stop",
  "restart",
  "pause",
  "starve",
  "memory",
  "partition",
  "link",
  "clock",
  "files",
  "power-cut",
  "disk",
  "load",
] as const satisfies readonly FaultKind[];
export type SwarmKind = (typeof swarmKinds)[number];

export type SwarmMenu = {
  /** At least one. */
  readonly kinds: readonly [SwarmKind, ...SwarmKind[]];
  readonly links: readonly [LinkTrouble, ...LinkTrouble[]];
  readonly burdens: readonly [LoadBurden, ...LoadBurden[]];
  /** Both are empty where `disk` is none of the kinds. */
  readonly troubles: readonly DiskTrouble[];
  readonly damages: readonly DiskDamage[];
};

export type SwarmGround = {
  readonly nodeCount: number;
  /** Requests a second of the plan. */
  readonly rate: number;
  readonly storage: "level" | "lmdb" | "memory";
  /** Whether links are left to the kernel, which cannot slow them. */
  readonly isKernelOnly: boolean;
  /** Disks that may be lost. */
  readonly destroyed: number;
  /** Of this machine, beyond what any can do. */
  readonly abilities: readonly Ability[];
  /** Of one fault, ms. */
  readonly longestMs: number;
};

/** After these a node is another process, or may be, and one that keeps nothing has forgotten everything. */
const forgetting: ReadonlySet<SwarmKind> = new Set([
  "kill",
  "stop",
  "restart",
  "memory",
  "files",
  "power-cut",
]);

/** A burst is three times the load: it shows only where the cluster can answer so much, as it does by default. */
const carriedRate = 500;

const burdensOf = (rate: number): SwarmMenu["burdens"] => {
  const [first, ...others] = loadBurdens.filter((burden) => burden !== "burst" || 3 * rate <= carriedRate);
  return [first ?? "hot-key", ...others];
};

export function menuOf(ground: SwarmGround): SwarmMenu {
  const { nodeCount, rate, storage, isKernelOnly, destroyed, abilities, longestMs } = ground;
  const isLasting = storage !== "memory";
  const troubles = isLasting && abilities.includes("disk-trouble") ? diskTroubles : [];
  const damages = isLasting && destroyed > 0 ? damagesOf(storage) : [];
  const isPossible = (kind: SwarmKind): boolean => {
    if (forgetting.has(kind) && !isLasting) return false;
    if (takesMs(kind) > longestMs) return false;
    switch (kind) {
      case "partition":
      case "link":
        return nodeCount > 1;
      case "files":
        return abilities.includes("file-limit");
      case "power-cut":
        return abilities.includes("power-cut");
      case "disk":
        return troubles.length + damages.length > 0;
      default:
        return true;
    }
  };
  // A pause is always possible.
  const [first = "pause", ...others] = swarmKinds.filter(isPossible);
  const [link, ...links] = isKernelOnly ? [...kernelTroubles] : linkTroubles;
  return {
    kinds: [first, ...others],
    links: [link ?? "loss", ...links],
    burdens: burdensOf(rate),
    troubles,
    damages,
  };
}

/** Pages of lmdb carry no checksums: a node that runs on damaged ones may end in any way. */
const damagesOf = (storage: SwarmGround["storage"]): readonly DiskDamage[] =>
  storage === "lmdb" ? ["wiped", "backup"] : diskDamages;

/** No fault is shorter: it has to take hold, and requests have to meet it. */
export const shortestMs = 1_500;

/** What of a kind can be seen to hold on a busy machine takes so long. */
function takesMs(kind: SwarmKind): number {
  switch (kind) {
    case "files":
      return 2_500;
    case "power-cut":
      return 3_000;
    case "disk":
      return 4_000;
    case "load":
      return 5_000;
    default:
      return shortestMs;
  }
}

const momentMs = 3_000;
const backupMs = 8_000;

/** How long such a fault lasts, at the least. */
export function leastMs(kind: SwarmKind, { on, aim, damage }: FaultRequest): number {
  const isAwaited = on !== undefined || aim?.role === "hint-holder";
  return Math.max(takesMs(kind), isAwaited ? momentMs : 0, damage === "backup" ? backupMs : 0);
}

/** Those that come again and again while clients write, whatever else happens. */
export const usualMoments: readonly [Moment, ...Moment[]] = [
  "write-minted",
  "replica-sent",
  "state-appended",
  "replica-acked",
  "write-answered",
];

/** Who is hit is said here, so that a plan of a seed does not change with the numbers of its faults. */
export function drawRequest(
  stream: Stream,
  kind: SwarmKind,
  { menu, nodes }: { readonly menu: SwarmMenu; readonly nodes: readonly NodeName[] },
): FaultRequest {
  const order = nodes
    .map((node) => ({ node, at: stream.uniform() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ node }) => node);
  const few = order.slice(0, stream.uniform() < 0.75 ? 1 : 2);
  const [chance, role, moment] = [stream.uniform(), pick(stream, roles), pick(stream, usualMoments)];
  const act = drawAct(stream, kind, menu);
  if (chance < 0.25) return { ...act, ...alone(kind), aim: { role } };
  if (chance < 0.4 && striking.has(kind)) return { ...act, ...alone(kind), on: moment };
  switch (kind) {
    case "partition":
      return { ...act, ...sidesOf(stream, order, nodes) };
    case "load":
      return act;
    case "power-cut":
      return { ...act, nodes: stream.uniform() < 0.5 ? nodes : few };
    default:
      return { ...act, nodes: few };
  }
}

/** What is done, and not yet to whom. */
function drawAct(stream: Stream, kind: SwarmKind, menu: SwarmMenu): FaultRequest {
  switch (kind) {
    case "clock":
      return { kind, motion: pick(stream, clockMotions) };
    case "link":
      return { kind, link: pick(stream, menu.links) };
    case "power-cut":
      return { kind, loss: pick(stream, drawnLosses) };
    case "load":
      return { kind, burden: pick(stream, menu.burdens) };
    case "disk":
      return { kind, ...diskAct(stream, menu) };
    default:
      return { kind };
  }
}

/** As often something that passes as something that stays, where both may be. */
function diskAct(stream: Stream, { troubles, damages }: SwarmMenu): Pick<FaultRequest, "trouble" | "damage"> {
  const [doesPass, at] = [stream.uniform() < 0.5, stream.uniform()];
  const trouble = troubles[Math.floor(at * troubles.length)];
  const damage = damages[Math.floor(at * damages.length)];
  if (trouble !== undefined && (doesPass || damage === undefined)) return { trouble };
  return damage === undefined ? {} : { damage };
}

/** Whoever it turns out to be is parted from all others. */
const alone = (kind: SwarmKind): Pick<FaultRequest, "shape"> =>
  kind === "partition" ? { shape: "isolate-one" } : {};

function sidesOf(
  stream: Stream,
  order: readonly NodeName[],
  nodes: readonly NodeName[],
): Pick<FaultRequest, "shape" | "nodes"> {
  const shape = pick(stream, drawnShapes);
  const sides = shape === "split" ? order.slice(0, stream.integer(1, Math.max(1, order.length - 1))) : order;
  return grudgeOf(shape, sides, nodes).length > 0
    ? { shape, nodes: sides }
    : { shape: "isolate-one", nodes: order };
}
