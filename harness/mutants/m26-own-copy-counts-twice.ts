import type { Mutant } from "./mutant.ts";

export const m26: Mutant = {
  id: "M26",
  name: "the coordinator's own copy counts as two",
  change: {
    file: "server/protocols/write-round.ts",
    find: "      this.#quorum = addReply(this.#quorum, node, role, durability);",
    replacement:
      '      this.#quorum = addReply(this.#quorum, node, role, durability);\n      if (node === this.#plan.own?.node) this.#quorum = addReply(this.#quorum, `${node} again`, "fallback", durability);',
  },
  story:
    "A node that is cut off acknowledges for two what only itself has. Its disk is lost before the heal.",
  plan: {
    rate: 100,
    windows: [
      [
        { kind: "partition", shape: "isolate-one" },
        { kind: "wipe", nodes: 1 },
      ],
    ],
  },
  caughtBy: ["P1", "P2"],
};
