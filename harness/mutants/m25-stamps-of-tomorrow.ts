import type { Mutant } from "./mutant.ts";

export const m25: Mutant = {
  id: "M25",
  name: "a stamp from the future is accepted",
  change: {
    file: "server/protocols/stamps.ts",
    find: "    if (leadMs <= this.#parts.stampLeadMs) return true;",
    replacement: "    if (leadMs <= Number.MAX_SAFE_INTEGER) return true;",
  },
  story:
    "One node's clock is a day ahead for some seconds. What it stamped wins over everything that is acknowledged for a day.",
  plan: {
    nodes: 3,
    rate: 60,
    workload: "session-store",
    bucket: { versions: "lww" },
    windows: [[{ kind: "clock", nodes: 1, offsetMs: 86_400_000 }], []],
  },
  caughtBy: ["P1"],
};
