/**
 * The open loop: every arrival of the schedule is begun when it is due, whatever became of those before. A busy
 * session gets a fresh client, so nobody queues behind a slow store, and what a slow store does to its clients is
 * measured from the time at which they wanted something.
 *
 * Only so many arrivals may be under way. One more is dropped, and counted as dropped in that second's line of health,
 * where service levels count it as bad; it is never postponed, since that would hide it. What it would have asked for
 * is not recorded: a history holds what was sent.
 */
import type { HistoryEvent, NodeName } from "../../checkers/history/event.ts";
import type { Store } from "../../workloads/store.ts";
import type { Population } from "../../workloads/workload.ts";
import type { Caller } from "../client/caller.ts";
import type { RequestLog } from "../client/request-log.ts";
import type { RunClock } from "../client/run-clock.ts";
import { LoadHealthMeter } from "./load-health.ts";
import { Roster, routeOf } from "./logical-client.ts";
import type { Pacer } from "./pacer.ts";

export type LoadLoopOptions = {
  readonly population: Population;
  /** Arrivals, ascending µs of the run. */
  readonly schedule: Float64Array;
  readonly nodes: readonly NodeName[];
  readonly inFlightMax: number;
  /** After the last arrival, or `stop`, arrivals still under way have this long. */
  readonly drainMs: number;
  readonly clock: RunClock;
  readonly pacer: Pacer;
  readonly log: RequestLog;
  readonly storeOf: (caller: Caller) => Store;
  readonly record: (event: HistoryEvent) => void;
};

export type LoadLoopTotals = {
  readonly arrivalCount: number;
  readonly droppedCount: number;
  /** Arrivals that were still under way at the end of the drain. */
  readonly unfinishedCount: number;
  /** The lowest process number that was not used. */
  readonly nextProcess: number;
};

export class LoadLoop {
  readonly #options: LoadLoopOptions;
  readonly #roster: Roster;
  readonly #health = new LoadHealthMeter();
  #next = 0;
  #inFlightCount = 0;
  #droppedCount = 0;
  #isStopping = false;
  #cancelHealth: () => void = () => {};
  #cancelDrain: () => void = () => {};
  #onIdle: () => void = () => {};
  #onFailure: (reason: Error) => void = () => {};

  constructor(options: LoadLoopOptions) {
    this.#options = options;
    this.#roster = new Roster(options.storeOf);
  }

  get inFlightCount(): number {
    return this.#inFlightCount;
  }

  /** Resolves when the load is over. Rejects only when the pacer fails or a workload throws. */
  async run(): Promise<LoadLoopTotals> {
    const { clock, log, pacer } = this.#options;
    this.#health.start();
    this.#lookEverySecond();
    try {
      await this.#allBegunAndEnded();
    } finally {
      log.close();
      await pacer.stop();
      this.#cancelHealth();
      this.#cancelDrain();
      this.#options.record(this.#health.look(clock.now(), this.#inFlightCount));
      this.#health.stop();
    }
    return {
      arrivalCount: this.#next,
      droppedCount: this.#droppedCount,
      unfinishedCount: this.#inFlightCount,
      nextProcess: this.#roster.nextProcess,
    };
  }

  /** No more arrivals; `run` resolves when those under way have ended, or the drain is over. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#cancelDrain = this.#options.clock.after(this.#options.drainMs, () => this.#onIdle());
    if (this.#inFlightCount === 0) this.#onIdle();
  }

  #allBegunAndEnded(): Promise<void> {
    const { pacer, schedule } = this.#options;
    return new Promise((resolve, reject) => {
      this.#onIdle = resolve;
      this.#onFailure = reject;
      if (schedule.length === 0) this.stop();
      pacer.start(
        schedule,
        () => this.#beginDue(),
        (reason) => reject(new Error(reason)),
      );
    });
  }

  #beginDue(): void {
    const { schedule, clock } = this.#options;
    const now = clock.now();
    for (let at = schedule[this.#next]; at !== undefined && at <= now; at = schedule[this.#next]) {
      if (this.#isStopping) return;
      this.#begin(this.#next++, at);
    }
    if (this.#next === schedule.length) this.stop();
  }

  #begin(index: number, intended: number): void {
    const { clock, inFlightMax, nodes, population } = this.#options;
    if (this.#inFlightCount >= inFlightMax) return this.#drop();
    const arrival = population.arrival(index);
    const client = this.#roster.engage(arrival.wish.session);
    client.arrive({ intended, route: routeOf(nodes, arrival.wish.entry, index) });
    this.#inFlightCount += 1;
    this.#health.sent(clock.now() - intended);
    arrival.carryOut(client).then((applied) => {
      if (applied.type !== "info") this.#roster.release(client);
      this.#ended();
    }, this.#onFailure);
  }

  #drop(): void {
    this.#droppedCount += 1;
    this.#health.dropped();
  }

  #ended(): void {
    this.#inFlightCount -= 1;
    if (this.#isStopping && this.#inFlightCount === 0) this.#onIdle();
  }

  #lookEverySecond(): void {
    this.#cancelHealth = this.#options.clock.after(1000, () => {
      this.#options.record(this.#health.look(this.#options.clock.now(), this.#inFlightCount));
      this.#lookEverySecond();
    });
  }
}
