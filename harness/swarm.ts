/**
 * Plans that nobody wrote: how many faults, of which kinds, when and how long is drawn from the seed. Each plan draws
 * first which kinds it has at all (swarm testing, Groce et al., ISSTA 2012): with every kind in every plan some would
 * always hide the others. Each fault has a stream of its own; one that would breach the budget is drawn again, and
 * left out when that does not help.
 */
import type { NodeName } from "../checkers/history/event.ts";
import { type Stream, streamOf } from "../workloads/generator/stream.ts";
import { breachOf } from "./budget.ts";
import { fileDamages } from "./cluster/disk-damage.ts";
import { drawFault, pick } from "./fault-draw.ts";
import type { FaultRequest } from "./fault-notation.ts";
import { clockMotions, type FaultKind } from "./nemesis/nemesis.ts";
import { drawnShapes, grudgeOf } from "./nemesis/partition.ts";
import {
  type Budget,
  endOf,
  type PlannedFault,
  type Schedule,
  type ScheduledFault,
  type Span,
} from "./schedule.ts";

export type SwarmWish = {
  readonly seed: number;
  readonly nodes: readonly NodeName[];
  readonly budget: Budget;
  /** Those that this store and machine can stand; at least one. */
  readonly kinds: readonly [FaultKind, ...FaultKind[]];
  /** Where faults may be. */
  readonly within: Span;
  /** Of one fault, ms. */
  readonly longestMs: number;
  readonly lengthMs: number;
};

/** Those that destroy nothing, and need nothing but processes, links and clocks. */
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
] as const;

/** What both the kernel and proxies can do to links. */
const swarmLinks = ["loss", "reset", "half-open"] as const;

const faultsMin = 2;
const faultsMax = 6;
const attemptsMax = 8;
/** No fault is shorter: it has to take hold, and requests have to meet it. */
export const shortestMs = 1_500;

export function drawSwarm(wish: SwarmWish): Schedule {
  const stream = streamOf(wish.seed, "swarm");
  const kinds = wish.kinds.filter(() => stream.uniform() < 0.5);
  const [first = pick(stream, wish.kinds), ...others] = kinds;
  const count = stream.integer(faultsMin, faultsMax);
  // A quarter of the time, somewhere, in which the cluster has to come to rest.
  const calm = calmOf(stream, wish.within);
  let faults: readonly Draft[] = [];
  for (let number = 1; number <= count; number += 1) {
    faults = withOneMore(faults, { number, kinds: [first, ...others], calm, wish });
  }
  const { budget, lengthMs } = wish;
  return { faults: faults.map(({ asked }) => asked), calm, budget, lengthMs };
}

function calmOf(stream: Stream, { startMs, lengthMs }: Span): readonly Span[] {
  const restMs = Math.floor(lengthMs / 4);
  return stream.uniform() < 0.5
    ? [{ startMs: stream.integer(startMs, startMs + lengthMs - restMs), lengthMs: restMs }]
    : [];
}

type Next = {
  readonly number: number;
  readonly kinds: readonly [FaultKind, ...FaultKind[]];
  readonly calm: readonly Span[];
  readonly wish: SwarmWish;
};

/** A fault as it is asked for, and as it will be but for its size, which no budget counts. */
type Draft = { readonly asked: ScheduledFault; readonly planned: PlannedFault };

function withOneMore(faults: readonly Draft[], { number, kinds, calm, wish }: Next): readonly Draft[] {
  const { seed, nodes, budget } = wish;
  const stream = streamOf(seed, `swarm fault ${number}`);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const request = requestOf(stream, pick(stream, kinds), nodes);
    const span = spanOf(
      stream,
      faults.map(({ asked }) => asked),
      wish,
    );
    const asked = { ...span, request, place: `fault ${number} of the swarm` };
    const fault = drawFault({ request, id: `${number} ${request.kind}`, seed, nodes });
    const planned = { fault, from: span.startMs * 1000, until: endOf(span) * 1000 };
    const together = [...faults, { asked, planned }].toSorted((a, b) => a.planned.from - b.planned.from);
    const breach = breachOf(
      together.map((one) => one.planned),
      { budget, calm },
      nodes,
    );
    if (breach === undefined) return together;
  }
  return faults;
}

/** Every other one begins while an earlier one holds. */
function spanOf(stream: Stream, earlier: readonly ScheduledFault[], { within, longestMs }: SwarmWish): Span {
  const lengthMs = stream.integer(shortestMs, Math.max(shortestMs, Math.min(longestMs, within.lengthMs)));
  const latest = endOf(within) - lengthMs;
  const [one, isCrowded] = [stream.uniform(), stream.uniform() < 0.5];
  const other = earlier[Math.floor(one * earlier.length)];
  const [low, high] =
    isCrowded && other !== undefined
      ? [other.startMs, Math.min(latest, endOf(other) - 1)]
      : [within.startMs, latest];
  const from = Math.min(low, latest);
  return { startMs: stream.integer(from, Math.max(from, high)), lengthMs };
}

/** Who is hit is said here, so that a plan of a seed does not change with the numbers of its faults. */
function requestOf(stream: Stream, kind: FaultKind, nodes: readonly NodeName[]): FaultRequest {
  const order = nodes
    .map((node) => ({ node, at: stream.uniform() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ node }) => node);
  const few = order.slice(0, stream.uniform() < 0.75 ? 1 : 2);
  if (kind === "clock") return { kind, motion: pick(stream, clockMotions), nodes: few };
  if (kind === "link") return { kind, link: pick(stream, swarmLinks), nodes: few };
  if (kind === "disk") return { kind, damage: pick(stream, fileDamages), nodes: few };
  if (kind !== "partition") return { kind, nodes: few };
  const shape = pick(stream, drawnShapes);
  const sides = shape === "split" ? order.slice(0, stream.integer(1, Math.max(1, order.length - 1))) : order;
  return grudgeOf(shape, sides, nodes).length > 0
    ? { kind, shape, nodes: sides }
    : { kind, shape: "isolate-one", nodes: order };
}
