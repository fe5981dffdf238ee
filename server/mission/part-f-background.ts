/** Part F: anti-entropy, membership, transfer and background work (Dynamo §4.7 to §4.9, §6). */
import { byTheHarness, type MissionRow, open } from "./mission-row.ts";

export const background: readonly MissionRow[] = [
  open("F1", "a Merkle tree a range; equal roots end it, else down level by level (§4.7)", {
    in: ["server/core/merkle-tree.ts", "server/protocols/anti-entropy.ts", "server/protocols/forest.ts"],
    by: [
      [
        "server/protocols/anti-entropy.test.ts",
        "stops at the roots when they are equal: one message a peer, whatever the number of keys",
      ],
      [
        "server/protocols/anti-entropy.test.ts",
        "finds one differing key among many with a handful of messages",
      ],
      [
        "server/protocols/anti-entropy.test.ts",
        "costs bytes that grow with the differences and hardly with the keys, and a constant when nothing differs",
      ],
      ["server/protocols/anti-entropy.test.ts", "mends a damaged record and an emptied disk"],
      ["server/core/merkle-tree.property.test.ts", "differ in exactly the leaves of the keys that differ"],
    ],
    missing: "trees that survive a clean stop",
  }),
  open("F2", "every second two nodes reconcile histories of membership, kept on disk (§4.8.1)", {
    missing: "a change is everywhere in O(log S) rounds; a node alone still knows the ring",
  }),
  open("F3", "the node that serves the request keeps the change and its time (§4.8.1)", {
    missing: "an operator's clock an hour off changes nothing",
  }),
  open("F4", "seeds keep two groups from never meeting (§4.8.2)", {
    missing: "two groups become one; without seeds they stay two",
  }),
  open("F5", "X joins between A and B: ranges are offered, confirmed, transferred, dropped (§4.9)", {
    missing: "the paper's seven nodes; a crash in every phase",
  }),
  open("F6", "a bootstrap at lowest priority took a day (§6.2)", {
    missing: "time to join against load",
  }),
  open("F7", "a partition can be archived alone (§6.2)", {
    missing: "a snapshot under writes, restored into a new incarnation",
  }),
  byTheHarness("F8", "background work is admitted by what the foreground suffers (§6.5)", {
    missing: "a full repair under load, with and without the controller",
  }),
  byTheHarness("F9", "writes into a buffer, one of N durable (§6.1)", {
    missing: "p99.9 with and without; what a power cut loses",
  }),
  byTheHarness("F10", "p99.9 an order of magnitude over the mean, writes slower than reads (Figure 4)", {
    missing: "the shape under a load that swings",
  }),
  open("F11", "propagation is bounded unless something fails (§4.4)", {
    missing: "times to visible and to converged",
  }),
];
