/**
 * The generator alone: sends every request of a schedule when it is due, whatever became of those before, and writes
 * down when it was intended, when it was sent and when it ended.
 *
 * Only so many requests may be under way. One more is dropped for good and counts as bad: to postpone it would hide
 * what the store does to its clients. A request that has no answer by its time-out ends unknown; all of them are
 * looked at together a few times a second, since a timer for each would cost more than the request.
 */
import type { LoadHealth } from "../../checkers/history/event.ts";
import type { RunClock } from "../client/run-clock.ts";
import { LoadHealthMeter } from "../load/load-health.ts";
import type { Pacer } from "../load/pacer.ts";
import { kinds, type SampleLog } from "./sample-log.ts";
import type { LoadOutcome, Transport } from "./transport.ts";

export type GeneratorOptions = {
  readonly log: SampleLog;
  readonly transport: Transport;
  readonly pacer: Pacer;
  readonly clock: RunClock;
  readonly inFlightMax: number;
  readonly timeoutMs: number;
  /** The value of every put. */
  readonly value: Uint8Array;
};

const sweepMs = 50;

export class Generator {
  readonly #options: GeneratorOptions;
  readonly #meter = new LoadHealthMeter();
  readonly health: LoadHealth[] = [];
  #next = 0;
  /** Rows before this one have ended. */
  #oldest = 0;
  #inFlightCount = 0;
  #endedCount = 0;
  #isStopping = false;
  #cancelSweep: () => void = () => {};
  #cancelHealth: () => void = () => {};
  #onIdle: () => void = () => {};

  constructor(options: GeneratorOptions) {
    this.#options = options;
  }

  get inFlightCount(): number {
    return this.#inFlightCount;
  }

  get endedCount(): number {
    return this.#endedCount;
  }

  /** Resolves when every request has ended. Rejects when the transport cannot open or the pacer fails. */
  async run(): Promise<void> {
    const { transport, pacer, log, clock } = this.#options;
    await transport.open({
      onSent: (row) => this.#sent(row),
      onEnded: (row, outcome) => this.#ended(row, outcome),
    });
    this.#meter.start();
    this.#sweep();
    this.#lookEverySecond();
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onIdle = resolve;
        if (log.count === 0) return resolve();
        pacer.start(
          log.schedule.intended,
          () => this.#sendDue(),
          (reason) => reject(new Error(reason)),
        );
      });
    } finally {
      this.#cancelSweep();
      this.#cancelHealth();
      await pacer.stop();
      this.health.push(this.#meter.look(clock.now(), this.#inFlightCount));
      this.#meter.stop();
      await transport.close();
    }
  }

  /** No more requests; `run` resolves when those under way have ended or timed out. */
  stop(): void {
    this.#isStopping = true;
    if (this.#inFlightCount === 0) this.#onIdle();
  }

  #sendDue(): void {
    const { log, clock, inFlightMax, transport, value } = this.#options;
    const { intended, kind, key, entry } = log.schedule;
    const now = clock.now();
    for (let at = intended[this.#next]; at !== undefined && at <= now; at = intended[this.#next]) {
      if (this.#isStopping) return;
      const row = this.#next++;
      if (this.#inFlightCount >= inFlightMax) {
        log.ended(row, "dropped", now);
        this.#meter.dropped();
        continue;
      }
      this.#inFlightCount += 1;
      const request = { row, kind: kinds[kind[row] ?? 0] ?? "get", entry: entry[row] ?? 0, value };
      transport.send({ ...request, key: `key-${key[row] ?? 0}` });
    }
    if (this.#next === log.count) this.stop();
  }

  #sent(row: number): void {
    const { log, clock } = this.#options;
    const at = clock.now();
    log.sent(row, at);
    this.#meter.sent(at - (log.schedule.intended[row] ?? at));
  }

  #ended(row: number, outcome: LoadOutcome): void {
    if (!this.#options.log.ended(row, outcome, this.#options.clock.now())) return;
    this.#inFlightCount -= 1;
    this.#endedCount += 1;
    if (this.#isStopping && this.#inFlightCount === 0) this.#onIdle();
  }

  /** Ends what is under way for longer than the time-out, counted from its intended start. */
  #sweep(): void {
    const { log, clock, transport, timeoutMs } = this.#options;
    const latest = clock.now() - timeoutMs * 1000;
    for (let row = this.#oldest; row < this.#next && (log.schedule.intended[row] ?? 0) <= latest; row++) {
      const ending = log.ending(row);
      if (ending === "open" || ending === "unsent") {
        transport.abandon(row);
        this.#ended(row, ending === "open" ? "info" : "fail");
      }
      this.#oldest = row + 1;
    }
    this.#cancelSweep = clock.after(sweepMs, () => this.#sweep());
  }

  #lookEverySecond(): void {
    const { clock } = this.#options;
    this.#cancelHealth = clock.after(1000, () => {
      this.health.push(this.#meter.look(clock.now(), this.#inFlightCount));
      this.#lookEverySecond();
    });
  }
}
