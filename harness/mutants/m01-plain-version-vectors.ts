import type { Mutant } from "./mutant.ts";

export const m01: Mutant = {
  id: "M01",
  name: "the paper's version vectors in place of dotted ones: the counter is max(local, context) + 1",
  change: {
    file: "server/core/versions-of.ts",
    find: "      return dottedVersions;",
    replacement: "      return plainVersions;",
  },
  story:
    "Two shoppers put with one context through one coordinator. The second version's vector covers the first, so the first is dropped although it was acknowledged. Two devices on one cart and robots without think time are enough; no fault is needed.",
  plan: { rate: 150, windows: [[]] },
  flags: ["--faults", "none"],
  caughtBy: ["P1", "P2"],
};
