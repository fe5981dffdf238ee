/** The rows of the table of faults that are about links: cut, slow, lossy, or with broken connections. */
import type { LinkTrouble } from "../cluster/link-shape.ts";
import {
  anyone,
  cutWays,
  type FaultRow,
  inContract,
  kernelWay,
  kernelWays,
  ofLinks,
  untied,
  type Way,
} from "./fault-ways.ts";
import type { PartitionShape } from "./partition.ts";

const partition: FaultRow = {
  act: "bytes between some nodes are dropped; passed on again",
  proof: "a probe over every directed link; counters of the rules",
  ways: cutWays(ofLinks("are cut in the shape")),
};

const linkRow = (act: string, ways: readonly Way[]): FaultRow => ({
  act: `${act}; as before again`,
  proof: "the quickest of three probes over each link",
  ways,
});

const noRoute: Way = {
  backend: "kernel (policy routing)",
  user: "no",
  root: "no",
  exercise: { missing: "a route loses all or nothing; proxies stand in where there is no nft" },
};

const brokenLink = (act: string, proof: string, title: string): FaultRow => ({
  act,
  proof,
  ways: [kernelWay("kernel (nft)", ofLinks(title)), noRoute, anyone("proxy", ofLinks(title))],
});

const withQueues: Way = {
  backend: "kernel (tc netem)",
  user: "no",
  root: "no",
  exercise: { missing: "it is not built; the kernel it was tried on has no netem" },
};

const slowWays: readonly Way[] = [
  anyone("proxy", untied("is not effective, and one that acts is")),
  withQueues,
];

export const linkRows: Readonly<Record<`partition:${PartitionShape}` | `link:${LinkTrouble}`, FaultRow>> = {
  "partition:isolate-one": partition,
  "partition:halves": partition,
  "partition:split": partition,
  "partition:minority-third": partition,
  "partition:bridge": partition,
  "partition:majorities-ring": partition,
  "partition:one-way": partition,
  "partition:flapping": {
    ...partition,
    act: "one node is cut off and let in again, twice a second",
    ways: [
      ...kernelWays(ofLinks("are cut in the shape")),
      anyone("proxy", untied("is not effective, and one that acts is")),
    ],
  },
  "partition:custom": { ...partition, ways: cutWays(ofLinks("are cut by a grudge of any pairs")) },
  "link:delay": linkRow("every byte from and to a node comes late", [
    anyone("proxy", inContract("makes the links of one node late")),
    withQueues,
  ]),
  "link:jitter": linkRow("bytes come late, between half of a time and all of it", slowWays),
  "link:rate": linkRow("each connection carries a few bytes a second", slowWays),
  "link:loss": {
    act: "of a hundred packets 10, 30 or 50 are lost, or as many as are said; all arrive again",
    proof:
      "datagrams over each link of which some do not arrive; by a proxy, which sees no packets: each link stalls",
    ways: [
      kernelWay("kernel (nft)", ofLinks("loses some of what it carries")),
      noRoute,
      anyone("proxy, by stalls as TCP would show them", ofLinks("loses some of what it carries")),
    ],
  },
  "link:reset": brokenLink(
    "whatever connection is used is reset, and no new one stands; they stand again",
    "ECONNRESET at both ends of connections from before, ECONNREFUSED or ECONNRESET of new ones",
    "resets what stands and what is new",
  ),
  "link:half-open": brokenLink(
    "connections of that moment carry nothing any more, and nobody is told; they go on, if anybody has waited",
    "connections from before are silent while new ones carry bytes",
    "forgets what stands, and carries what is new",
  ),
  "link:half-close": {
    act: "in connections of that moment what one side sends ends; nothing is undone but what is new is whole",
    proof: "connections from before end that way and go on the other way; new ones carry bytes both ways",
    ways: [
      {
        backend: "kernel",
        user: "no",
        root: "no",
        exercise: { missing: "a rule can drop and reset, and not end; proxies do it" },
      },
      anyone("proxy", ofLinks("ends one direction of what stands")),
    ],
  },
};
