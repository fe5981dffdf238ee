import type { Mutant } from "./mutant.ts";

export const m24: Mutant = {
  id: "M24",
  name: "a node's stamp is its wall clock, even when that has gone back",
  change: {
    file: "server/protocols/stamps.ts",
    find: "    const wallMs = Math.max(nowMs, this.#last + 1);",
    replacement: "    const wallMs = nowMs;",
  },
  story:
    "One node, one writer a session, a clock that jumps back by ten seconds: the acknowledged write is older than the one before, and loses.",
  plan: {
    nodes: 1,
    rate: 60,
    workload: "session-store",
    bucket: { n: 1, r: 1, w: 1, versions: "lww" },
    windows: [[{ kind: "clock", nodes: 1, offsetMs: -10_000 }]],
  },
  caughtBy: ["P1"],
};
