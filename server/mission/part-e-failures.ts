/** Part E: sloppy quorums, hints and the detection of failures (Dynamo §4.6, §4.8). */
import { type MissionRow, proved } from "./mission-row.ts";

export const failures: readonly MissionRow[] = [
  proved("E-1", "the first N healthy nodes: nobody waits for the dead (§4.6)", {
    in: ["server/core/preference-list.ts", "server/protocols/write-round.ts"],
    by: [
      [
        "server/protocols/hinted-handoff.test.ts",
        "a fallback coordinates, two of them acknowledge, and every home gets its copy later",
      ],
      [
        "server/protocols/write-coordination.test.ts",
        "refuses a write when fewer than w homes are up, and takes it when there are enough",
      ],
    ],
    seen: "sloppy writes succeed with a stand-in in the list; strict ones are refused",
  }),
  proved("E-2", "green, red and gold; red is down; blue keeps a hint and returns it (lecture)", {
    in: ["server/protocols/hint-store.ts", "server/protocols/hinted-handoff.ts"],
    by: [
      [
        "server/protocols/hinted-handoff.test.ts",
        "the write goes to green, gold and blue, and blue keeps red's copy as a hint apart from its own store",
      ],
      [
        "server/protocols/hinted-handoff.test.ts",
        "when red is back, blue delivers, then forgets, and red has the object",
      ],
    ],
    seen: "exactly these four",
  }),
  proved("E-3", "hints in a store of their own, scanned; the number of copies never falls (§4.6)", {
    in: ["server/protocols/hint-store.ts", "server/protocols/hinted-handoff.ts"],
    by: [
      [
        "server/protocols/hinted-handoff.test.ts",
        "blue delivers also when it was killed and restarted meanwhile, or lost its power",
      ],
      [
        "server/protocols/hinted-handoff.test.ts",
        "a delivery that fails in between is repeated until it has succeeded",
      ],
      [
        "server/protocols/copies.test.ts",
        "every acknowledged version is on w nodes at all times, while nodes come and go and hints move",
      ],
    ],
    seen: "720 looks at the disks of those who are up, never fewer than W copies, hints included",
  }),
  proved("E-4", "a hint may be lost with its holder; then the trees mend (§4.7)", {
    in: ["server/protocols/anti-entropy.ts", "server/protocols/dirty-trees.ts"],
    by: [
      [
        "server/protocols/copies.test.ts",
        "the holder of a hint is destroyed before it delivers: the trees bring back three copies",
      ],
      [
        "server/protocols/copies.test.ts",
        "a home for which no hint could be kept is compared with as soon as it is back, long before its turn",
      ],
    ],
    seen: "three copies again",
  }),
  proved("E-5", "whether a peer is down is each node's own belief (§4.8.3)", {
    in: ["server/core/failure-detector.ts", "server/protocols/peers.ts"],
    by: [
      [
        "server/protocols/peers.test.ts",
        "a one-way cut is seen only by those who get no answer, and is over soon after the heal",
      ],
      [
        "server/protocols/peers.test.ts",
        "writes go round a peer that one node cannot reach, and the others use it as before",
      ],
      ["server/protocols/peers.test.ts", "a node that was stopped blames itself, not everybody else"],
    ],
    seen: "one-way and partial cuts; recovered within a ping of the heal",
  }),
  proved("E-6", "a failure never moves data; only an operator's join or remove does (§4.8.1)", {
    in: ["server/protocols/peers.ts", "server/protocols/administration.ts", "server/protocols/standing.ts"],
    by: [
      ["server/protocols/peers.test.ts", "never changes the ring"],
      ["server/protocols/gossip.test.ts", "a member that is dead for minutes stays one"],
      [
        "server/protocols/gossip.test.ts",
        "a node that nobody let in owns nothing, and serves by asking members",
      ],
    ],
    seen: "three minutes dead: the same ring; a stray node: 20 writes served, none of them kept there",
  }),
  proved("E-7", "the failure of a data centre is survived (§4.6)", {
    in: ["server/core/spread.ts", "server/protocols/write-routing.ts"],
    by: [
      [
        "server/protocols/data-centres.test.ts",
        "every key has a copy outside, and is read and written there by a strict quorum of its homes",
      ],
      [
        "server/protocols/data-centres.test.ts",
        "a data centre that is lost with all its disks takes no write with it that two homes had acknowledged",
      ],
    ],
    seen: "one of three cut off, or lost with its disks: every acknowledged write is read outside",
  }),
];
