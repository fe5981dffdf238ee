import type { Mutant } from "./mutant.ts";

export const m77: Mutant = {
  id: "M77",
  name: "nothing is synced, though `synced` is claimed",
  change: {
    file: "server/adapters/level-storage.ts",
    find: "    await batch.write({ sync: isSynced });",
    replacement: "    await batch.write({ sync: false && isSynced });",
  },
  story:
    "A kill leaves the page cache, so every test that only kills passes. The power of all nodes goes at once, and with it the acknowledged writes of every copy.",
  flags: ["--nodes", "3", "--rate", "100", "--faults", "power-cut:whole@all"],
  caughtBy: ["P1", "P2"],
};
