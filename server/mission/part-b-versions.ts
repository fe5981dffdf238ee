/** Part B: the interface, and versions of data (Dynamo §4.1, §4.4, §6). */
import { byTheHarness, type MissionRow, proved } from "./mission-row.ts";

export const versions: readonly MissionRow[] = [
  proved("B1", "get gives one object or all unrelated ones, and one context; put takes it back (§4.1)", {
    in: ["server/http/api.ts", "server/core/context.ts"],
    by: [
      [
        "server/http/api.test.ts",
        "blind writes are siblings: 300, all of them in base64, and one context that covers them",
      ],
      ["server/http/api.test.ts", "a write with the context of a read replaces what was read"],
      [
        "server/client/client.contract.ts",
        "writers that have not seen each other leave siblings, and a write with their context replaces both",
      ],
    ],
    seen: "200, 300 and 404 each with a context that need not be understood",
  }),
  proved("B2", "the context says which version a put replaces, and is checked (§4.1)", {
    in: ["server/core/context.ts", "server/core/actor.ts"],
    by: [
      ["server/core/context.property.test.ts", "is refused when any one character is another"],
      [
        "server/fuzz/hostile-inputs.test.ts",
        "damaged contexts (80 of 1000) are refused by the node, which holds what it held",
      ],
      ["server/http/api.test.ts", "a context of another key is refused"],
      [
        "server/protocols/write-coordination.test.ts",
        "replaces what its context has seen, and stands beside what it has not",
      ],
      [
        "server/core/actor.test.ts",
        "takes a new epoch when a state or a context shows more than the node remembers",
      ],
    ],
    seen: "changed and foreign ones refused; an old one makes a sibling; one from the future a new epoch",
  }),
  proved("B3", "every put makes a version; only what a known one descends from is dropped (§4.4)", {
    in: ["server/core/dotted-versions.ts"],
    by: [
      [
        "server/core/dotted-versions.property.test.ts",
        "keep alive exactly the maximal writes, at every replica after every step",
      ],
    ],
    seen: "against explicit causal histories",
  }),
  proved("B4", "no failure; a replica down; a partition; writes on both of its sides (lecture)", {
    in: ["server/protocols/write-coordination.ts"],
    by: [
      ["server/protocols/replication.test.ts", "a put without failure is on all homes"],
      [
        "server/protocols/replication.test.ts",
        "a put with a replica down is on the others, and on all once it is back",
      ],
      [
        "server/protocols/replication.test.ts",
        "a put in a partition leaves the old version on the other side, and replaces it after the heal",
      ],
      [
        "server/protocols/replication.test.ts",
        "puts on both sides of a partition are both there after the heal, until a client merges them",
      ],
    ],
    seen: "by what is on the disks before and after the heal",
  }),
  proved("B5", "an ancestor's counters are all at most the descendant's (§4.4)", {
    in: ["server/core/version-vector.ts"],
    by: [
      ["server/core/version-vector.property.test.ts", "are partially ordered by covers"],
      ["server/core/version-vector.test.ts", "counts a missing entry as 0, not as equal"],
    ],
    seen: "the laws of a partial order",
  }),
  proved("B6", "D1 to D5 at Sx, Sy and Sz (Figure 3)", {
    in: ["server/core/plain-versions.ts", "server/core/dotted-versions.ts"],
    by: [
      ["server/core/plain-versions.test.ts", "tell the paper's figure 3"],
      ["server/core/dotted-versions.test.ts", "tell the paper's figure 3: dots x1, x2, y1, z1, x3"],
      [
        "server/protocols/write-coordination.test.ts",
        "D1 and D2 at Sx, D3 and D4 beside each other at Sy and Sz, D5 over both at Sx",
      ],
    ],
    seen: "the five clocks of the paper, and ours",
  }),
  proved("B7", "a clock of more than ten pairs loses the oldest, and with it ancestry (§4.4)", {
    in: ["server/models/clock-truncation.ts"],
    by: [
      [
        "server/models/clock-truncation.test.ts",
        "are as good as whole ones while ten coordinators are enough",
      ],
      [
        "server/models/clock-truncation.test.ts",
        "make false siblings and lose writes once there are twelve, where whole ones do neither",
      ],
      [
        "server/models/clock-truncation.test.ts",
        "drop whoever's wall clock is behind, although it wrote last",
      ],
    ],
    seen: "a model of 60 writes over twelve coordinators: of 1,770 pairs over 1,000 false siblings, 84 lost writes; whole clocks none. No bucket truncates",
  }),
  proved("B8", "99.94 % of reads see one version; more come from writers, not from failures (§6.3)", {
    in: ["server/paper/version-counts.ts", "server/core/dotted-versions.ts"],
    by: [
      [
        "server/paper/version-counts.test.ts",
        "one writer a key sees several versions after a cut, none when a node dies, and fewer than sixteen writers do",
      ],
    ],
    seen: "E6, `npm run bench -- paper --only E6`, 64 simulated customers: 1, 2, 4, 8, 16, 32, 64 writers a key and nothing broken: 100.00, 98.88, 96.30, 91.31, 82.01, 67.93, 48.06 % of 11,400 reads see one version (of 64 writers 35.00 % two, 12.55 % three, 4.39 % more). One writer a key: 100.00 % with a node dead for 10 s of each minute, 95.52 % with a cut for as long whose both sides each customer visits (3.23 % two, 0.89 % three, 0.36 % more). So writers decide and dead nodes do nothing, but a cut of a sixth of the time counts like five writers a key",
  }),
  proved("B9", "an add is never forgotten; deleted items can come back (§4.4)", {
    in: ["workloads/cart/tagged-cart.ts", "workloads/cart/union-cart.ts", "checkers/resurfacing.ts"],
    by: [
      ["workloads/cart/cart-codec.test.ts", "comes back to a union cart"],
      ["workloads/cart/cart-codec.test.ts", "stays away from a tagged cart"],
      [
        "workloads/cart/shopping-cart.test.ts",
        "raises an alarm when one acknowledged add is forgotten by all replicas",
      ],
      [
        "server/protocols/write-coordination.test.ts",
        "of a write that has been removed meanwhile does not bring it back",
      ],
    ],
    seen: "the paper's cart resurfaces items, the tagged one does not; no add is lost",
  }),
  proved("B10", "the store takes the last writer, or the application merges (§2.3, §6)", {
    in: ["server/core/stamped-versions.ts", "server/core/dotted-versions.ts"],
    by: [
      [
        "server/protocols/wall-clock-versions.test.ts",
        "lose most of what they add at once where the last writer wins, and nothing where they merge",
      ],
      [
        "server/protocols/wall-clock-versions.test.ts",
        "keeps the last of two concurrent writes, beside a bucket that keeps both",
      ],
      [
        "server/protocols/wall-clock-versions.test.ts",
        "within the bound wins, and the writes it beats are lost: that is what lww means",
      ],
    ],
    seen: "of 60 items added by three clients at once, fewer than 40 left by the last writer, all 60 by merging",
  }),
  proved("B11", "with time stamps any node coordinates a write, with clocks one of the list (§6.4)", {
    in: ["server/protocols/write-routing.ts", "server/protocols/stamps.ts"],
    by: [
      [
        "server/protocols/wall-clock-versions.test.ts",
        "has its writes coordinated by whatever node is asked, without a hop",
      ],
      [
        "server/protocols/wall-clock-versions.test.ts",
        "where counted versions are coordinated by one of the homes, whatever node is asked",
      ],
    ],
    seen: "a stranger's own stamp, and a home's dot",
  }),
  proved("B12", "business merge, time stamp merge, fast reads with R = 1 and W = N (§6)", {
    in: ["server/config.ts", "workloads/catalog.ts"],
    by: [
      [
        "server/protocols/usage-patterns.test.ts",
        "carts, merged by the application: both sides of a cut are taken, and both are there afterwards",
      ],
      [
        "server/protocols/usage-patterns.test.ts",
        "sessions, where the last writer wins: both sides are taken, one is left, the same everywhere",
      ],
      [
        "server/protocols/usage-patterns.test.ts",
        "a catalogue, R = 1 and W = N: no read is stale at any node, and one copy that is left is enough to read",
      ],
    ],
    seen: "three buckets of one cluster: nothing lost, one of two lost as labelled, 0 of 100 reads stale. Under load and faults: the workloads shopping-cart, session-store and product-catalogue (harness/README.md, “What the workloads found”)",
  }),
  byTheHarness("B13", "consistency is the developer's choice: N, R, W, and who reconciles (§6.6)", {
    in: ["server/config.ts", "workloads/catalog.ts"],
    by: [["server/config-file.test.ts", "what a file does not say is filled in with the defaults"]],
    missing:
      "each workload brings the settings of its bucket and its codec, and was run under faults with a verdict (harness/README.md, “What the workloads found”)",
  }),
];
