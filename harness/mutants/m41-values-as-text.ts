import type { Mutant } from "./mutant.ts";

export const m41: Mutant = {
  id: "M41",
  name: "values are taken for UTF-8 on their way into a key's record",
  change: {
    file: "server/core/key-state-codec.ts",
    find: "  if (value !== null) out.bytes(value);",
    replacement:
      "  if (value !== null) out.bytes(new TextEncoder().encode(new TextDecoder().decode(value)));",
  },
  story: "Bytes that are no UTF-8 come back as others. Every value has a random end, so any read shows it.",
  plan: { windows: [[{ kind: "kill", nodes: 1 }]] },
  flags: ["--faults", "kill"],
  caughtBy: ["P3"],
};
