import type { Mutant } from "./mutant.ts";

export const m44: Mutant = {
  id: "M44",
  name: "hints are kept in memory only, though they are acknowledged as durable",
  change: {
    file: "server/protocols/records.ts",
    find: '    const outcome = await this.#disk.write([{ type: "put", space, key, bytes }], durability);',
    replacement:
      '    const outcome = space === "hints"\n      ? { type: "written" as const, durability: "synced" as const }\n      : await this.#disk.write([{ type: "put", space, key, bytes }], durability);',
  },
  story:
    "With W = 1 and all homes of a key beyond a cut, a hint on the entry node is the only copy of an acknowledged write. The entry node is killed, and the write is gone.",
  plan: {
    rate: 100,
    windowMs: 8000,
    bucket: { n: 2, r: 1, w: 1 },
    windows: [
      [
        { kind: "partition", shape: "halves" },
        { kind: "kill", nodes: 2 },
      ],
    ],
  },
  flags: ["--n", "2", "--r", "1", "--w", "1", "--faults", "partition:halves@n1/n2+kill@n1/n2"],
  caughtBy: ["P1", "P2"],
};
