import type { Mutant } from "./mutant.ts";

export const c06: Mutant = {
  id: "C06",
  name: "a home's acknowledgement is noticed 30 ms late",
  change: {
    file: "server/protocols/write-round.ts",
    find: "      .then((exchange) => this.#ended(assignment, durabilityIn(exchange)))",
    replacement:
      "      .then(async (exchange) => {\n        await clock.sleep(30);\n        this.#ended(assignment, durabilityIn(exchange));\n      })",
  },
  story: "Whoever waits longer is told nothing else.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  caughtBy: [],
};
