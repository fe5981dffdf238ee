/** Part F: anti-entropy, membership, transfer and background work (Dynamo §4.7 to §4.9, §6). */
import { byTheHarness, type MissionRow, proved } from "./mission-row.ts";

export const background: readonly MissionRow[] = [
  proved("F1", "a Merkle tree a range; equal roots end it, else down level by level (§4.7)", {
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
      [
        "server/protocols/scrub.test.ts",
        "finds a record that was put back to an older one, which no checksum shows, and it is mended",
      ],
      [
        "server/protocols/scrub.test.ts",
        "are there at once after a clean stop, without a look at the records",
      ],
      ["server/core/merkle-tree.property.test.ts", "differ in exactly the leaves of the keys that differ"],
    ],
    seen: "one message a peer when equal; bytes grow with the differences; silent damage is mended",
  }),
  proved("F2", "every second two nodes reconcile histories of membership, kept on disk (§4.8.1)", {
    in: ["server/protocols/gossip.ts", "server/protocols/cluster-record.ts", "server/core/cluster-table.ts"],
    by: [
      ["server/core/cluster-table.property.test.ts", "merge commutatively, associatively and idempotently"],
      [
        "server/protocols/gossip.test.ts",
        "survives a restart alone, and is decided by numbers while the operator's clock is an hour slow",
      ],
      [
        "server/protocols/gossip-rounds.test.ts",
        "a change is known to all of %i nodes within 2 log2 S + 3 rounds of gossip",
      ],
      [
        "server/protocols/gossip-rounds.test.ts",
        "a change is told to all who can be reached before it is answered",
      ],
    ],
    seen: "the nodes' own gossip at 5, 10 and 20 nodes, told to one only: within 2 log2 S + 3 rounds (E13); in a network that is whole, to all at once",
  }),
  proved("F3", "the node that serves the request keeps the change and its time (§4.8.1)", {
    in: ["server/core/membership.ts", "server/protocols/cluster-record.ts"],
    by: [
      [
        "server/core/membership.property.test.ts",
        "is decided by numbers and not by clocks: the next change of a living node counts",
      ],
      [
        "server/protocols/gossip.test.ts",
        "survives a restart alone, and is decided by numbers while the operator's clock is an hour slow",
      ],
    ],
    seen: "an operator's node an hour slow: its change counts, on disk before it is answered",
  }),
  proved("F4", "seeds keep two groups from never meeting (§4.8.2)", {
    in: ["server/protocols/gossip.ts", "server/core/occupancy.ts"],
    by: [
      [
        "server/protocols/gossip.test.ts",
        "are one as soon as their seed is reached, and each has the other's data",
      ],
      ["server/protocols/gossip.test.ts", "stay apart without one"],
    ],
    seen: "two groups of three: one ring and both halves of the data; without a seed two rings for ever",
  }),
  proved("F5", "X joins between A and B: ranges are offered, confirmed, transferred, dropped (§4.9)", {
    in: [
      "server/protocols/handing-over.ts",
      "server/protocols/taking-over.ts",
      "server/protocols/letting-go.ts",
    ],
    by: [
      [
        "server/protocols/transfer-steps.test.ts",
        "X between A and B takes (F, G], (G, A] and (A, X], and B, C and D drop one of them each",
      ],
      [
        "server/protocols/transfer-steps.test.ts",
        "each range goes to X once: offered and accepted, streamed by one node, sealed, held, and only then dropped",
      ],
      ["server/protocols/transfer.test.ts", "$victim $how at $phase"],
      ["server/protocols/transfer.test.ts", "of three nodes at once loses nothing"],
      ["server/protocols/transfer.test.ts", "that is cancelled leaves everything where it was"],
      ["server/protocols/transfer.test.ts", "a delete while its partition moves stays deleted"],
    ],
    seen: "the paper's ranges, one by one; seven nodes and X: six partitions, each streamed once and by one node; source or target killed in every phase: nothing lost",
  }),
  proved("F6", "a bootstrap at lowest priority took a day (§6.2)", {
    in: ["server/protocols/handing-over.ts", "server/protocols/background-admission.ts"],
    by: [
      [
        "server/protocols/join-time.test.ts",
        "a join takes its time where the foreground suffers, is held back, and still ends",
      ],
      ["server/protocols/background-admission.test.ts", "of several kinds shares the floor evenly"],
    ],
    seen: "300 keys to a fifth node: 1.5 s beside an idle foreground, 5.6 s beside one whose reads take 60 ms, and those reads no slower for it; the floor of the controller keeps it from a day",
  }),
  proved("F7", "a partition can be archived alone (§6.2)", {
    in: ["server/core/partition-file.ts", "server/protocols/archive.ts"],
    by: [
      [
        "server/protocols/archive.test.ts",
        "is taken while writes go on, and holds all that was acknowledged before it began",
      ],
      [
        "server/protocols/archive.test.ts",
        "restored into an empty node of a new incarnation gives back every value, and no dot twice",
      ],
      ["server/core/partition-file.test.ts", "a file of which one bit or the end is wrong is refused whole"],
    ],
    seen: "300 keys under writes; 20 of 20 values back in a node of another incarnation",
  }),
  byTheHarness("F8", "background work is admitted by what the foreground suffers (§6.5)", {
    in: [
      "server/protocols/background-admission.ts",
      "server/core/background-slices.ts",
      "server/paper/background-work.ts",
    ],
    by: [
      [
        "server/protocols/background-admission.test.ts",
        "comes down to one piece in a window while the %s is slow, and back when it is not",
      ],
      ["server/protocols/background-admission.test.ts", "of several kinds shares the floor evenly"],
      ["server/protocols/background-admission.test.ts", "is held back, and still ends"],
      [
        "server/paper/background-work.test.ts",
        "a repair on disks of one arm is felt by the reads beside it, and ends whether or not it is held back",
      ],
    ],
    missing:
      "the controller does what it says, and E7 shows no harm that it would have to prevent. `npm run bench -- paper --only E7`, simulated disks of one arm, 600 keys given again to a node of three: reads of 4 ms and arms busy 30 %: 1.45 times the idle mean and 1.40 times the idle p99.9, the controller silent; busy 70 %: 1.57 and 0.94 with it, 1.67 and 1.00 without; reads of 15 ms, busy 30 %: 1.29 and 1.45 with it, 1.29 and 1.62 without. A repair goes piece by piece and never fills a queue; and the floor of the controller, ten pieces of 16 keys a second, is more than such a disk can do, so that held back it ends as soon",
  }),
  byTheHarness("F9", "writes into a buffer, one of N durable (§6.1)", {
    in: [
      "server/protocols/object-buffer.ts",
      "server/core/durability-demand.ts",
      "server/paper/write-buffer.ts",
    ],
    by: [
      [
        "server/protocols/durability.test.ts",
        "loses to a power cut of all replicas what was not flushed, and nothing once it was",
      ],
      [
        "server/protocols/durability.test.ts",
        "keeps a write through a power cut of everybody, once the chosen one has answered",
      ],
      ["server/protocols/durability.test.ts", "does not wait for the slow disk of the chosen one"],
      ["server/protocols/durability.test.ts", "never calls a copy synced that a retry finds in memory"],
    ],
    missing:
      "power cuts of all nodes under load took nothing that was synced, and 9 of 120 writes where nothing was (harness/README.md, “Faults”). E3, `npm run bench -- paper --only E3`, three processes, buckets that take turns, measured twice on two cores with a load average of 10 to 20 beside them: at 150 requests a second writes to disk take 1.85 and 1.69 times the mean of buffered ones, and 1.69 and 1.60 times the mean of those with one durable copy; at 20 a second 1.87 and 1.46 times the mean of buffered ones. That the p99.9 falls to a fifth does not show: it is 1.00 and 0.63 times that of buffered writes, of 1,200 each, where crowded processors and not disks make the tail",
  }),
  byTheHarness("F10", "p99.9 an order of magnitude over the mean, writes slower than reads (Figure 4)", {
    in: ["server/paper/swinging-load.ts"],
    by: [
      [
        "server/paper/swinging-load.test.ts",
        "a tail that grows with the load of its part of the day correlates with it, and one that does not, does not",
      ],
    ],
    missing:
      "E4, `npm run bench -- paper --only E4`, three processes, four days of half a minute, 16 to 144 requests a second, on two cores with a load average of 15 beside them: the p99.9 is 18.0 times the mean of reads and 10.2 times that of writes; writes take 2.5 times as long as reads in the mean and 1.4 times at the p99.9; over the twelve parts of the day the p99.9 correlates with the load by 0.59 and 0.52 (4,854 requests of each kind, none failed): the shape of the figure",
  }),
  proved("F11", "propagation is bounded unless something fails (§4.4)", {
    in: ["server/protocols/write-round.ts", "server/protocols/hinted-handoff.ts", "checkers/recovery.ts"],
    by: [
      [
        "server/protocols/propagation.test.ts",
        "with nothing broken a write is on all its homes within the time of its slowest message and disk",
      ],
      [
        "server/protocols/propagation.test.ts",
        "%s has nothing new for as long as that lasts, and all of it within five seconds of its end",
      ],
    ],
    seen: "200 writes, the slowest on all homes within 50 ms, half of them within 10; after a minute of a kill or cut all there in under 5 s. Of every run the time to rest after the last heal is a metric (P21)",
  }),
];
