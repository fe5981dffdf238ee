import type { Mutant } from "./mutant.ts";

export const m31: Mutant = {
  id: "M31",
  name: "a write that some replica may have is reported as one that definitely failed",
  change: {
    file: "server/protocols/write-coordination.ts",
    find: '          type: "info",',
    replacement: '          type: "fail",',
  },
  story:
    "With all three homes demanded, a cut leaves writes on one or two of them. The client is told that nothing was done and tries no more; later the version shows in a read.",
  plan: {
    rate: 120,
    bucket: { sloppy: false, w: 3 },
    intervals: { requestMs: 400 },
    windows: [[{ kind: "pause", nodes: 1 }], [{ kind: "partition", shape: "isolate-one" }]],
  },
  flags: ["--strict", "--w", "3", "--faults", "pause,partition:isolate-one"],
  caughtBy: ["P15"],
};
