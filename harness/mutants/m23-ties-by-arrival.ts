import type { Mutant } from "./mutant.ts";

export const m23: Mutant = {
  id: "M23",
  name: "of two versions with one stamp the one that came last wins",
  change: {
    file: "server/core/stamped-versions.ts",
    find: "  const byDot = compareDots(firstDot(a.dots), firstDot(b.dots));",
    replacement:
      "  if (a.writeId !== b.writeId) return 0;\n  const byDot = compareDots(firstDot(a.dots), firstDot(b.dots));",
  },
  story:
    "All wall clocks step together, twice a second, so each node counts its stamps up from the step, and two of them give the same. The homes never agree which version won.",
  plan: {
    nodes: 3,
    rate: 60,
    workload: "notice-board",
    clockTickMs: 500,
    bucket: { versions: "lww" },
    windows: [[]],
  },
  caughtBy: ["P14", "P23"],
};
