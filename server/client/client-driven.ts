/**
 * A client that coordinates for itself (Dynamo §6.4): it links the coordinator of the servers, knows the ring, and
 * speaks to the homes of a key directly, as one more node that owns nothing.
 *
 * Reads are coordinated here, by the module the servers use: ask the homes, wait for R, merge, mend who was behind.
 * Writes are not, and cannot be. A new version needs a dot, and a dot must come from an actor whose disk proves that
 * it never gave the same one twice; a client has no such disk, and an actor a client would make every vector grow
 * with the number of clients. So a write goes straight to the home that the client's last read found fastest, else
 * to the first healthy one, which coordinates it: no node forwards anything, which is what client-driven
 * coordination is for.
 */
import { defaultIntervals, defaultLimits, type Intervals } from "../config.ts";
import { HedgeBudget } from "../core/hedge-budget.ts";
import type { Clock } from "../ports/clock.ts";
import type { Network } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { Trace } from "../ports/trace.ts";
import { Admission } from "../protocols/admission.ts";
import { OpenWork } from "../protocols/open-work.ts";
import { Peers } from "../protocols/peers.ts";
import { ReadCoordination } from "../protocols/read-coordination.ts";
import { WriteRouting } from "../protocols/write-routing.ts";
import type { Attempt, Driver, ReadEnding, ReadRequest, WriteEnding, WriteRequest } from "./entry.ts";
import { EvidenceNetwork } from "./evidence-network.ts";
import type { KnownRing, RingWatch } from "./ring-watch.ts";

export type ClientDrivenParts = {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly trace: Trace;
  readonly ringWatch: RingWatch;
  /** Serves while no ring is known. */
  readonly fallback: Driver;
  readonly intervals?: Intervals;
};

/** The parts of a server that coordinate, for one ring. */
type Coordinator = {
  readonly ring: KnownRing;
  readonly admission: Admission;
  readonly peers: Peers;
  readonly reading: ReadCoordination;
  readonly routing: WriteRouting;
};

export class ClientDriven implements Driver {
  readonly #parts: ClientDrivenParts;
  readonly #hedges = new HedgeBudget({ share: 0.25, reserve: 50 });
  readonly #openWork = new OpenWork();
  #coordinator: Coordinator | undefined;

  constructor(parts: ClientDrivenParts) {
    this.#parts = parts;
  }

  async read(request: ReadRequest, attempt: Attempt): Promise<ReadEnding> {
    const deadlineMs = this.#parts.clock.monotonicMs() + attempt.timeoutMs;
    const coordinator = await this.#current(attempt);
    if (coordinator === undefined) return this.#parts.fallback.read(request, attempt);
    const admitted = coordinator.admission.get(request);
    if (admitted.type === "fail") return admitted;
    return coordinator.reading.read(admitted, deadlineMs);
  }

  async write(request: WriteRequest, attempt: Attempt): Promise<WriteEnding> {
    const deadlineMs = this.#parts.clock.monotonicMs() + attempt.timeoutMs;
    const coordinator = await this.#current(attempt);
    if (coordinator === undefined) return this.#parts.fallback.write(request, attempt);
    const admitted = coordinator.admission.write(request);
    if (admitted.type === "fail") return admitted;
    return coordinator.routing.write(admitted, deadlineMs);
  }

  async close(): Promise<void> {
    await this.#openWork.idle();
    await this.#coordinator?.peers.stop();
    await this.#parts.ringWatch.stop();
    await this.#parts.network.close();
    await this.#parts.fallback.close();
  }

  /** For the ring that is known now, after a pull that evidence has asked for. */
  async #current({ timeoutMs }: Attempt): Promise<Coordinator | undefined> {
    const ring = await this.#parts.ringWatch.settled(timeoutMs / 2);
    if (ring === undefined) {
      this.#parts.ringWatch.suspect();
      return undefined;
    }
    if (this.#coordinator?.ring !== ring) {
      const before = this.#coordinator;
      this.#coordinator = this.#assemble(ring);
      await before?.peers.stop();
    }
    return this.#coordinator;
  }

  #assemble(ring: KnownRing): Coordinator {
    const { clock, random, ringWatch, trace, intervals = defaultIntervals } = this.#parts;
    const { placements } = ring;
    const network = new EvidenceNetwork(this.#parts.network, () => ringWatch.suspect());
    const world = { clock, network, random, trace };
    const peers = new Peers({ ...world, intervals, self: placements.self });
    peers.follow(placements.members.keys());
    const common = { ...world, hedges: this.#hedges, intervals, openWork: this.#openWork, peers, placements };
    peers.start();
    return {
      ring,
      peers,
      admission: new Admission(placements, defaultLimits, random, intervals.requestMs),
      reading: new ReadCoordination({ ...common, localView: ownsNothing, replica: ownsNothing }),
      routing: new WriteRouting({ ...common, coordination: ownsNothing, disk: { isReadOnly: true } }),
    };
  }
}

/** What the coordinator would ask of its own node if it were a home or a fallback. A client is neither. */
const ownsNothing: ConstructorParameters<typeof ReadCoordination>[0]["localView"] &
  ConstructorParameters<typeof ReadCoordination>[0]["replica"] &
  ConstructorParameters<typeof WriteRouting>[0]["coordination"] = {
  read: async () => ({ type: "refused", reason: "storage" }),
  merge: async () => ({ type: "refused", reason: "storage" }),
  coordinate: async () => {
    return { type: "fail", error: "read-only", detail: "A client keeps nothing; a home has to." };
  },
};
