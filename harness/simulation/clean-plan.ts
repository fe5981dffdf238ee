/**
 * What a clean run of the real server is put through: everything of its plan follows from the seed. Short, so that
 * there can be thousands; what it demands of the server, the server promises.
 */
import { streamOf } from "../../workloads/generator/stream.ts";
import type { SimulatedFault } from "./simulated-fault.ts";
import type { SimulatedPlan } from "./simulated-plan.ts";

const shapes = ["isolate-one", "halves", "one-way"] as const;
const survivable = ["kill", "pause", "power-cut", "restart", "full-disk", "slow-disk", "slow-links"] as const;

export function cleanPlan(seed: number): SimulatedPlan {
  const stream = streamOf(seed, "clean plan");
  const pick = <T>(from: readonly [T, ...T[]]): T => from[stream.integer(0, from.length - 1)] ?? from[0];
  const w = pick([1, 2, 2]);
  const fault = (): SimulatedFault => {
    const chance = stream.uniform();
    if (chance < 0.35) return { kind: "partition", shape: pick(shapes) };
    if (chance < 0.45) return { kind: "clock", nodes: 2, offsetMs: pick([-3_600_000, 30_000, 86_400_000]) };
    // One bad disk is survived where a write is acknowledged for two synced copies.
    if (chance < 0.55 && w > 1) return { kind: pick(["wipe", "corruption"]), nodes: 1 };
    return { kind: pick(survivable), nodes: pick([1, 1, 2]) };
  };
  return {
    nodes: pick([3, 5, 5]),
    rate: 24,
    lossShare: pick([0, 0, 0.03]),
    bucket: { w, r: pick([1, 2]) },
    intervals: { antiEntropyMs: pick([1000, 10_000]), reapMs: 1000, reapGraceMs: 20_000 },
    windows: [Array.from({ length: pick([1, 2]) }, fault)],
  };
}
