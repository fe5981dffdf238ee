import type { Mutant } from "./mutant.ts";

export const m28: Mutant = {
  id: "M28",
  name: "who stands in for a home is counted as one",
  change: {
    file: "server/core/quorum.ts",
    find: '    if (reply.role === "home") count.homes++;',
    replacement: "    count.homes++;",
  },
  story:
    "PW = 2 asks for two homes. Behind a cut a write is acknowledged by a home and a stand-in; a read on the other side asks two homes that have not got it.",
  plan: {
    rate: 150,
    bucket: { pr: 2, pw: 2 },
    windows: [[{ kind: "partition", shape: "halves" }], [{ kind: "partition", shape: "halves" }]],
  },
  caughtBy: ["P13", "P10"],
};
