import type { Mutant } from "./mutant.ts";

export const m82: Mutant = {
  id: "M82",
  name: "an acknowledgement from memory counts as a synced one",
  change: {
    file: "server/protocols/write-round.ts",
    find: "      this.#quorum = addReply(this.#quorum, node, role, durability);",
    replacement: '      this.#quorum = addReply(this.#quorum, node, role, "synced");',
  },
  story:
    "DW = 1 asks for one synced copy. A node that is cut off answers from its memory, and dies before it has written.",
  plan: {
    rate: 150,
    bucket: { durability: "buffer", w: 1, dw: 1 },
    intervals: { bufferFlushMs: 2000 },
    windows: [
      [
        { kind: "partition", shape: "isolate-one" },
        { kind: "kill", nodes: 1 },
      ],
      [
        { kind: "partition", shape: "isolate-one" },
        { kind: "kill", nodes: 1 },
      ],
    ],
  },
  caughtBy: ["P1", "P2"],
};
