/**
 * What a fault takes from a disk that had it: the word by which the judge knows it, for a fault whose kind does not
 * say it. A power cut takes nothing that was synced, but for one that flips bits.
 */
import type { Harm } from "../../checkers/history/harm.ts";
import type { FaultPlan } from "./nemesis.ts";

/** Undefined of a fault after which the disk holds all that it held. */
export function harmOf(fault: FaultPlan): Harm | undefined {
  if (fault.kind === "power-cut") return fault.loss === "flipped" ? "flipped" : undefined;
  if (fault.kind !== "disk" || !("damage" in fault)) return undefined;
  switch (fault.damage) {
    case "wiped":
      return "wipe";
    case "backup":
      return "restore-backup";
    case "flip":
    case "truncate":
    case "zeroed":
    case "swapped":
      return "corruption";
  }
}
