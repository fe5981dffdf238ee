import type { Mutant } from "./mutant.ts";

export const m15: Mutant = {
  id: "M15",
  name: "a put without a context overwrites what is there",
  change: {
    file: "server/protocols/minting.ts",
    find: "    const { context, value, writeId } = change;",
    replacement:
      "    const { value, writeId } = change;\n    const isBlind = change.context.vector.size + change.context.cloud.length === 0;\n    const context = isBlind ? versions.contextOf(state) : change.context;",
  },
  story: "A robot's blind put swallows the cart that was there, without having seen it.",
  plan: { rate: 100, windows: [[]] },
  flags: ["--faults", "none"],
  caughtBy: ["P1", "P2"],
};
