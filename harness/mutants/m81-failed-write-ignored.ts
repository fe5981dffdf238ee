import type { Mutant } from "./mutant.ts";

export const m81: Mutant = {
  id: "M81",
  name: "a write that the disk refused counts as done",
  change: {
    file: "server/protocols/disk.ts",
    find: '    if (outcome.type === "failed") this.#conclude(outcome);',
    replacement: '    if (outcome.type === "failed") return { type: "written", durability };',
  },
  story: "Three disks are full, and their nodes go on acknowledging.",
  plan: { rate: 100, limits: { cacheBytesMax: 0 }, windows: [[{ kind: "full-disk", nodes: 3 }]] },
  flags: ["--faults", "disk:full@n1/n2/n3,kill@n1/n2/n3"],
  caughtBy: ["P1", "P2"],
};
