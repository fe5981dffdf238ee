/** Part C: partitioning, preference lists and balance (Dynamo §4.2, §4.3, §6.2). */
import { type MissionRow, proved } from "./mission-row.ts";

export const partitioning: readonly MissionRow[] = [
  proved(
    "C1",
    "MD5 of the key, clockwise to the owner; ranges closed on the right; the ring wraps (§4.1, §4.2)",
    {
      in: ["server/core/hash.ts", "server/core/ring.ts"],
      by: [
        ["server/core/hash.test.ts", "closes each partition on the right"],
        [
          "server/core/hash.property.test.ts",
          "is the partition whose half-open range (start, end] holds the position",
        ],
        [
          "server/core/tokens.test.ts",
          "gives a position to the next token clockwise, and one exactly on a token to that token",
        ],
        ["server/core/tokens.test.ts", "wraps: behind the last token and at 0 begins the range of the first"],
        [
          "server/client/ring-vectors.test.ts",
          "are the server's: on a token, beside it, and at both ends of the ring",
        ],
        ["server/client/ring-vectors.test.ts", "are those of a client that pulled the ring"],
      ],
      seen: "golden vectors under each strategy, and 1,000 further keys",
    },
  ),
  proved("C2", "a join or leave touches neighbours only; hashing modulo S moves almost all (§4.2)", {
    in: ["server/models/moved-keys.ts", "server/core/tokens.ts", "server/core/claim.ts"],
    by: [
      [
        "server/models/moved-keys.test.ts",
        "10 to 11 nodes: the remainder moves nine keys of ten, the ring one of eleven",
      ],
    ],
    seen: "91.0 % against 8.0 % (tokens) and 8.9 % (strategy 3)",
  }),
  proved("C3", "one random point a node: uneven, and blind for capacity (§4.2)", {
    in: ["server/models/load-efficiency.ts"],
    by: [["server/models/load-efficiency.test.ts", "leaves the fullest node with more than twice the mean"]],
    seen: "mean over maximum .43 over all copies, .24 for the first, 30 nodes",
  }),
  proved("C4", "many tokens a node: a dead one's load spreads, a new one takes from all (§4.2)", {
    in: ["server/core/claim.ts", "server/core/tokens.ts"],
    by: [
      [
        "server/core/strategy.property.test.ts",
        "leaves what it had to all others alike, within 30 %%: one of %i nodes",
      ],
      ["server/core/strategy.property.test.ts", "takes from at least half of %i others"],
      [
        "server/core/tokens.test.ts",
        "gives a node of twice the capacity twice the tokens, the same at every start",
      ],
    ],
    seen: "within 30 % for 4 to 6 nodes and 1,024 partitions; chance spreads it more coarsely with fewer a node",
  }),
  proved("C5", "the first N distinct nodes clockwise, over data centres, and all others behind (§4.3)", {
    in: ["server/core/preference-list.ts", "server/core/spread.ts"],
    by: [
      [
        "server/core/preference-list.property.test.ts",
        "names every member once, the owner first, N of them as homes",
      ],
      [
        "server/core/strategy.property.test.ts",
        "lists every node once, N distinct homes first, in as many data centres as there can be",
      ],
      [
        "server/core/spread.property.test.ts",
        "has among its first N as many data centres as there can be, and racks in each",
      ],
    ],
    seen: "every partition of random member sets, under each strategy",
  }),
  proved("C6", "a list spans data centres, so that a whole one may vanish (§4.6)", {
    in: ["server/core/spread.ts"],
    by: [
      [
        "server/core/spread.property.test.ts",
        "has among its first N as many data centres as there can be, and racks in each",
      ],
      [
        "server/protocols/data-centres.test.ts",
        "every key has a copy outside, and is read and written there by a strict quorum of its homes",
      ],
      [
        "server/protocols/data-centres.test.ts",
        "a data centre on its own refuses strict writes, and goes on with sloppy ones that meet the others' afterwards",
      ],
    ],
    seen: "each of three data centres cut off: 30 of 30 keys with two copies outside, read and written by a strict quorum",
  }),
  proved("C7", "strategy 1: T random tokens a node, ranges between them (§6.2)", {
    in: ["server/core/tokens.ts", "server/placement-file.ts", "server/models/join-cost.ts"],
    by: [
      ["server/core/tokens.test.ts", "takes a node once, whose second token the walk meets too"],
      [
        "server/models/join-cost.test.ts",
        "10 to 11 nodes: strategy 1 reads more than it sends and spoils trees and archives, strategy 3 does neither",
      ],
      [
        "server/models/join-cost.test.ts",
        "a store that knows nothing of ranges is read from end to end by all who give, for one key of twelve",
      ],
      [
        "server/protocols/strategies.test.ts",
        "reads, writes, keeps hints for a node that is away, and mends a disk that was emptied",
      ],
      [
        "server/protocols/strategies.test.ts",
        "but not under strategy 1, whose ranges are cut at their tokens: the order is refused with a sentence",
      ],
      [
        "server/main.test.ts",
        "three processes are one store ($placement.strategy): it survives the kill -9 of one, which then catches up",
      ],
    ],
    seen: "a join reads 1.25 keys for one sent (11.9 from a store without ranges) and spoils 42 of 480 trees and 14 archived ranges, none under strategy 3. A cluster runs with each strategy; under strategy 1 its members stay",
  }),
  proved("C8", "strategy 2: equal partitions, tokens for placement only (§6.2)", {
    in: ["server/core/tokens.ts"],
    by: [
      ["server/core/tokens.test.ts", "places a partition by the first token at its end or behind it"],
      ["server/core/tokens.test.ts", "changes the placement and not the partitions when a node comes"],
    ],
    seen: "boundaries stay, owners change",
  }),
  proved("C9", "strategy 3: Q / S partitions a node, kept so by joins and leaves (§6.2)", {
    in: ["server/core/claim.ts", "server/core/seats.ts", "server/core/strategy.ts"],
    by: [
      ["server/core/claim.property.test.ts", "gives each node its share by capacity, rounded down or up"],
      [
        "server/core/claim.property.test.ts",
        "moves not one copy more than it must when a node joins %i others",
      ],
      [
        "server/core/claim.property.test.ts",
        "moves at most twice what it must when any one of %i nodes leaves",
      ],
      [
        "server/core/claim.property.test.ts",
        "moves at most twice what it must at each of many joins and leaves, if seats are written down",
      ],
    ],
    seen: "3 to 40 nodes: joins move 1.00 of the least, leaves at most 2.00; partitions differ by one",
  }),
  proved("C10", "efficiency is mean over maximum load; strategy 3 is best (Figure 8)", {
    in: ["server/models/load-efficiency.ts"],
    by: [
      ["server/models/load-efficiency.test.ts", "has strategy 3 above 1, and 1 above 2 from 960 on"],
      [
        "server/models/load-efficiency.test.ts",
        "is bettered by the server's own plan, whose copies are as even as its partitions",
      ],
    ],
    seen: "every point within .03, at 60 and 120 within .07",
  }),
  proved("C11", "nodes more than 15 % off the mean: 20 % at low load, 10 % at high (Figure 6)", {
    in: ["server/models/load-imbalance.ts"],
    by: [
      [
        "server/models/load-imbalance.test.ts",
        "has more nodes out of balance at an eighth of the load than at its peak",
      ],
    ],
    seen: "27 % and 9 %; in ninths",
  }),
  proved("C12", "enough hot keys to spread are assumed (§6.2)", {
    in: ["server/models/load-imbalance.ts"],
    by: [
      ["server/models/load-imbalance.test.ts", "unbalances the more the hotter it is"],
      [
        "server/models/load-imbalance.test.ts",
        "is spread over its N nodes and no further: a third of everything instead of all",
      ],
    ],
    seen: "one key: 9 times the mean with one coordinator, 3 times with three",
  }),
  proved("C13", "full tables are gossiped by all, to a couple of hundred nodes (§6.6)", {
    in: ["server/models/gossip-rounds.ts"],
    by: [
      [
        "server/models/gossip-rounds.test.ts",
        "costs tables that grow with nodes and, in strategy 1, with tokens",
      ],
    ],
    seen: "a model: 859 against 40 kB/s for a node of 200, strategies 1 and 3",
  }),
];
