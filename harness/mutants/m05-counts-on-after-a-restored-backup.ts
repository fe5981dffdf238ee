import type { Mutant } from "./mutant.ts";

export const m05: Mutant = {
  id: "M05",
  name: "names for events from before an unclean stop are used on",
  change: {
    file: "server/protocols/minting.ts",
    find: "    return epoch !== undefined && epoch < this.#parts.identity.epochFloor;",
    replacement: "    return epoch !== undefined && epoch < 0;",
  },
  story:
    "A node's disk is put back from a backup. It goes on counting where the backup was taken, and gives dots that others know already; what carries them is dropped as old.",
  plan: {
    nodes: 3,
    rate: 60,
    workload: "notice-board",
    bucket: { readRepair: "off" },
    intervals: { antiEntropyMs: 100_000 },
    windows: [[{ kind: "restore-backup", nodes: 1 }]],
  },
  caughtBy: ["P1", "P2", "P14"],
};
