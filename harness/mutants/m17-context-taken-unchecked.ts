import type { Mutant } from "./mutant.ts";

export const m17: Mutant = {
  id: "M17",
  name: "the checksum of a context is not looked at",
  change: {
    file: "server/core/context.ts",
    find: "  if (crc32c(body) !== bytes.readUInt32BE(body.length)) return damaged;\n",
    replacement: "",
  },
  story:
    "One character of a client's context is another when it comes back. It claims events that nobody has seen or that have not happened yet, and what comes under their names is taken for old.",
  plan: { nodes: 3, rate: 60, workload: "notice-board", damagedContextShare: 0.5, windows: [[]] },
  caughtBy: ["P1", "P2", "P6", "P7"],
};
