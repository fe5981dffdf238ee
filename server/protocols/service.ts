/**
 * The protocols of one serving node, introduced to each other. None of them knows more of the others than what it
 * is handed here.
 */
import type { NodeConfig } from "../config.ts";
import { HedgeBudget } from "../core/hedge-budget.ts";
import type { Clock } from "../ports/clock.ts";
import type { Network } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { Trace } from "../ports/trace.ts";
import { Administration } from "./administration.ts";
import { Admission } from "./admission.ts";
import { AntiEntropy } from "./anti-entropy.ts";
import { Archive } from "./archive.ts";
import { BackgroundAdmission } from "./background-admission.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import { DirtyTrees } from "./dirty-trees.ts";
import type { Disk } from "./disk.ts";
import { DiskRecovery } from "./disk-recovery.ts";
import { Drain, type DrainParts } from "./drain.ts";
import { Forecasts, type ForecastsParts } from "./forecast.ts";
import { Forest } from "./forest.ts";
import { Gossip } from "./gossip.ts";
import { HandingOver } from "./handing-over.ts";
import { HintStore } from "./hint-store.ts";
import { HintedHandoff } from "./hinted-handoff.ts";
import type { Identity } from "./identity.ts";
import { Inspection } from "./inspection.ts";
import { LettingGo } from "./letting-go.ts";
import { LocalView } from "./local-view.ts";
import { Minter } from "./minting.ts";
import { OpenWork } from "./open-work.ts";
import { OwnHoldings } from "./own-holdings.ts";
import { PeerService } from "./peer-service.ts";
import { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { Quarantine } from "./quarantine.ts";
import { Quiescence } from "./quiescence.ts";
import { ReadCoordination } from "./read-coordination.ts";
import { Reaping } from "./reaping.ts";
import { Records } from "./records.ts";
import { Repair, type RepairParts } from "./repair.ts";
import { Replica } from "./replica.ts";
import { Scrub } from "./scrub.ts";
import { StallWatch } from "./stall-watch.ts";
import { Stamps } from "./stamps.ts";
import { StandingInCluster } from "./standing.ts";
import { keyNameOf } from "./storage-key.ts";
import { TakingOver, type TakingOverParts } from "./taking-over.ts";
import { Tombstones } from "./tombstones.ts";
import { Transfer } from "./transfer.ts";
import { TreeContents } from "./tree-contents.ts";
import { TreeSizes, type TreeSizesParts } from "./tree-sizes.ts";
import { WriteCoordination } from "./write-coordination.ts";
import { WriteRouting } from "./write-routing.ts";

/** For a quarter of the rounds a node coordinates: one peer of three that hangs stays within it. */
const hedgesOfNode = { share: 0.25, reserve: 50 } as const;

export type Service = ReturnType<typeof serviceOf>;

type World = {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly trace: Trace;
};

/** Everything a node does once it knows who it is. Nothing has begun yet. */
export function serviceOf(
  config: NodeConfig,
  world: World,
  disk: Disk,
  placements: Placements,
  identity: Identity,
  record: ClusterRecord,
) {
  const { intervals, limits, nodeId: self } = config;
  const openWork = new OpenWork();
  const peers = new Peers({ ...world, intervals, self });
  const stallWatch = new StallWatch(world);
  const background = new BackgroundAdmission({ ...world, disk, limits, stallWatch });
  const membership = membershipOf(config, world, { identity, peers, placements, record });
  const kept = keepersOf(config, { ...world, disk, placements, identity, record, stallWatch });
  const hedges = new HedgeBudget(hedgesOfNode);
  const common = {
    ...world,
    ...kept,
    ...membership,
    background,
    disk,
    hedges,
    identity,
    intervals,
    openWork,
    peers,
    placements,
    stallWatch,
  };
  const handoff = new HintedHandoff(common);
  const antiEntropy = new AntiEntropy(common);
  const reaping = new Reaping(common);
  const minter = new Minter({ ...world, ...limits, identity, stamps: kept.stamps });
  const coordination = new WriteCoordination({ ...common, minter });
  const transfers = transfersOf(config, { ...common, antiEntropy });
  const admission = new Admission(placements, limits, world.random, intervals.requestMs, () =>
    stallWatch.lateMs(),
  );
  const { requestsInFlightMax } = limits;
  const operators = operatorsOf(config, { ...common, antiEntropy, handoff, requests: new OpenWork() });
  const working = { ...transfers, ...operators, admission, antiEntropy, coordination, handoff, reaping };
  return {
    ...kept,
    ...membership,
    ...working,
    background,
    openWork,
    peers,
    stallWatch,
    diskRecovery: new DiskRecovery(common),
    inspection: new Inspection(common),
    peerService: new PeerService({ ...common, ...working, requestsInFlightMax }),
    quiescence: new Quiescence({ ...common, ...working }),
    archive: new Archive({ ...common, clusterId: config.clusterId }),
    scrub: new Scrub(common),
    reading: new ReadCoordination(common),
    routing: new WriteRouting({ ...common, coordination }),
  };
}

/** Everything that recurs for as long as the node lives, in the order in which it begins. */
export function activitiesOf(service: Service) {
  const { antiEntropy, diskRecovery, gossip, handoff, peers, reaping, scrub, stallWatch, transfer } = service;
  return [stallWatch, gossip, peers, handoff, antiEntropy, transfer, reaping, diskRecovery, scrub] as const;
}

/** Who is who, and what this node is to the others. */
function membershipOf(
  { intervals, introduction, members, nodeId, seeds = [] }: NodeConfig,
  world: World,
  parts: {
    readonly identity: Identity;
    readonly peers: Peers;
    readonly placements: Placements;
    readonly record: ClusterRecord;
  },
) {
  const { peers, placements, record } = parts;
  const own = members.find((member) => member.nodeId === nodeId);
  const { host = "", rpcPort = 0, httpPort = 0, capacity = 1, dc = "", rack = "" } = own ?? {};
  const known = introduction ?? { address: { host, rpcPort, httpPort }, capacity, dc, rack };
  const standing = new StandingInCluster({ ...world, ...parts, introduction: known });
  const gossip = new Gossip({ ...world, ...parts, intervals, introduction: known, seeds, standing });
  const follow = () => peers.follow(placements.members.keys());
  follow();
  record.onChange(follow);
  // Who learns in this way that it was removed does not repeat what it asked as a member.
  peers.reconcileBy(async (peer) => (await gossip.exchangeWith(peer)) && !standing.isOver);
  const administration = new Administration({ ...world, gossip, placements, record, standing });
  return { administration, gossip, record, standing };
}

/** What moves partitions when the ring has changed. */
function transfersOf(
  { limits }: NodeConfig,
  parts: Omit<TakingOverParts, "ownHoldings"> & {
    readonly antiEntropy: AntiEntropy;
    readonly background: BackgroundAdmission;
    readonly hints: HintStore;
    readonly identity: Identity;
    readonly peers: Peers;
    readonly records: Records;
    readonly tombstones: Tombstones;
  },
) {
  const common = {
    ...parts,
    limits,
    ownHoldings: new OwnHoldings(parts),
    treeContents: new TreeContents(parts),
  };
  const takingOver = new TakingOver(common);
  const handingOver = new HandingOver(common);
  const lettingGo = new LettingGo({ ...common, handingOver, takingOver });
  const transfer = new Transfer({ ...common, handingOver, lettingGo, takingOver });
  return { takingOver, transfer };
}

/** What is there for operators. `requests` is what clients wait for. */
function operatorsOf(
  config: NodeConfig,
  parts: DrainParts & RepairParts & Omit<ForecastsParts, "config" | "treeSizes"> & TreeSizesParts,
) {
  const treeSizes = new TreeSizes(parts);
  return {
    requests: parts.requests,
    treeSizes,
    drain: new Drain(parts),
    forecasts: new Forecasts({ ...parts, config, treeSizes }),
    repair: new Repair(parts),
  };
}

type KeeperParts = {
  readonly disk: Disk;
  readonly placements: Placements;
  readonly identity: Identity;
  readonly record: ClusterRecord;
  readonly stallWatch: StallWatch;
};

/** What holds this node's data and hints. */
function keepersOf({ limits, intervals }: NodeConfig, parts: Pick<World, "clock" | "trace"> & KeeperParts) {
  const { clock, trace, disk, placements, identity, record, stallWatch } = parts;
  const { stampLeadMs, reapGraceMs } = intervals;
  const forest = new Forest();
  const tombstones = new Tombstones(clock, stallWatch, reapGraceMs);
  const dirtyTrees = new DirtyTrees(placements.self, trace);
  record.onChange(() => dirtyTrees.follow(placements.members));
  const stamps = new Stamps({ clock, disk, trace, stampLeadMs });
  const quarantine = new Quarantine(disk);
  const records = new Records(disk, limits.cacheBytesMax, (damage) => {
    const { space, recordKey, storageKey, reason, bytes } = damage;
    const name = keyNameOf(storageKey);
    quarantine.keep(space, recordKey, bytes);
    // Out of the tree, so that the next comparison with another home brings the record back.
    if (space === "values") {
      forest.forget(placements.of(name), name);
      tombstones.forget(storageKey);
    }
    trace.emit({ type: "record-quarantined", ...name, reason });
  });
  const replica = new Replica({ disk, records, forest, placements, identity, stamps, tombstones, trace });
  const { hintBytesMax } = limits;
  const hints = new HintStore({ disk, records, placements, stamps, dirtyTrees, trace, hintBytesMax });
  return {
    dirtyTrees,
    forest,
    quarantine,
    records,
    replica,
    hints,
    stamps,
    tombstones,
    localView: new LocalView(placements, replica, hints),
  };
}
