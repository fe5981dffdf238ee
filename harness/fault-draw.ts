/**
 * From the faults a user asks for to the faults of a plan: who is hit and how hard is drawn from the seed when the
 * plan is made. Each fault has a stream of its own, so that taking one out leaves the others as they were.
 */
import type { NodeName } from "../checkers/history/event.ts";
import { type Stream, streamOf } from "../workloads/generator/stream.ts";
import { diskTroubles } from "./cluster/disk-trouble.ts";
import { type LinkShape, linkTroubles } from "./cluster/link-shape.ts";
import { drawnLosses } from "./cluster/undo-journal.ts";
import type { FaultRequest } from "./fault-notation.ts";
import { loadBurdens } from "./nemesis/load-burden.ts";
import type { Aim, FaultPlan } from "./nemesis/nemesis.ts";
import { type AimRequest, namedNodes } from "./victim-notation.ts";

/** Jumps worth seeing, either way: from what NTP steps over to a wrong day (ms). */
const clockJumpsMs = [-86_400_000, -3_600_000, -288_000, 288_000, 3_600_000, 86_400_000] as const;

/** Exponential from the least to the most, so that small and large bumps come alike often (ms). */
const bumpMs = { least: 11, most: 288_000 } as const;

/** Milliseconds in each second: far beyond what NTP would slew, so that a window of seconds shows it. */
const drifts = [-200, -50, 50, 200] as const;

/** From another part of the world to what no service level stands; and what such a link may carry. */
const delaysMs = [100, 200, 400] as const;
const rates = [4_096, 8_192, 16_384] as const;
/** Of a hundred packets: a bad wireless link, and one that hardly works. */
const losses = [10, 30, 50] as const;

/** MiB: little enough for the collector to have work, and what a small store needs. */
const heapsMb = [64, 96, 128] as const;

/** What is drawn where no shape is named: what most partition failures need, and where two disagree about a third. */
const usualShapes = ["isolate-one", "halves", "bridge", "one-way"] as const;
const shapesOfTwo = ["isolate-one", "halves", "one-way"] as const;

export const pick = <T>(stream: Stream, items: readonly [T, ...T[]]): T =>
  items[stream.integer(0, items.length - 1)] ?? items[0];

const shuffled = (stream: Stream, nodes: readonly NodeName[]): NodeName[] =>
  nodes
    .map((node) => ({ node, order: stream.uniform() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ node }) => node);

function bumpOf(stream: Stream): number {
  const size = bumpMs.least * (bumpMs.most / bumpMs.least) ** stream.uniform();
  return Math.round(size) * (stream.integer(0, 1) === 0 ? -1 : 1);
}

type Draw = {
  readonly request: FaultRequest;
  readonly id: string;
  readonly seed: number;
  /** Who belongs when it begins. */
  readonly nodes: readonly NodeName[];
  /** Homes of each key; at most all of them by default. */
  readonly copies?: number;
};

/** The fault called `id`, its victims and its size drawn from the stream of that name. */
export function drawFault({ request, id, seed, nodes: members, copies = members.length }: Draw): FaultPlan {
  const stream = streamOf(seed, `fault ${id}`);
  const drawn = shuffled(stream, members);
  const chosen = request.nodes === undefined ? [] : namedNodes(request.nodes, members, drawn);
  const order = [...chosen, ...drawn.filter((node) => !chosen.includes(node))];
  const aim =
    request.aim === undefined ? undefined : { ...request.aim, atMost: playersOf(request.aim, copies) };
  const { on } = request;
  // Whoever comes to a moment first, and whoever plays a role, may be anybody.
  const open = request.nodes === undefined ? members : chosen;
  const isOpen = aim !== undefined || on !== undefined;
  const nodes = isOpen ? open : request.nodes === undefined ? order.slice(0, 1) : chosen;
  return {
    ...actOf(request, { id, nodes, order, side: aim?.atMost ?? (request.nodes && chosen.length), stream }),
    ...(aim && { aim }),
    ...(on && { on: { moment: on, at: open } }),
  };
}

/** How many nodes that can be. */
const playersOf = ({ role }: AimRequest, copies: number): Aim["atMost"] => (role === "homes" ? copies : 1);

type Drawn = {
  readonly id: string;
  readonly nodes: readonly NodeName[];
  readonly order: readonly NodeName[];
  /** Of a split, where it is known how many nodes stand on the one side. */
  readonly side: number | undefined;
  readonly stream: Stream;
};

function actOf(request: FaultRequest, { id, nodes, order, side, stream }: Drawn): FaultPlan {
  const { kind } = request;
  switch (kind) {
    case "kill":
    case "stop":
    case "restart":
    case "pause":
    case "starve":
    case "files":
    case "join":
    case "leave":
      return { id, kind, nodes };
    case "load":
      // Clients ask any node, unless they are told to go to some.
      return {
        id,
        kind,
        nodes: request.nodes === undefined ? order.toSorted() : nodes,
        burden: request.burden ?? pick(stream, loadBurdens),
      };
    case "memory":
      return { id, kind, nodes, heapMb: request.heapMb ?? pick(stream, heapsMb) };
    case "clock":
      return { id, kind, nodes, ...clockOf(request, stream) };
    case "link":
      return { id, kind, nodes, shape: linkShapeOf(request, stream) };
    case "disk":
      return request.damage === undefined
        ? { id, kind, nodes, trouble: request.trouble ?? pick(stream, diskTroubles) }
        : { id, kind, nodes, damage: request.damage, damageSeed: stream.integer(0, 2 ** 30) };
    case "power-cut": {
      const loss = request.loss ?? pick(stream, drawnLosses);
      return { id, kind, nodes, loss, lossSeed: stream.integer(0, 2 ** 30) };
    }
    case "partition":
      return { id, kind, ...partitionOf(request, order, side, stream) };
  }
}

function clockOf(
  { motion, offsetMs }: FaultRequest,
  stream: Stream,
): Pick<Extract<FaultPlan, { kind: "clock" }>, "motion" | "offsetMs"> {
  if (motion === undefined) return { motion: "jump", offsetMs: offsetMs ?? pick(stream, clockJumpsMs) };
  switch (motion) {
    case "jump":
    case "strobe":
      return { motion, offsetMs: bumpOf(stream) };
    case "freeze":
      return { motion, offsetMs: 0 };
    case "drift":
      return { motion, offsetMs: pick(stream, drifts) };
  }
}

function linkShapeOf({ link, percent }: FaultRequest, stream: Stream): LinkShape {
  const trouble = link ?? pick(stream, linkTroubles);
  switch (trouble) {
    case "delay":
    case "jitter":
      return { trouble, delayMs: pick(stream, delaysMs) };
    case "rate":
      return { trouble, bytesPerSecond: pick(stream, rates) };
    case "loss":
      return { trouble, percent: percent ?? pick(stream, losses) };
    case "reset":
    case "half-open":
    case "half-close":
      return { trouble };
  }
}

type PartitionParts =
  | Omit<Extract<FaultPlan, { kind: "partition"; shape: "custom" }>, "id" | "kind">
  | Omit<Exclude<Extract<FaultPlan, { kind: "partition" }>, { shape: "custom" }>, "id" | "kind">;

function partitionOf(
  request: FaultRequest,
  order: readonly NodeName[],
  known: number | undefined,
  stream: Stream,
): PartitionParts {
  const { grudge } = request;
  if (grudge !== undefined) {
    return { shape: "custom", grudge, nodes: [...new Set(grudge.flatMap(({ from, to }) => [from, to]))] };
  }
  const shape = request.shape ?? pick(stream, order.length > 2 ? usualShapes : shapesOfTwo);
  if (shape !== "split") return { shape, nodes: order };
  const side = known ?? stream.integer(1, Math.max(1, order.length - 1));
  return { shape, nodes: order.slice(0, side) };
}
