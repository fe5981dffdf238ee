import type { Mutant } from "./mutant.ts";

export const m68: Mutant = {
  id: "M68",
  name: "while a partition moves, a write counts old and new homes together",
  change: {
    file: "server/core/occupancy.ts",
    find: "  const writing = rosterOf(list, written, [...past, { nodes: homes, extra: 0 }]);",
    replacement:
      "  const writing = rosterOf(list, written, past.length < 0 ? [] : [{ nodes: written, extra: 0 }]);",
  },
  story:
    "Three nodes join at once. A write is acknowledged by two that have just come, and a read asks two that were there before.",
  plan: {
    nodes: 3,
    rate: 120,
    spares: 3,
    workload: "notice-board",
    lossShare: 0.2,
    bucket: { sloppy: false, readRepair: "off" },
    intervals: { transferMs: 3000, antiEntropyMs: 100_000 },
    windows: [[{ kind: "join", nodes: 3 }]],
  },
  caughtBy: ["P13", "P10", "P1", "P2"],
};
