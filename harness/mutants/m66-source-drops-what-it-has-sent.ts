import type { Mutant } from "./mutant.ts";

export const m66: Mutant = {
  id: "M66",
  name: "who has to give a partition away drops it once it was offered, taken or not",
  change: {
    file: "server/protocols/letting-go.ts",
    find: "    const due = this.outgoing().filter((tree) => this.#isHeldByHomes(tree));",
    replacement:
      "    const due = this.outgoing();\n    if (due.length > 0 && (await ownHoldings.release(due))) for (const tree of due) await this.#sweep(tree);",
  },
  story:
    "A node joins and is killed while it is being given what it is to hold. Who had it before has none of it any more.",
  plan: {
    rate: 100,
    spares: 1,
    bucket: { n: 1, r: 1, w: 1 },
    windows: [
      [
        { kind: "join", nodes: 1 },
        { kind: "kill", nodes: 1 },
      ],
    ],
    intervals: { transferMs: 3000 },
  },
  caughtBy: ["P1", "P2"],
};
