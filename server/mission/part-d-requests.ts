/** Part D: reads, writes and quorums (Dynamo §4.5, §5, §6). */
import { byTheHarness, type MissionRow, proved } from "./mission-row.ts";

export const requests: readonly MissionRow[] = [
  proved(
    "D1",
    "through a load balancer or a library that knows the partitions; no routing over many hops (§4.5)",
    {
      in: [
        "server/protocols/write-routing.ts",
        "server/client/server-driven.ts",
        "server/client/client-driven.ts",
      ],
      by: [
        [
          "server/client/client-driven.test.ts",
          "a client that drives itself is one hop from every home: no node forwards, each write is coordinated by a home",
        ],
        [
          "server/client/client-driven.test.ts",
          "a client driven by the servers costs one hop where its node is no home, and never two",
        ],
        [
          "server/protocols/write-routing.test.ts",
          "is over one hop at most, though a forwarded write may come to a node that is no home",
        ],
      ],
      seen: "no hop between nodes with the library, at most one without",
    },
  ),
  proved("D2", "writes are coordinated by the list, reads by anybody (§4.5, §6.4)", {
    in: ["server/protocols/write-routing.ts", "server/protocols/read-coordination.ts"],
    by: [
      ["server/protocols/read-coordination.test.ts", "is coordinated by whatever node is asked"],
      [
        "server/protocols/write-routing.test.ts",
        "is the first healthy home if a stranger was asked: one hop",
      ],
    ],
    seen: "every node asked in turn",
  }),
  proved("D3", "the first N healthy nodes take part; lower ones stand in (§4.5)", {
    in: [
      "server/core/preference-list.ts",
      "server/protocols/write-round.ts",
      "server/protocols/read-round.ts",
    ],
    by: [
      [
        "server/core/preference-list.property.test.ts",
        "yields distinct healthy targets, as many as there can be, and never two for one home",
      ],
      [
        "server/protocols/hinted-handoff.test.ts",
        "goes to the next fallback while the client waits, when a replica is slow",
      ],
      ["server/protocols/read-coordination.test.ts", "barely notices one slow replica"],
    ],
    seen: "a stand-in with a hint; one slow replica does not show",
  }),
  proved("D4", "a put is written here, sent to the N, done with W, and sent on (§4.5)", {
    in: ["server/protocols/write-coordination.ts", "server/protocols/write-round.ts"],
    by: [
      [
        "server/protocols/write-coordination.test.ts",
        "is appended at its coordinator, sent to the other homes, and answered when w have it",
      ],
      [
        "server/protocols/write-coordination.test.ts",
        "goes on to the third replica after the client has been answered",
      ],
    ],
    seen: "two acknowledgements at the answer, three copies later",
  }),
  proved("D5", "a get waits for R, gives all unrelated versions, or fails (§4.5, §5)", {
    in: ["server/core/quorum.ts", "server/protocols/read-round.ts"],
    by: [
      [
        "server/core/quorum.property.test.ts",
        "calls itself impossible exactly when not even all answers that are pending would meet it",
      ],
      [
        "server/protocols/read-coordination.test.ts",
        "fails with what it needed and had when too few answer in time",
      ],
      [
        "server/http/api.test.ts",
        "blind writes are siblings: 300, all of them in base64, and one context that covers them",
      ],
    ],
    seen: "every state of the tally, and a context of exactly what was given",
  }),
  proved("D6", "after its answer a read mends who was behind (§5)", {
    in: ["server/core/read-repair.ts", "server/protocols/read-round.ts"],
    by: [
      [
        "server/protocols/read-coordination.test.ts",
        "mends a home that is behind, with nothing else at work",
      ],
      ["server/protocols/read-coordination.test.ts", "repairs with all siblings, never with one chosen"],
      ["server/core/read-repair.test.ts", "does not repair a fallback"],
      [
        "server/protocols/monotonic-reads.test.ts",
        "never go back where a read mends before it answers, even if who had it dies at that moment",
      ],
    ],
    seen: "mended by one read, anti-entropy off; before the answer where reads must not go back",
  }),
  proved("D7", "R + W > N is like a quorum; the latency is that of the slowest of R or W (§4.5)", {
    in: ["server/models/partial-quorum-staleness.ts"],
    by: [
      [
        "server/models/partial-quorum-staleness.test.ts",
        "is nothing where quorums overlap, however slow a replica",
      ],
      ["server/models/partial-quorum-staleness.test.ts", "is as published: %s"],
    ],
    seen: "order statistics of replicas' delays: none stale with overlap, the published shares without",
  }),
  proved("D8", "N for durability; R and W shift cost and risk (lecture)", {
    in: ["server/paper/quorum-costs.ts", "server/paper/durability-window.ts", "server/core/quorum.ts"],
    by: [
      [
        "server/core/quorum.property.test.ts",
        "is met exactly when distinct nodes that count reach every need",
      ],
      [
        "server/paper/quorum-costs.test.ts",
        "a smaller W makes writes faster and a larger R reads slower, in the mean and at the tail",
      ],
      [
        "server/paper/durability-window.test.ts",
        "two destroyed machines take a write of W = 2 with them, and none of W = 3",
      ],
    ],
    seen: "`npm run bench -- paper --only D8`, one simulated cluster, over (3, 2, 2): (3, 3, 1) reads 1.55 times the mean and 5.40 times the p99.9, writes 0.65 and 0.73; (3, 1, 3) reads 0.32 and 0.79, writes 1.33 and 1.14. What destroyed disks take: D10",
  }),
  proved("D9", "a read overlaps every completed write, but not once nodes fail (lecture)", {
    in: ["server/core/quorum.ts", "server/protocols/read-coordination.ts"],
    by: [
      [
        "server/protocols/staleness.test.ts",
        "of 10,000 reads after an acknowledged write none is stale, strict, with R + W > N and nothing broken",
      ],
      [
        "server/protocols/staleness.test.ts",
        "with R + W = N there are stale ones, so the count above can fail",
      ],
      [
        "server/protocols/staleness.test.ts",
        "once a sloppy cluster is cut, quorums on both sides miss each other, though R + W > N",
      ],
    ],
    seen: "0 of 10,000 strict and healthy; 50 of 50 sloppy and cut",
  }),
  proved("D10", "W = 1 is never refused, and risks what one node alone has (§4.6, §6)", {
    in: ["server/paper/durability-window.ts", "server/protocols/write-coordination.ts"],
    by: [
      [
        "server/paper/durability-window.test.ts",
        "is lost with W = 1 when that happens at once, and less often the later it happens",
      ],
      ["server/paper/durability-window.test.ts", "is never lost with W = 2 or W = 3"],
      [
        "server/paper/durability-window.test.ts",
        "with W = 1 one node of five that is up takes every write, with W = 2 none and two of them every one",
      ],
    ],
    seen: "E11, `npm run bench -- paper --only E11`, 300 simulated worlds each: the machine that acknowledged destroyed after 0, 1, 10, 100 ms, with all it had sent and nobody had received: W = 1 loses 73.7, 42.3, 0 and 0 % of the writes, W = 2 and 3 none; two machines: W = 1 81.3, 65.3, 6.0, 0 %, W = 2 18.0, 13.0, 8.0, 0 %, W = 3 none. If what was sent still arrives, W = 1 loses none either. One node of five up: W = 1 takes all writes, W = 2 and 3 none",
  }),
  proved("D11", "(3, 2, 2) is the usual setting (§6)", {
    in: ["server/config.ts"],
    by: [["server/config-file.test.ts", "what a file does not say is filled in with the defaults"]],
    seen: "the default bucket",
  }),
  proved("D12", "the next write goes to who answered the read first (§5)", {
    in: ["server/core/context.ts", "server/protocols/write-routing.ts", "server/paper/coordinator-choice.ts"],
    by: [
      [
        "server/protocols/write-routing.test.ts",
        "is the home that answered the client's read first, as its context says",
      ],
      ["server/protocols/write-routing.test.ts", "is another one when the node in the context is down"],
      ["server/client/client-driven.test.ts", "a write goes to the home that answered the read first"],
      [
        "server/paper/coordinator-choice.test.ts",
        "who writes to the node that answered the read spreads the coordinators, where all nodes are equally far",
      ],
      [
        "server/paper/coordinator-choice.test.ts",
        "it reads its own writes more often and writes faster, where they are not",
      ],
    ],
    seen: "`npm run bench -- paper --only D12`, simulated, keys by Zipf's law, R = W = 1, against the first of the list. Nodes equally far: the busiest coordinator falls from 1.58 to 1.30 of the mean, own writes read as often (75.3 and 75.2 %). Nodes up to eight times as far: own writes read 80.0 → 85.3 %, writes 0.70 of the mean and 0.46 of the p99.9, but the near nodes get the work: the busiest rises from 1.58 to 3.15 of the mean",
  }),
  byTheHarness("D13", "coordination in the client halves the latency (Table 2)", {
    in: [
      "server/client/client-driven.ts",
      "server/client/server-driven.ts",
      "server/paper/client-coordination.ts",
    ],
    by: [
      [
        "server/client/client-driven.test.ts",
        "a client that drives itself coordinates its reads, and mends a home that is behind",
      ],
    ],
    missing:
      "E5, `npm run bench -- paper --only E5`, five processes in memory, ways that take turns, measured twice on two cores with a load average of 15 beside them: through a front over the library 4.03 and 5.31 times the mean of reads (paper: 2.5), 2.66 and 3.07 of writes (2.1); p99.9 2.54 and 2.50 times for reads (2.27), 2.02 and 1.04 for writes (2.25), of 1,000 requests of each kind and way, so that one slow request decides; by a node without a front 1.84 and 1.71 times the mean of reads, 1.57 and 1.26 of writes. The mean falls by more than a half, most of it the front's; so does the p99.9, but for writes in one of the two",
  }),
  proved("D14", "the library pulls the members every 10 s, and at once on evidence (§6.4)", {
    in: ["server/client/ring-watch.ts", "server/client/evidence-network.ts"],
    by: [
      ["server/client/client-driven.test.ts", "the ring is pulled every ten seconds"],
      ["server/client/client-driven.test.ts", "the ring is pulled at once when a node cannot be reached"],
      [
        "server/client/client-driven.test.ts",
        "a client with an old ring is told so by a node that owns nothing of it, learns, and gets its answer",
      ],
    ],
    seen: "a client of an old ring is answered, and learns the new one before its next pull",
  }),
  proved("D15", "the state machine may live in the client (lecture)", {
    in: ["server/client/client-driven.ts", "server/client/client.contract.ts"],
    by: [
      ["server/client/client.contract.ts", "what was put is got, byte for byte"],
      ["server/client/client.contract.ts", "one write id is one write, however often it is sent"],
      ["server/client/client.contract.ts", "a session's writes replace what it has seen, and nothing else"],
    ],
    seen: "one suite for both drivers, simulated and over sockets; the coordinator is the servers' module",
  }),
  proved("D16", "a staged pipeline, one state machine a request (§5)", {
    in: [
      "server/adapters/measured-ports.ts",
      "server/adapters/loop-lag.ts",
      "server/adapters/metrics.ts",
      "server/core/queue-length.ts",
      "server/protocols/key-locks.ts",
    ],
    by: [
      [
        "server/adapters/measured-ports.test.ts",
        "asking a peer and answering one are stages of their own, each as long as it took",
      ],
      [
        "server/adapters/measured-ports.test.ts",
        "what is under way is counted at each stage, and the most of it is told until somebody looks",
      ],
      [
        "server/protocols/key-locks.test.ts",
        "who waits for a key is counted, who has it or another one is not",
      ],
      [
        "server/main.test.ts",
        "each stage tells its queue, as it is and as it was at most since somebody looked",
      ],
    ],
    seen: "latencies of disk, peers and answers as histograms; the queues before locks, commits, peers and answers as gauges with their maxima",
  }),
  proved("D17", "engines can be exchanged (§5)", {
    in: [
      "server/adapters/framed-storage.ts",
      "server/adapters/level-storage.ts",
      "server/adapters/lmdb-storage.ts",
      "server/adapters/memory-storage.ts",
      "server/protocols/object-buffer.ts",
    ],
    by: [
      ["server/ports/storage.contract.ts", "synced records are there after a reopen"],
      [
        "server/real-disk.test.ts",
        "killed in the middle of writes has everything it acknowledged, three times over",
      ],
      [
        "server/real-disk.test.ts",
        "with no room left acknowledges nothing more, goes on reading, and writes again once there is room",
      ],
      [
        "server/adapters/durable-storage.test.ts",
        "whose files make no sense is set aside whole, and an empty one takes its place",
      ],
      [
        "server/real-damage.test.ts",
        "never answers for what it lost, is repaired by its peers, and then counts again",
      ],
    ],
    seen: "one contract for a map, LevelDB, LMDB, the simulated disk and the object buffer over each; nothing lost to kill -9",
  }),
];
