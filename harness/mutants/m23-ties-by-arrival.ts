import type { Mutant } from "./mutant.ts";

export const m23: Mutant = {
  id: "M23",
  name: "of two versions with one stamp the one that came first stays",
  change: {
    file: "server/core/stamped-versions.ts",
    find: "  const byDot = compareDots(firstDot(a.dots), firstDot(b.dots));",
    replacement:
      "  if (a.writeId !== b.writeId) return -1;\n  const byDot = compareDots(firstDot(a.dots), firstDot(b.dots));",
  },
  story:
    "All wall clocks step together, four times a second, so each node counts its stamps up from the step, and on both sides of a cut two writes of a key get the same. The homes never agree which of them won.",
  plan: {
    nodes: 3,
    rate: 60,
    arrivalsMax: 180,
    workload: "notice-board",
    clockTickMs: 250,
    bucket: { r: 1, w: 1, versions: "lww" },
    windows: [[{ kind: "partition", shape: "isolate-one" }]],
  },
  caughtBy: ["P14", "P23"],
};
