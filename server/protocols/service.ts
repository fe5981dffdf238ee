/**
 * The protocols of one serving node, introduced to each other. None of them knows more of the others than what it
 * is handed here.
 */
import type { NodeConfig } from "../config.ts";
import type { Clock } from "../ports/clock.ts";
import type { Network } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { Trace } from "../ports/trace.ts";
import { Admission } from "./admission.ts";
import { AntiEntropy } from "./anti-entropy.ts";
import type { Disk } from "./disk.ts";
import { Forest } from "./forest.ts";
import { HintStore } from "./hint-store.ts";
import { HintedHandoff } from "./hinted-handoff.ts";
import type { Identity } from "./identity.ts";
import { Inspection } from "./inspection.ts";
import { LocalView } from "./local-view.ts";
import { Minter } from "./minting.ts";
import { OpenWork } from "./open-work.ts";
import { PeerService } from "./peer-service.ts";
import { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { Quiescence } from "./quiescence.ts";
import { ReadCoordination } from "./read-coordination.ts";
import { Records } from "./records.ts";
import { Replica } from "./replica.ts";
import { WriteCoordination } from "./write-coordination.ts";
import { WriteRouting } from "./write-routing.ts";

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
) {
  const { clock, network, random, trace } = world;
  const { intervals, limits, nodeId: self } = config;
  const openWork = new OpenWork();
  const forest = new Forest();
  const records = new Records(disk, trace, limits.cacheBytesMax);
  const replica = new Replica({ disk, records, forest, placements, identity, trace });
  const hints = new HintStore({ disk, records, placements, trace, hintBytesMax: limits.hintBytesMax });
  const localView = new LocalView(placements, replica, hints);
  const { members, hash: ringHash } = placements.ring;
  const peers = new Peers({ clock, network, random, trace, intervals, self, members, ringHash });
  const handoff = new HintedHandoff({ clock, intervals, hints, identity, peers, placements, replica, trace });
  const antiEntropy = new AntiEntropy({
    clock,
    forest,
    intervals,
    peers,
    placements,
    random,
    replica,
    trace,
  });
  const minter = new Minter({ clock, identity, trace, siblingCountMax: limits.siblingCountMax });
  const coordination = new WriteCoordination({
    clock,
    disk,
    hints,
    identity,
    intervals,
    minter,
    openWork,
    peers,
    placements,
    records,
    replica,
    trace,
  });
  const admission = new Admission(placements, limits, random, intervals.requestMs);
  const { requestsInFlightMax } = limits;
  return {
    admission,
    antiEntropy,
    forest,
    handoff,
    hints,
    openWork,
    peers,
    replica,
    inspection: new Inspection({ disk, hints, placements, records, replica }),
    peerService: new PeerService({
      admission,
      antiEntropy,
      clock,
      coordination,
      forest,
      hints,
      localView,
      peers,
      placements,
      replica,
      requestsInFlightMax,
    }),
    quiescence: new Quiescence({ antiEntropy, clock, forest, handoff, hints, openWork, peers, placements }),
    reading: new ReadCoordination({
      clock,
      intervals,
      localView,
      openWork,
      peers,
      placements,
      replica,
      trace,
    }),
    routing: new WriteRouting({ clock, coordination, disk, intervals, peers, placements, trace }),
  };
}
