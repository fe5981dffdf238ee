/**
 * A run in a simulated world: the real nodes on simulated time, network and disks, under the real workloads and
 * clients, recorded as the history of a real run is. Everything follows from the plan and the seed; ten seconds cost
 * less than one, and a run that failed once fails every time.
 *
 * The life of a run is that of real ones: load with faults, heal, settle, dump, and only then read everything.
 */
import type { HistoryEvent, NodeName } from "../../checkers/history/event.ts";
import { HedgeBudget } from "../../server/core/hedge-budget.ts";
import { SimulatedCluster } from "../../server/simulation/simulated-cluster.ts";
import { calmLinks } from "../../server/simulation/simulated-network.ts";
import { arrivalTimes } from "../../workloads/generator/arrivals.ts";
import { streamOf } from "../../workloads/generator/stream.ts";
import type { Population } from "../../workloads/workload.ts";
import { clientBudget, clientLimits } from "../client/client-limits.ts";
import { RecordedStore } from "../client/recorded-store.ts";
import { RequestLog } from "../client/request-log.ts";
import type { RunClock } from "../client/run-clock.ts";
import { surveyOf } from "../load/final-reads.ts";
import { Roster, routeOf } from "../load/logical-client.ts";
import { dumpAll, lookAt, settle } from "./simulated-aftermath.ts";
import { type SimulatedFault, strike, type Targets, victimsOf } from "./simulated-fault.ts";
import {
  bucketOf,
  groupsOf,
  loadMsOf,
  nodesOf,
  promisesOf,
  rhythm,
  type SimulatedPlan,
  sparesOf,
  usualRate,
  windowMsOf,
  workloadOf,
} from "./simulated-plan.ts";
import { SimulatedTransport } from "./simulated-transport.ts";

const bucket = "carts";
const readerCount = 16;

/** The run's events, in order. Rejects when the world cannot go on, with the seed. */
export async function simulatedRun(plan: SimulatedPlan, seed: number): Promise<readonly HistoryEvent[]> {
  return new SimulatedRun(plan, seed, await clusterOf(plan, seed)).run();
}

function clusterOf(plan: SimulatedPlan, seed: number): Promise<SimulatedCluster> {
  const { clockTickMs, intervals, limits, lossShare = 0 } = plan;
  return SimulatedCluster.started({
    seed,
    nodeIds: nodesOf(plan),
    spareIds: sparesOf(plan),
    groups: groupsOf(plan),
    buckets: { [bucket]: bucketOf(plan) },
    links: { ...calmLinks, lossShare, duplicateShare: lossShare },
    ...(intervals === undefined ? {} : { intervals }),
    ...(limits === undefined ? {} : { limits }),
    ...(clockTickMs === undefined ? {} : { clockTickMs }),
  });
}

class SimulatedRun {
  readonly #plan: SimulatedPlan;
  readonly #seed: number;
  readonly #cluster: SimulatedCluster;
  readonly #clock: RunClock;
  readonly #population: Population;
  readonly #workload: string;
  readonly #events: HistoryEvent[] = [];
  /** Those that have joined too, without those that have been asked to leave. */
  #members: readonly NodeName[];
  #spares: readonly NodeName[];

  constructor(plan: SimulatedPlan, seed: number, cluster: SimulatedCluster) {
    const { workload = "shopping-cart" } = plan;
    const population = workloadOf(plan)?.create({ seed, codec: "tagged", keys: "zipfian" });
    if (population === undefined) throw new Error(`no workload is called ${workload}`);
    const { world } = cluster;
    const startMs = world.nowMs();
    this.#plan = plan;
    this.#seed = seed;
    this.#cluster = cluster;
    this.#members = cluster.nodeIds;
    this.#spares = sparesOf(plan);
    this.#workload = workload;
    this.#population = population;
    this.#clock = {
      now: () => Math.round((world.nowMs() - startMs) * 1000),
      after: (ms, callback) => world.after(ms, callback),
    };
  }

  async run(): Promise<readonly HistoryEvent[]> {
    const { world } = this.#cluster;
    const record = this.#record;
    record(this.#beginning());
    const log = new RequestLog({ clock: this.#clock, record });
    const load = this.#load(log);
    await this.#breakAndMend();
    await world.run(load);
    this.#cluster.links.conditions = calmLinks;
    const chronicle = { members: this.#members, now: () => this.#clock.now(), record };
    await settle(this.#cluster, chronicle);
    await dumpAll(this.#cluster, bucket, chronicle);
    lookAt(this.#cluster, chronicle);
    await this.#readAll();
    record({ type: "end", at: this.#clock.now(), reason: "completed" });
    return this.#events;
  }

  readonly #record = (event: HistoryEvent): void => {
    this.#events.push(event);
  };

  #beginning(): HistoryEvent {
    const loadUs = loadMsOf(this.#plan) * 1000;
    return {
      type: "run",
      schema: 1,
      name: "simulated",
      seed: this.#seed,
      startedWallMs: 0,
      workload: this.#workload,
      nodes: this.#cluster.nodeIds,
      promises: promisesOf(this.#plan),
      phases: [{ name: "load", kind: "steady", from: 0, until: loadUs }],
      objectives: [],
      expect: [],
    };
  }

  /** Every arrival at its time, whatever became of those before; resolves when all of them have ended. */
  #load(log: RequestLog): Promise<unknown> {
    const { world } = this.#cluster;
    const roster = new Roster((caller) => new RecordedStore(this.#storeOptions(log), caller));
    const perSecond = (this.#plan.rate ?? usualRate) / this.#population.requestsPerWish;
    const times = arrivalTimes(
      { arrivals: "poisson", perSecond, durationUs: loadMsOf(this.#plan) * 1000 },
      streamOf(this.#seed, "arrivals"),
    );
    const begin = async (index: number, intended: number): Promise<void> => {
      const arrival = this.#population.arrival(index);
      const client = roster.engage(arrival.wish.session);
      client.arrive({ intended, route: routeOf(this.#members, arrival.wish.entry, index) });
      const applied = await arrival.carryOut(client);
      if (applied.type !== "info") roster.release(client);
    };
    return Promise.all(
      [...times].slice(0, this.#plan.arrivalsMax).map(
        (at, index) =>
          new Promise<void>((resolve, reject) => {
            world.after(at / 1000, () => void begin(index, at).then(resolve, reject));
          }),
      ),
    );
  }

  readonly #budget = new HedgeBudget(clientBudget);

  #storeOptions(log: RequestLog, deadlineMs: number = clientLimits.deadlineMs) {
    return {
      clock: this.#clock,
      log,
      limits: { ...clientLimits, deadlineMs },
      budget: this.#budget,
      observe: this.#population.observe,
      transport: new SimulatedTransport(this.#cluster, bucket, deadlineMs),
    };
  }

  async #breakAndMend(): Promise<void> {
    const { world } = this.#cluster;
    await world.runFor(rhythm.leadMs);
    for (const [index, faults] of this.#plan.windows.entries()) {
      const chance = world.random(`window ${index}`);
      let order = shuffled(this.#members, (most) => chance.integer(0, most));
      const mends: (() => Promise<void>)[] = [];
      for (const [place, fault] of faults.entries()) {
        const targets = { order, spares: this.#spares };
        const mend = await this.#strike(`f${index + 1}.${place + 1}`, fault, targets);
        // Operators come last: whom they ask must have heard of the node, and have a disk to write it on.
        if (fault.kind === "wipe" || fault.kind === "leave") mends.push(mend);
        else mends.unshift(mend);
        // Who has just been let in is the first to suffer.
        if (fault.kind === "join") order = [...victimsOf(fault, targets), ...order];
        await world.runFor(windowMsOf(this.#plan) / faults.length);
      }
      if (faults.length === 0) await world.runFor(windowMsOf(this.#plan));
      for (const mend of mends) await mend();
      if (index === 0 && groupsOf(this.#plan).length > 1) this.#cluster.heal();
      await world.runFor(rhythm.recoveryMs);
    }
    await world.runFor(rhythm.closingMs);
    // A node that could not go on, by its own judgement, is started like any other.
    for (const node of this.#members) if (!this.#cluster.isUp(node)) await this.#cluster.start(node);
    // Damage is met when a record is read; a look at all of them meets all of it.
    for (const node of this.#members) await world.run(this.#cluster.node(node).dump(null, 1000));
  }

  /** Breaks it and tells of it; the result mends it, and tells of that. */
  async #strike(id: string, fault: SimulatedFault, targets: Targets): Promise<() => Promise<void>> {
    const nodes = victimsOf(fault, targets);
    const tell = (stage: "active" | "healed"): void =>
      this.#record({
        type: "fault",
        id,
        kind: fault.kind,
        nodes,
        stage,
        backend: "simulated",
        evidence: "as the world was told",
        at: this.#clock.now(),
      });
    // Nobody turns to a node that is to go, nor to one that has not been let in.
    if (fault.kind === "leave") this.#members = this.#members.filter((node) => !nodes.includes(node));
    const mend = await strike(this.#cluster, fault, targets);
    if (fault.kind === "join") {
      this.#members = [...this.#members, ...nodes];
      this.#spares = this.#spares.filter((node) => !nodes.includes(node));
    }
    tell("active");
    return async () => {
      await mend();
      tell("healed");
    };
  }

  /** Every key through every node. */
  async #readAll(): Promise<void> {
    const { world } = this.#cluster;
    const { keys, nextRequestId, nextProcess } = surveyOf(this.#events);
    const log = new RequestLog({ clock: this.#clock, record: this.#record, firstId: nextRequestId });
    const options = { ...this.#storeOptions(log, 5_000), isFinal: true };
    const queue = keys.flatMap((key) => this.#members.map((node) => ({ key, node })));
    const read = async (process: number): Promise<void> => {
      const caller = { process, session: `final/${process}`, operation: "", intended: 0 };
      for (let next = queue.shift(), turn = 0; next !== undefined; next = queue.shift(), turn += 1) {
        const route: readonly NodeName[] = [next.node];
        const store = new RecordedStore(options, { ...caller, operation: `${process}.${turn}`, route });
        await store.get(next.key);
      }
    };
    await world.run(
      Promise.all(Array.from({ length: readerCount }, (_, reader) => read(nextProcess + reader))),
    );
  }
}

/** Fisher and Yates; `draw` gives a whole number from 0 to its argument. */
function shuffled(nodes: readonly NodeName[], draw: (most: number) => number): readonly NodeName[] {
  const order = [...nodes];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = draw(last);
    const [a, b] = [order[last], order[other]];
    if (a === undefined || b === undefined) continue;
    order[last] = b;
    order[other] = a;
  }
  return order;
}
