import type { Mutant } from "./mutant.ts";

export const m70: Mutant = {
  id: "M70",
  name: "the last change of a member is the one with the latest wall clock",
  change: {
    file: "server/core/membership.ts",
    find: "  if (a.sequence !== b.sequence) return a.sequence - b.sequence;\n",
    replacement: "  if (a.issuedAtMs !== b.issuedAtMs) return a.issuedAtMs - b.issuedAtMs;\n",
  },
  story:
    "The node that is told to let another go has a clock that is an hour behind. It says that it has done so, and its order is older than the join: the node never goes, though the operator was told that it does.",
  plan: {
    rate: 60,
    windows: [
      [
        { kind: "clock", nodes: 5, offsetMs: -3_600_000 },
        { kind: "leave", nodes: 1 },
      ],
    ],
  },
  caughtBy: ["P14"],
};
