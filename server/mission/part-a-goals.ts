/** Part A: goals, environment and service levels (Dynamo §1, §2). */
import { byTheHarness, type MissionRow, proved } from "./mission-row.ts";

export const goals: readonly MissionRow[] = [
  proved("A1", "a cart takes reads and adds while disks fail, routes flap and data centres vanish (§1)", {
    in: ["server/protocols/write-routing.ts", "server/protocols/write-round.ts"],
    by: [
      [
        "server/protocols/always-writable.test.ts",
        "no second is without adds and reads on either side, and every add that was taken is in the cart",
      ],
      [
        "server/protocols/write-routing.test.ts",
        "to homes that are silent does not keep a sloppy write waiting: the node that was asked takes it",
      ],
      [
        "server/protocols/hinted-handoff.test.ts",
        "a fallback coordinates, two of them acknowledge, and every home gets its copy later",
      ],
    ],
    seen: "customers on both sides under kills, full disks, flapping links, a cut and a single survivor: no second of 12 without an add and a read, at most two requests of a customer failed, no add lost",
  }),
  proved("A2", "an answer that comes too late is as bad as none (lecture)", {
    in: ["checkers/service-level.ts"],
    by: [
      [
        "checkers/service-level.test.ts",
        "show the whole stall: of 6 s at 500 a second with a stall of one, 11.7 % are over 300 ms",
      ],
    ],
    seen: "late and dropped requests count as bad, beside the share that was answered at all",
  }),
  byTheHarness("A3", "nodes are added without disruption (lecture)", {
    in: ["server/protocols/transfer.ts", "server/http/admin.ts"],
    by: [
      [
        "server/http/admin.test.ts",
        "a fourth process joins three, gets its share, and leaves again, by calls of the admin port alone",
      ],
    ],
    missing:
      "E14, `tipcart run --faults join@n6,kill@n6,leave@n6 --rate 200`, 5 → 6 → 5 with the new node killed in between (seed 12): 0 of 5,075 acknowledged writes lost, 0 of 1,029 keys differ; none of 10,962 requests failed or took over 300 ms, p99 40 ms while it joined and 62 ms while it left; p99.9 inconclusive for want of requests in the steady phases, 2,432 and 2,035 where 2,995 prove it",
  }),
  proved("A4", "of n machines, some machine is down with 1 − (1 − p)^n (lecture)", {
    in: ["server/models/failure-odds.ts"],
    by: [
      [
        "server/models/failure-odds.test.ts",
        "are 15.6 % and 28.8 % that one of 50,000 or 100,000 machines is down, and not 16 and 30",
      ],
    ],
    seen: "15.6 % for 50,000, 28.8 % for 100,000",
  }),
  proved("A5", "the scale: millions of checkouts, sessions by the hundred thousand (§1, §2)", {
    in: ["workloads/cart/cart-scale.ts", "results/report/section/surroundings.ts"],
    by: [
      ["workloads/cart/cart-scale.test.ts", "tells what day the default load would make, beside the paper's"],
      [
        "workloads/cart/shopping-cart.test.ts",
        "costs about as many requests as the mix says, and as many of them reads",
      ],
      ["results/report/report.test.ts", "tell what the load stands for beside the command that repeats it"],
    ],
    seen: "the rate is kept, 43 million requests a day, the sessions are scaled down by 250 or more: the report of a cart run says so",
  }),
  proved("A6", "a stateless tier over a stateful one (lecture)", {
    in: ["server/front/front.ts", "server/front/front-store.ts", "server/front/front-main.ts"],
    by: [
      [
        "server/front/front.test.ts",
        "a client of a front reads and writes as at a node, whichever front it is",
      ],
      [
        "server/front/front.test.ts",
        "it goes round a node that is killed, and takes nothing with it when it is killed itself",
      ],
    ],
    seen: "three kinds of processes: `tipcart load --url` before `front.js` before nodes. `tipcart run` enters at the nodes themselves",
  }),
  byTheHarness(
    "A7",
    "99.9 % within 300 ms at 500 requests a second, at the tail and not at the mean (§2.2, §6.1)",
    {
      in: ["checkers/sla.ts", "checkers/latency/clopper-pearson.ts"],
      by: [["checkers/latency/clopper-pearson.test.ts", "a perfect service is proved by 2,995 requests"]],
      missing:
        "every run judges each phase and each fault by it (harness/README.md, “Service levels”); a verdict at 500/s that stands needs a quiet machine (E8)",
    },
  ),
  proved("A8", "percentiles up to 99.99, the maximum and the count (§2.2, §6.1)", {
    in: ["checkers/latency/histogram.ts", "checkers/service-level.ts"],
    by: [
      [
        "checkers/latency/histogram.test.ts",
        "a percentile is within a thousandth of the true one and never above the greatest value",
      ],
      ["checkers/service-level.test.ts", "tell a percentile only when three requests lie beyond it"],
    ],
    seen: "within a thousandth; a percentile with too few requests behind it is not told",
  }),
  proved("A9", "a friendly network, no authentication; every service its own instance (§2.1)", {
    in: ["server/config-security.ts", "server/rpc/handshake.ts", "server/adapters/peer-stream.ts"],
    by: [
      ["server/config-file.test.ts", "other machines without a secret"],
      ["server/config-file.test.ts", "a member on another machine"],
      ["server/adapters/tcp-network.test.ts", "another cluster, with a secret"],
      ["server/adapters/tcp-network.test.ts", "a secret that only the asker has"],
      ["server/rpc/handshake.test.ts", "a conversation that was overheard opens no connection"],
      [
        "server/protocols/identity.test.ts",
        "refuses a disk of another node, cluster or number of partitions, with a sentence",
      ],
    ],
    seen: "loopback alone, unless the file says otherwise and the nodes share a secret; two clusters stay two",
  }),
  proved("A10", "key and value are opaque bytes, usually below a megabyte (§2.1)", {
    in: ["server/http/target.ts", "server/http/body.ts", "server/adapters/level-storage.ts"],
    by: [
      ["server/http/target.test.ts", "whatever text a client encodes comes out again"],
      [
        "server/http/api.test.ts",
        "a put value comes back byte for byte, with its context, its write id and who answered",
      ],
      ["server/http/api.test.ts", "a value of exactly the limit is taken, announced or in pieces"],
      ["server/http/api.test.ts", "a value over the limit"],
      ["server/ports/network.contract.ts", "a value of a mebibyte arrives whole"],
      ["server/client/client.contract.ts", "the name %s is a bucket and a key like any other"],
    ],
    seen: "keys are UTF-8 of 1 to 1,024 bytes, values any bytes to 1 MiB; 413 above",
  }),
  proved("A11", "no operation spans several keys; nothing is isolated (§2.1)", {
    in: ["server/http/openapi.ts"],
    by: [
      [
        "server/protocols/keys-apart.test.ts",
        "two keys written at one moment are seen apart, now the one and now the other first, and both in the end",
      ],
      ["server/protocols/keys-apart.test.ts", "every call that changes data names one key"],
    ],
    seen: "of 40 pairs written at one moment each of the two was seen alone; no call takes two keys",
  }),
  proved("A12", "conflicts are resolved when reading, by the application or else the last writer (§2.3)", {
    in: ["server/core/versions-of.ts", "server/core/stamped-versions.ts", "server/outcomes.ts"],
    by: [
      [
        "server/protocols/usage-patterns.test.ts",
        "carts, merged by the application: both sides of a cut are taken, and both are there afterwards",
      ],
      [
        "server/protocols/usage-patterns.test.ts",
        "sessions, where the last writer wins: both sides are taken, one is left, the same everywhere",
      ],
      ["server/protocols/usage-patterns.test.ts", "no answer there is says that a write met another one"],
    ],
    seen: "40 of 40 writes taken on both sides of a cut in either bucket; no error of the interface is a conflict",
  }),
  proved("A13", "one node at a time, all alike, none in the middle, work by capacity (§2.3)", {
    in: ["server/core/claim.ts", "server/node.ts"],
    by: [
      ["server/core/claim.test.ts", "gives a node of twice the capacity twice the partitions"],
      [
        "server/protocols/symmetry.test.ts",
        "every other node reads and writes every key, and any of them lets a new one in",
      ],
    ],
    seen: "each of five nodes lost for good, the seeds too: all keys read and written by every other, the dead one removed and a new one let in by whichever is asked",
  }),
  proved("A14", "failing parts are routine (lecture)", {
    in: ["harness/test-plan.ts", "server/simulation/random-run.ts"],
    by: [
      ["harness/test-plan.test.ts", "breaks something in four ways unless it is told otherwise"],
      [
        "server/simulation/random-run.test.ts",
        "whatever breaks, after the heal no acknowledged write is lost and all replicas agree",
      ],
      [
        "server/real-disk.test.ts",
        "killed in the middle of writes has everything it acknowledged, three times over",
      ],
    ],
    seen: "`npm start`, the run of real processes without a flag, kills, pauses, partitions and skews a clock; `npm test` does so in simulated runs and kills real nodes",
  }),
  proved("A15", "99.9995 % answered in two years, and no data lost (§6.6)", {
    in: ["server/models/failure-odds.ts"],
    by: [
      [
        "server/models/failure-odds.test.ts",
        "need 599,145 requests without a failure for the paper's 99.9995 %",
      ],
    ],
    seen: "20,000 requests without a failure prove 99.985 %; 599,145 would prove the paper's",
  }),
  byTheHarness("A16", "five problems, five techniques (Table 1)", {
    in: ["harness/mutants/catalog.ts"],
    by: [["harness/mutants/mutants.test.ts", "have names of their own, in order"]],
    missing:
      "`tipcart mutants`: 51 of 53 mutants of the server caught by the named checkers (harness/README.md, “Are the bugs caught?”)",
  }),
];
