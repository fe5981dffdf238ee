/**
 * What this machine can do to nodes beyond what every machine can: found by looking for the programs that it takes,
 * before anything is started. A program may be there and fail all the same, which a run then says.
 */
import { findProgram } from "../shell.ts";
import type { Ability } from "./cluster.ts";
import type { DiskChoice } from "./disk-choice.ts";

export function machineAbilities(disk: DiskChoice): readonly Ability[] {
  const canCompile = process.platform === "linux" && findProgram("cc") !== undefined;
  const ofDisks: readonly Ability[] = canCompile ? ["power-cut", "disk-trouble"] : [];
  return [
    // Whoever asks for images knows that they can be mounted.
    ...(disk === "image" ? (["power-cut"] as const) : ofDisks),
    ...(findProgram("prlimit") === undefined ? [] : (["file-limit"] as const)),
  ];
}
