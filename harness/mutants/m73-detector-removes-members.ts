import type { Mutant } from "./mutant.ts";

export const m73: Mutant = {
  id: "M73",
  name: "who cannot be reached is removed from the ring",
  change: {
    file: "server/protocols/service.ts",
    find: "  const administration = new Administration({ ...world, gossip, placements, record, standing });\n",
    replacement:
      '  const administration = new Administration({ ...world, gossip, placements, record, standing });\n  const eject = () => {\n    for (const peer of peers.unreachable()) administration.order({ type: "remove", nodeId: peer }).catch(() => undefined);\n    world.clock.after(2000, eject);\n  };\n  world.clock.after(2000, eject);\n',
  },
  story:
    "Two nodes are beyond a cut for some seconds. The others put them out for good, with what only they had acknowledged, and they are strangers when the links are back.",
  plan: { rate: 60, windowMs: 8000, windows: [[{ kind: "partition", shape: "halves" }]] },
  caughtBy: ["P14", "P1", "P2", "P20"],
};
