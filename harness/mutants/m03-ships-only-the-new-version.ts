import type { Mutant } from "./mutant.ts";

export const m03: Mutant = {
  id: "M03",
  name: "the coordinator sends the new version alone, with the whole vector",
  change: {
    file: "server/protocols/write-coordination.ts",
    find: "        state: minted.record.state,",
    replacement:
      "        state: { ...minted.record.state, siblings: minted.record.state.siblings.filter((one) => one.writeId === write.writeId) },",
  },
  story:
    "The vector claims to know siblings that were not sent, so replicas take them for superseded and drop them everywhere. Any blind put beside existing data shows it.",
  plan: { rate: 100, windows: [[]] },
  flags: ["--faults", "none"],
  caughtBy: ["P1", "P2"],
};
