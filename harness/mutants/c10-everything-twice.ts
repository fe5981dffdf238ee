import type { Mutant } from "./mutant.ts";

export const c10: Mutant = {
  id: "C10",
  name: "every copy of a write is sent twice",
  change: {
    file: "server/protocols/write-round.ts",
    find: "    const remainingMs = Math.max(1, deadlineMs - clock.monotonicMs());\n    peers\n",
    replacement:
      '    const remainingMs = Math.max(1, deadlineMs - clock.monotonicMs());\n    peers.ask(node, { type: "replica-put", ...keyOf(name), state, durability, ...hintFor }, remainingMs).catch(impossible);\n    peers\n',
  },
  story: "Merging what is there changes nothing.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  flags: ["--faults", "partition:halves,kill"],
  caughtBy: [],
};
