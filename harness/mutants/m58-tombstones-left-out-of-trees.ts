import type { Mutant } from "./mutant.ts";

export const m58: Mutant = {
  id: "M58",
  name: "a delete is not noted in the hash tree",
  change: {
    file: "server/protocols/replica.ts",
    find: "      forest.set(placement, name, hash);",
    replacement:
      "      const isDeleted = record.state.siblings.every(({ value }) => value === null);\n      if (!isDeleted) forest.set(placement, name, hash);",
  },
  story:
    "A home misses deletes while it is down. There is no room for hints, so only the trees could tell, and they still show the value everywhere: the home keeps what the others deleted. Only a key that nobody wrote between the kill and its delete shows it, so the kills are short and many.",
  plan: {
    rate: 100,
    limits: { hintBytesMax: 1 },
    intervals: { scrubMs: 1_000_000 },
    windows: [[{ kind: "kill", nodes: 1 }], [{ kind: "kill", nodes: 1 }]],
  },
  flags: ["--hint-bytes", "1", "--faults", "kill,kill,kill,kill,kill"],
  window: { faultMs: 1_000, recoveryMs: 2_000 },
  caughtBy: ["P14", "P4k"],
  seenIn: "riak_kv#478",
};
