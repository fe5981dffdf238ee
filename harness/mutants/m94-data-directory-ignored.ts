import type { Mutant } from "./mutant.ts";

export const m94: Mutant = {
  id: "M94",
  name: "the process serves from memory, whatever data directory it is given",
  change: {
    file: "server/serve.ts",
    find: '  if (dataDir === null || engine === "memory") return new MemoryStorage();',
    replacement: '  if (dataDir === null || engine !== "memory") return new MemoryStorage();',
  },
  story:
    "Everything works until processes end. Three of five are killed and come back with nothing: others now have their names, so they answer nobody until an operator replaces them.",
  flags: ["--faults", "kill@n1/n2/n3"],
  caughtBy: ["P20", "P1", "P2"],
};
