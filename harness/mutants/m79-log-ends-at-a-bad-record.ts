import type { Mutant } from "./mutant.ts";

export const m79: Mutant = {
  id: "M79",
  name: "a log ends at its first bad record, wherever that stands",
  change: {
    file: "server/adapters/durable-storage.ts",
    find: "    if (damage !== undefined) return `${damage} (${log})`;",
    replacement:
      '    const from = /\\d+$/.exec(damage ?? "")?.[0];\n    if (from !== undefined) await (await import("node:fs/promises")).truncate(join(directory, log), Number(from));',
  },
  story:
    "A torn end is what a crash leaves, so the log is cut there and the store opens as if it were whole. But the bad record stood in the middle, and all acknowledged writes behind it are gone on this node. With R = 1 it goes on answering for them.",
  flags: ["--r", "1", "--w", "3", "--strict", "--keys", "uniform", "--faults", "power-cut:flipped@n2"],
  caughtBy: ["P13", "P10", "P1"],
  seenIn: "bitcask, leveldb without paranoid checks",
};
