import type { Mutant } from "./mutant.ts";

export const c07: Mutant = {
  id: "C07",
  name: "a node coordinates itself only when nobody else does",
  change: {
    file: "server/protocols/write-routing.ts",
    find: "    return [...new Set([...anyone, ...preferred, ...homes, ...fallbacks])];",
    replacement:
      "    const all = [...new Set([...anyone, ...preferred, ...homes, ...fallbacks])];\n    return [...all.filter((node) => node !== self), ...all.filter((node) => node === self)];",
  },
  story: "Any home may coordinate.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  caughtBy: [],
};
