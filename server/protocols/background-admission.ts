/**
 * Where all background work asks before each piece of itself (Dynamo §6.5): delivered hints, exchanged differences,
 * scrubbed records, streamed partitions.
 *
 * Time is cut into windows of a tenth of a second, each with as many slices as `core/background-slices.ts` allows; a
 * piece takes one, or waits for the next window. Those that wait take turns, so no kind of work starves another; there
 * are never more of them than the kinds of work have pieces under way at once. Once a second, if anybody asks, the
 * number is judged anew by the disk's reads and the lag of the event loop. At the floor ten pieces a second go on
 * whatever happens.
 */
import type { Limits } from "../config.ts";
import { nextSlices, type Strain, slicesMax, strainMax } from "../core/background-slices.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Trace } from "../ports/trace.ts";
import { deferred } from "./deferred.ts";
import type { Disk } from "./disk.ts";
import type { StallWatch } from "./stall-watch.ts";

export const windowMs = 100;
const judgedEveryMs = 1000;

export type BackgroundAdmissionParts = {
  readonly clock: Clock;
  readonly disk: Pick<Disk, "readP99Ms">;
  readonly limits: Pick<Limits, "backgroundReadMsMax">;
  readonly stallWatch: Pick<StallWatch, "lagMs">;
  readonly trace: Trace;
};

export class BackgroundAdmission {
  readonly #parts: BackgroundAdmissionParts;
  #slices = slicesMax;
  #left = slicesMax;
  #windowEndsAtMs = Number.NEGATIVE_INFINITY;
  #judgedAtMs: number;
  /** First come, first served: whoever had a slice goes behind all that wait. */
  readonly #waiting: (() => void)[] = [];
  #cancelWake: Cancel | undefined;
  #isStopped = false;

  constructor(parts: BackgroundAdmissionParts) {
    this.#parts = parts;
    this.#judgedAtMs = parts.clock.monotonicMs();
  }

  /** Slices of a window, as judged last. */
  get slices(): number {
    return this.#slices;
  }

  /** Resolves when one more piece of background work may begin. */
  slice(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#renew();
    if (this.#waiting.length === 0 && this.#left > 0) {
      this.#left -= 1;
      return Promise.resolve();
    }
    const turn = deferred<void>();
    this.#waiting.push(turn.resolve);
    this.#wakeLater();
    return turn.promise;
  }

  /** From now on nothing waits here: what is under way has to end in time. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelWake?.();
    for (const begin of this.#waiting.splice(0)) begin();
  }

  #wakeLater(): void {
    const { clock } = this.#parts;
    const waitMs = Math.max(1, this.#windowEndsAtMs - clock.monotonicMs());
    this.#cancelWake ??= clock.after(waitMs, () => this.#wake());
  }

  #wake(): void {
    this.#cancelWake = undefined;
    this.#renew();
    const turns = this.#waiting.splice(0, this.#left);
    this.#left -= turns.length;
    for (const begin of turns) begin();
    if (this.#waiting.length > 0) this.#wakeLater();
  }

  /** A new window, when the one before is over. */
  #renew(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs < this.#windowEndsAtMs) return;
    this.#judge(nowMs);
    this.#windowEndsAtMs = nowMs + windowMs;
    this.#left = this.#slices;
  }

  #judge(nowMs: number): void {
    if (nowMs - this.#judgedAtMs < judgedEveryMs) return;
    this.#judgedAtMs = nowMs;
    const { disk, limits, stallWatch, trace } = this.#parts;
    const strain: Strain = { readP99Ms: disk.readP99Ms(), lagMs: stallWatch.lagMs() };
    const slices = nextSlices(this.#slices, strain, {
      ...strainMax,
      readP99Ms: limits.backgroundReadMsMax,
    });
    if (slices === this.#slices) return;
    this.#slices = slices;
    trace.emit({ type: "background-judged", slices });
  }
}
