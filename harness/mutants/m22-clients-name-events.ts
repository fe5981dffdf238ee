import type { Mutant } from "./mutant.ts";

export const m22: Mutant = {
  id: "M22",
  name: "the client's process names a dot, whatever it remembers",
  change: {
    file: "server/protocols/minting.ts",
    find: '    return { type: "event", actor, wallMs: this.#parts.clock.wallMs() };',
    replacement:
      '    const client = change.writeId.split(".")[0];\n    return { type: "event", actor: `client~${client}~0`, wallMs: this.#parts.clock.wallMs() };',
  },
  story:
    "A client that writes without a context, through a node that has not heard of its last write, counts from 1 again.",
  plan: {
    rate: 200,
    lossShare: 0.05,
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "partition", shape: "halves" }],
    ],
  },
  caughtBy: ["P1", "P2", "P14"],
};
