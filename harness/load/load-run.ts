/**
 * One run's load, put together from its options: workload, schedule, pacer, connections, recorder. The load process
 * owns one of these; apart from it nothing here knows that there is another process.
 */
import type { HistoryEvent, NodeName } from "../../checkers/history/event.ts";
import { LivePhantoms } from "../../checkers/live-phantoms.ts";
import { HedgeBudget } from "../../server/core/hedge-budget.ts";
import { catalog } from "../../workloads/catalog.ts";
import { arrivalTimes } from "../../workloads/generator/arrivals.ts";
import { type Arrivals, flat, parseArrivals } from "../../workloads/generator/rate-shape.ts";
import { streamOf } from "../../workloads/generator/stream.ts";
import type { Population } from "../../workloads/workload.ts";
import { clientBudget, clientLimits } from "../client/client-limits.ts";
import { HttpStore, type HttpStoreOptions, HttpTransport } from "../client/http-store.ts";
import { LateCopies, lateCopiesMax } from "../client/late-copies.ts";
import { NodePools } from "../client/node-pools.ts";
import { RequestLog } from "../client/request-log.ts";
import { type RunClock, runClock } from "../client/run-clock.ts";
import { LoadLoop } from "./load-loop.ts";
import { LoadTally } from "./load-tally.ts";
import { pacerOf } from "./pacer-choice.ts";
import type { LoadDone, LoadOptions, LoadProgress } from "./protocol.ts";
import { Recorder } from "./recorder.ts";

/** Arrivals still under way at the end have this long: a few requests at their deadline. */
const usualArrivals: Arrivals = { process: "poisson", shape: flat };
const drainMs = 3_000;

export class LoadRun {
  readonly #clock: RunClock;
  readonly #recorder: Recorder;
  readonly #pools: NodePools;
  readonly #loop: LoadLoop;
  readonly #log: RequestLog;
  readonly #copies: LateCopies;
  readonly #tally = new LoadTally();
  #warnings: string[] = [];
  #recordedCount = 0;
  #isOver = false;

  private constructor(options: LoadOptions, population: Population, recorder: Recorder, clock: RunClock) {
    const inFlightMax = Math.ceil((options.rate * clientLimits.deadlineMs) / 1000);
    const pools = new NodePools(options.nodes, inFlightMax + lateCopiesMax);
    const phantoms = new LivePhantoms((sentence) => this.#warnings.push(sentence));
    const record = (event: HistoryEvent): void => {
      recorder.append(event);
      phantoms.add(event);
    };
    const log = new RequestLog({
      clock,
      record,
      onCompleted: (invocation, completion) => this.#tally.completed(invocation, completion),
    });
    const perSecond = options.rate / population.requestsPerWish;
    const { durationUs, rampUs, bucket, seed } = options;
    const { process: arrivals, shape } = parseArrivals(options.arrivals) ?? usualArrivals;
    const copies = new LateCopies({
      clock,
      log,
      transport: new HttpTransport(pools.nodes, bucket),
      chance: streamOf(seed, "late copies"),
    });
    const storeOptions: HttpStoreOptions = {
      clock,
      log,
      bucket,
      limits: clientLimits,
      budget: new HedgeBudget(clientBudget),
      nodes: pools.nodes,
      observe: population.observe,
      onAcknowledged: (invocation, write) => copies.acknowledged(invocation, write),
    };
    this.#clock = clock;
    this.#recorder = recorder;
    this.#pools = pools;
    this.#log = log;
    this.#copies = copies;
    this.#loop = new LoadLoop({
      population,
      schedule: arrivalTimes({ arrivals, perSecond, durationUs, rampUs, shape }, streamOf(seed, "arrivals")),
      nodes: options.nodes.map(({ node }) => node),
      inFlightMax,
      drainMs,
      clock,
      pacer: pacerOf(options.pacer, clock, BigInt(options.startedHr)),
      log,
      storeOf: (caller) => new HttpStore(storeOptions, caller),
      record,
    });
  }

  /** Rejects with a sentence when the journal cannot be opened or the workload is unknown. */
  static async open(options: LoadOptions, onFailure: (sentence: string) => void): Promise<LoadRun> {
    const workload = catalog.get(options.workload);
    if (workload === undefined) throw new Error(`no workload is called "${options.workload}".`);
    const population = workload.create({ seed: options.seed, codec: options.codec, keys: options.keys });
    const clock = runClock(BigInt(options.startedHr));
    const recorder = await Recorder.open(options.journalPath, { clock, onFailure });
    return new LoadRun(options, population, recorder, clock);
  }

  /** Begins the load and resolves when it is over and the journal closed. Rejects with a sentence. */
  async run(): Promise<LoadDone> {
    const { arrivalCount, droppedCount, unfinishedCount, nextProcess } = await this.#loop.run();
    const recordedCount = this.#recordedCount;
    this.#isOver = true;
    this.#copies.sendThrough([]);
    await this.#recorder.close();
    await this.#pools.close();
    return {
      type: "done",
      requests: this.#tally.total,
      arrivalCount,
      droppedCount,
      unfinishedCount,
      recordedCount,
      nextRequestId: this.#log.nextId,
      nextProcess,
    };
  }

  stop(): void {
    this.#loop.stop();
  }

  /** Nodes that the load does not know, because they joined later, are left out. */
  sendLateCopies(through: readonly NodeName[]): void {
    this.#copies.sendThrough(through.filter((node) => this.#pools.nodes.has(node)));
  }

  /** Another's event; not taken any more once the journal is being closed. */
  record(event: HistoryEvent): void {
    if (this.#isOver) return;
    this.#recordedCount += 1;
    this.#recorder.append(event);
  }

  /** Everything that has happened is in the kernel when it resolves. Nothing is recorded after it. */
  async keep(): Promise<void> {
    this.#log.close();
    await this.#recorder.flush();
  }

  progress(): LoadProgress {
    const warnings = this.#warnings;
    this.#warnings = [];
    const busiestKey = this.#tally.takeBusiestKey();
    return {
      type: "progress",
      ...(busiestKey !== undefined && { busiestKey }),
      second: Math.max(0, Math.round(this.#clock.now() / 1e6)),
      lately: this.#tally.takeLately(),
      total: this.#tally.total,
      inFlight: this.#loop.inFlightCount,
      lateCopyCount: this.#copies.answeredCount,
      warnings,
      p50Ms: this.#tally.responseMs(50),
      p99Ms: this.#tally.responseMs(99),
    };
  }
}
