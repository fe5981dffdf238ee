import type { Mutant } from "./mutant.ts";

export const m08: Mutant = {
  id: "M08",
  name: "a record that cannot be read is taken for one that is not there",
  change: {
    file: "server/protocols/records.ts",
    find: '    return { type: "corrupt", reason };',
    replacement: '    return { type: "absent" };',
  },
  story:
    "A home whose record is damaged answers that the key does not exist. With one other home behind, two such answers make a quorum that has not seen an acknowledged write.",
  plan: {
    rate: 150,
    bucket: { sloppy: false, readRepair: "off" },
    limits: { cacheBytesMax: 0, hintBytesMax: 1 },
    intervals: { antiEntropyMs: 100_000 },
    windows: [[{ kind: "partition", shape: "isolate-one" }], [{ kind: "corruption", nodes: 1 }], []],
  },
  caughtBy: ["P13", "P10", "P1", "P2"],
  doubt:
    "It makes reads stale and nothing worse, and damage explains a miss of what the damaged home had acknowledged, unless the read found nothing at all, which none did: a write on top of what counts as absent takes a new name for its event, and other homes still have what was there.",
  seenIn: "Riak and Bitcask, more than once",
};
