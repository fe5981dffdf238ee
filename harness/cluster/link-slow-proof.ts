/** The proof that links are late or narrow: how long a probe takes over each of them. */
import { setTimeout as delay } from "node:timers/promises";
import type { Done } from "./cluster.ts";
import { leastMs, type SlowShape, shapeText } from "./link-shape.ts";
import type { ProbeWire } from "./probe-wire.ts";

/** Enough for a narrow link to show that it is one. */
const probeBytes = 2_048;
const rounds = 3;

/** The directions called `name`, on whichever of these connections; at least one, and the number crossed on each. */
export function hasCrossedAll(wires: readonly ProbeWire[], name: string, number: number): boolean {
  const strands = wires.flatMap((wire) => wire.strands).filter((strand) => strand.name === name);
  return strands.length > 0 && strands.every((strand) => strand.hasCrossed(number));
}

/**
 * Three probes, one after another, so that a moment in which this process was late is not taken for a slow link.
 * `first`: the first of three numbers that the wires may be sent.
 */
export async function seenSlow(
  shape: SlowShape,
  seen: {
    readonly wires: readonly ProbeWire[];
    readonly names: readonly string[];
    readonly first: number;
    readonly withinMs: number;
  },
): Promise<Done> {
  const wanted = leastMs(shape, probeBytes);
  const taken = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, ms] of await timed(seen, seen.first + round))
      taken.set(name, Math.min(ms, taken.get(name) ?? ms));
  }
  const quick = seen.names.filter((name) => (taken.get(name) ?? 0) < wanted);
  const least = Math.round(Math.min(...taken.values()));
  return quick.length === 0
    ? {
        type: "done",
        evidence: `${shapeText(shape)}: no probe over ${seen.names.join(", ")} took less than ${least} ms`,
      }
    : {
        type: "failed",
        reason: `A probe over ${quick.join(", ")} took ${least} ms, which should take ${wanted}.`,
      };
}

/** How many numbers `seenSlow` sends. */
export const slowProbes = rounds;

/** How long one probe takes over each of these links, ms; as long as was waited where it did not arrive. */
async function timed(
  {
    wires,
    names,
    withinMs,
  }: {
    readonly wires: readonly ProbeWire[];
    readonly names: readonly string[];
    readonly withinMs: number;
  },
  number: number,
): Promise<ReadonlyMap<string, number>> {
  const began = performance.now();
  for (const wire of wires) wire.send(number, probeBytes);
  const taken = new Map<string, number>();
  while (taken.size < names.length && performance.now() - began < withinMs) {
    await delay(1);
    for (const name of names) {
      if (!taken.has(name) && hasCrossedAll(wires, name, number)) taken.set(name, performance.now() - began);
    }
  }
  return new Map(names.map((name) => [name, taken.get(name) ?? withinMs]));
}
