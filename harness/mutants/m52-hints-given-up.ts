import type { Mutant } from "./mutant.ts";

export const m52: Mutant = {
  id: "M52",
  name: "a target that was unreachable once is never given its hints",
  change: {
    file: "server/protocols/hinted-handoff.ts",
    find: "    await Promise.all(hints.targets().map((target) => this.#deliverTo(hints.heldFor(target))));",
    replacement:
      "    this.givenUp ??= new Set();\n    for (const target of hints.targets()) if (!this.#parts.peers.isHealthy(target)) this.givenUp.add(target);\n    const reached = hints.targets().filter((target) => !this.givenUp.has(target));\n    await Promise.all(reached.map((target) => this.#deliverTo(hints.heldFor(target))));",
  },
  story:
    "A home is down for some seconds. What was kept for it meanwhile stays where it is, and the cluster never comes to rest.",
  plan: { windows: [[{ kind: "kill", nodes: 1 }]] },
  caughtBy: ["P14"],
  seenIn: "riak_core#847",
};
