/** Part C: partitioning, preference lists and balance (Dynamo §4.2, §4.3, §6.2). */
import { type MissionRow, open } from "./mission-row.ts";

export const partitioning: readonly MissionRow[] = [
  open(
    "C1",
    "MD5 of the key, clockwise to the owner; ranges closed on the right; the ring wraps (§4.1, §4.2)",
    {
      in: ["server/core/hash.ts"],
      by: [
        ["server/core/hash.test.ts", "closes each partition on the right"],
        ["server/core/hash.test.ts", "wraps: the first position is the end of the last partition"],
        [
          "server/core/hash.property.test.ts",
          "is the partition whose half-open range (start, end] holds the position",
        ],
      ],
      missing: "golden vectors that the client library shares",
    },
  ),
  open("C2", "a join or leave touches neighbours only; hashing modulo S moves almost all (§4.2)", {
    missing: "10 to 11 nodes both ways",
  }),
  open("C3", "one random point a node: uneven, and blind for capacity (§4.2)", {
    missing: "mean over maximum for one token a node",
  }),
  open("C4", "many tokens a node: a dead one's load spreads, a new one takes from all (§4.2)", {
    missing: "extra load of survivors within 30 % of even; sources of a join",
  }),
  open("C5", "the first N distinct nodes clockwise, over data centres, and all others behind (§4.3)", {
    in: ["server/core/preference-list.ts"],
    by: [
      [
        "server/core/preference-list.property.test.ts",
        "names every member once, the owner first, N of them as homes",
      ],
    ],
    missing: "data centres",
  }),
  open("C6", "a list spans data centres, so that a whole one may vanish (§4.6)", {
    missing: "a data centre is cut off: all keys readable and writable, a copy outside",
  }),
  open("C7", "strategy 1: T random tokens a node, ranges between them (§6.2)", {
    missing: "the placement, and what it costs at a join",
  }),
  open("C8", "strategy 2: equal partitions, tokens for placement only (§6.2)", {
    missing: "the placement; it changes while the partitions stay",
  }),
  open("C9", "strategy 3: Q / S partitions a node, kept so by joins and leaves (§6.2)", {
    in: ["server/core/claim.ts"],
    by: [
      ["server/core/claim.property.test.ts", "gives each node its share by capacity, rounded down or up"],
    ],
    missing: "few moves at any size",
  }),
  open("C10", "efficiency is mean over maximum load; strategy 3 is best (Figure 8)", {
    missing: "the figure",
  }),
  open("C11", "nodes more than 15 % off the mean: 20 % at low load, 10 % at high (Figure 6)", {
    missing: "the figure",
  }),
  open("C12", "enough hot keys to spread are assumed (§6.2)", {
    missing: "a sweep of skew, up to a single hot key",
  }),
  open("C13", "full tables are gossiped by all, to a couple of hundred nodes (§6.6)", {
    missing: "bytes a second and node over S",
  }),
];
