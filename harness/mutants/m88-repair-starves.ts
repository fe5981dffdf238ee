import type { Mutant } from "./mutant.ts";

export const m88: Mutant = {
  id: "M88",
  name: "background work may be throttled to nothing, and comes back by doubling",
  change: {
    file: "server/core/background-slices.ts",
    find: "    ? Math.max(slicesMin, Math.floor(slices / 2))\n    : Math.min(slicesMax, slices + step);",
    replacement: "    ? Math.floor(slices / 2)\n    : Math.min(slicesMax, slices * 2);",
  },
  story:
    "A node that was stopped three times halves what it allows itself until nothing is left, and twice nothing is nothing. The hints that it holds for a peer are never delivered.",
  flags: ["--faults", "pause@n2,pause@n2,pause@n2,kill@n3"],
  window: { faultMs: 3_000, recoveryMs: 1_000 },
  caughtBy: ["P14"],
};
