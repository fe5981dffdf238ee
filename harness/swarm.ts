/**
 * Plans that nobody wrote: how many faults, of which kinds, when and how long is drawn from the seed. Each plan draws
 * first which kinds it has at all (swarm testing, Groce et al., ISSTA 2012): with every kind in every plan some would
 * always hide the others. Each fault has a stream of its own; one that would breach the budget, or that could not be
 * shown to hold beside another, is drawn again, and left out when that does not help.
 */
import type { NodeName } from "../checkers/history/event.ts";
import { type Stream, streamOf } from "../workloads/generator/stream.ts";
import { breachOf, silencing } from "./budget.ts";
import { drawFault, pick } from "./fault-draw.ts";
import type { FaultKind, FaultPlan } from "./nemesis/nemesis.ts";
import {
  type Budget,
  doOverlap,
  endOf,
  type PlannedFault,
  type Schedule,
  type ScheduledFault,
  type Span,
} from "./schedule.ts";
import { drawRequest, leastMs, type SwarmKind, type SwarmMenu } from "./swarm-menu.ts";

export type SwarmWish = {
  readonly seed: number;
  readonly nodes: readonly NodeName[];
  /** Of each key. */
  readonly copies: number;
  readonly budget: Budget;
  readonly menu: SwarmMenu;
  /** Where faults may be. */
  readonly within: Span;
  /** Of one fault, ms: at least the shortest there is, at most what `within` holds. */
  readonly longestMs: number;
  readonly lengthMs: number;
};

const faultsMin = 2;
const faultsMax = 6;
const attemptsMax = 8;

export function drawSwarm(wish: SwarmWish): Schedule {
  const stream = streamOf(wish.seed, "swarm");
  const kinds = wish.menu.kinds.filter(() => stream.uniform() < 0.5);
  const [first = pick(stream, wish.menu.kinds), ...others] = kinds;
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
  readonly kinds: readonly [SwarmKind, ...SwarmKind[]];
  readonly calm: readonly Span[];
  readonly wish: SwarmWish;
};

/** A fault as it is asked for, and as it will be but for its size, which no budget counts. */
type Draft = { readonly asked: ScheduledFault; readonly planned: PlannedFault };

function withOneMore(faults: readonly Draft[], { number, kinds, calm, wish }: Next): readonly Draft[] {
  const { seed, nodes, copies, budget } = wish;
  const stream = streamOf(seed, `swarm fault ${number}`);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const kind = pick(stream, kinds);
    const request = drawRequest(stream, kind, wish);
    const least = leastMs(kind, request);
    if (least > wish.longestMs) continue;
    const earlier = faults.map(({ asked }) => asked);
    const span = spanOf(stream, earlier, { ...wish, leastMs: least });
    const asked = { ...span, request, place: `fault ${number} of the swarm` };
    const fault = drawFault({ request, id: `${number} ${kind}`, seed, nodes, copies });
    const planned = { fault, from: span.startMs * 1000, until: endOf(span) * 1000 };
    const draft = { asked, planned };
    if (!canBeShown(draft, faults)) continue;
    const together = [...faults, draft].toSorted((a, b) => a.planned.from - b.planned.from);
    const breach = breachOf(
      together.map((one) => one.planned),
      { budget, calm },
      nodes,
    );
    if (breach === undefined) return together;
  }
  return faults;
}

/** Both count the requests of one cluster, or one asks something of a node that the other has silenced. */
function doSpoil(one: FaultPlan, other: FaultPlan): boolean {
  if (one.kind === "load") {
    if (one.burden === "slow-clients" && silencing.has(other.kind)) return true;
    return other.kind === "load" || other.kind === "power-cut";
  }
  if (one.kind !== "clock" || !silencing.has(other.kind)) return false;
  return one.nodes.some((node) => other.nodes.includes(node));
}

/** There is a hint for a node that has been away for so long. */
const hintMs = 500;
const hinting: ReadonlySet<FaultKind> = new Set(["kill", "stop", "pause", "partition"]);

/** Whether it can be seen to hold, and to be gone, beside the others. */
function canBeShown({ asked, planned: { fault } }: Draft, others: readonly Draft[]): boolean {
  const isSpoiled = others.some(
    (other) =>
      doOverlap(asked, other.asked) &&
      (doSpoil(fault, other.planned.fault) || doSpoil(other.planned.fault, fault)),
  );
  if (fault.aim?.role !== "hint-holder") return !isSpoiled;
  const isHintStored = others.some(
    ({ asked: { startMs, lengthMs }, planned }) =>
      hinting.has(planned.fault.kind) &&
      startMs + hintMs <= asked.startMs &&
      asked.startMs + hintMs <= startMs + lengthMs,
  );
  return isHintStored && !isSpoiled;
}

/** Every other one begins while an earlier one holds. */
function spanOf(
  stream: Stream,
  earlier: readonly ScheduledFault[],
  { within, longestMs, leastMs: least }: SwarmWish & { readonly leastMs: number },
): Span {
  const lengthMs = stream.integer(least, longestMs);
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
