import type { Mutant } from "./mutant.ts";

export const m65: Mutant = {
  id: "M65",
  name: "a new home is read from before it has been given anything",
  change: {
    file: "server/core/occupancy.ts",
    find: "  const reading = lacking.length === 0 || past.length === 0 ? present : rosterOf(list, fromPast, past);",
    replacement: "  const reading = fromPast.length >= 0 ? present : rosterOf(list, fromPast, past);",
  },
  story:
    "A node joins. Reads of two homes out of three meet it, and one that has missed the write: an acknowledged write is not seen.",
  plan: {
    rate: 150,
    spares: 2,
    lossShare: 0.05,
    bucket: { sloppy: false, readRepair: "off" },
    intervals: { transferMs: 2500, antiEntropyMs: 100_000 },
    windows: [[{ kind: "join", nodes: 2 }]],
  },
  caughtBy: ["P13", "P10"],
};
