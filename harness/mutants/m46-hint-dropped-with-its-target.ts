import type { Mutant } from "./mutant.ts";

export const m46: Mutant = {
  id: "M46",
  name: "a hint is dropped when the node that it is for has left",
  change: {
    file: "server/protocols/hinted-handoff.ts",
    find: '    if (loaded.type !== "found") {',
    replacement:
      '    const { homes } = this.#parts.placements.of(hint.name).writing;\n    if (loaded.type !== "found" || !homes.includes(hint.target)) {',
  },
  story:
    "The only home of a key is beyond a cut while it is written, and leaves after the heal before anybody has scanned the hints. Its heirs never get what was kept for it.",
  plan: {
    rate: 100,
    bucket: { n: 1, r: 1, w: 1 },
    intervals: { hintScanMs: 30_000 },
    windows: [[{ kind: "partition", shape: "halves" }], [{ kind: "leave", nodes: 2 }]],
  },
  caughtBy: ["P1", "P2"],
  seenIn: "Voldemort",
};
