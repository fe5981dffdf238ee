/**
 * The proof that links lose packets. Where the kernel drops them, some of the datagrams that are sent do not arrive.
 * Where a proxy stands in for that, the numbers on a wire stop coming for a while: counted in turns of this process's
 * loop, in each of which another number is sent and what came is read, so that a moment in which this process itself
 * was late is not taken for a stall.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Done, Grudge } from "./cluster.ts";
import { type Arrivals, countArrivals } from "./link-probe.ts";
import type { ProbeWire, Strand } from "./probe-wire.ts";

/** Enough for a quarter of the losses that are due to be seen over each link, at the least and at the most. */
const datagrams = { least: 60, most: 400 } as const;

const lost = ({ sent, arrived }: Arrivals, name: string): number => sent - (arrived.get(name) ?? 0);

/**
 * Sends datagrams over all links until each of `names` has lost a quarter of what it should, and carried some.
 */
export async function seenLosses(
  hosts: ReadonlyMap<NodeName, string>,
  all: Grudge,
  { names, percent }: { readonly names: readonly string[]; readonly percent: number },
): Promise<Done> {
  const isLossy = (arrivals: Arrivals, name: string): boolean =>
    lost(arrivals, name) >= Math.max(1, (arrivals.sent * percent) / 400) && arrivals.arrived.has(name);
  const counted = await countArrivals(
    hosts,
    all,
    (arrivals) =>
      arrivals.sent >= datagrams.most ||
      (arrivals.sent >= datagrams.least && names.every((name) => isLossy(arrivals, name))),
  );
  if (counted.type === "failed") return counted;
  const { arrivals } = counted;
  const shares = (some: readonly string[]): string =>
    some.map((name) => `${lost(arrivals, name)} over ${name}`).join(", ");
  const sound = names.filter((name) => !isLossy(arrivals, name));
  return sound.length > 0
    ? { type: "failed", reason: `Of ${arrivals.sent} datagrams were lost only ${shares(sound)}.` }
    : { type: "done", evidence: `of ${arrivals.sent} datagrams were lost ${shares(names)}` };
}

/** So many chunks in a row come through once in a hundred billion times, where five of a hundred are lost. */
const turnsMax = 500;
/** A number crosses in three or four turns where nothing holds it. */
const stallTurns = 20;

export type Stalls = {
  /** Directions that were seen to stall. */
  readonly stalled: ReadonlySet<string>;
  /** How long each of them stood still at the least, ms. */
  readonly shortestMs: number;
  /** The last number sent. */
  readonly number: number;
};

/** `first`: the first number that the wires may be sent. Resolves as soon as all the strands of these names stalled. */
export async function seenStalls(
  wires: readonly ProbeWire[],
  names: readonly string[],
  first: number,
): Promise<Stalls> {
  const strands = wires.flatMap((wire) => wire.strands).filter(({ name }) => names.includes(name));
  const since = new Map<Strand, { readonly turn: number; readonly at: number; readonly heard: number }>();
  const stalled = new Set<string>();
  let shortestMs = Number.POSITIVE_INFINITY;
  let number = first;
  for (let turn = 0; turn < turnsMax && stalled.size < names.length; turn += 1, number += 1) {
    for (const wire of wires) wire.send(number);
    await delay(1);
    const now = performance.now();
    for (const strand of strands) {
      const last = since.get(strand);
      if (last === undefined || strand.heard !== last.heard)
        since.set(strand, { turn, at: now, heard: strand.heard });
      else if (turn - last.turn >= stallTurns) {
        stalled.add(strand.name);
        shortestMs = Math.min(shortestMs, now - last.at);
      }
    }
  }
  return { stalled, shortestMs: Math.round(shortestMs), number };
}
