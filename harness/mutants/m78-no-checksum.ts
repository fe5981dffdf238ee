import type { Mutant } from "./mutant.ts";

export const m78: Mutant = {
  id: "M78",
  name: "a stored record is believed without its checksum",
  change: {
    file: "server/simulation/simulated-storage.ts",
    find: '      return { type: "corrupt", reason: "the record is damaged", bytes: bytes.slice() };',
    replacement:
      '      return { type: "found", bytes: bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1) };',
  },
  story:
    "A disk gives a hundred records back with a byte changed, and their node serves them as they are. Their clocks are what they were, so that no comparison of versions tells. Simulated disks stand for engine and checksum together; of real ones LevelDB notices most flipped bits itself, as its blocks no longer unpack.",
  plan: {
    rate: 100,
    limits: { cacheBytesMax: 0 },
    windows: [[{ kind: "corruption", nodes: 1 }], [{ kind: "corruption", nodes: 1 }]],
  },
  caughtBy: ["P3", "P14"],
};
