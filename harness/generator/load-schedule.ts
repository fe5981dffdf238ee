/**
 * All that a generator will ask for, decided before it starts: when, what, of which key, at which entrance. The same
 * options, the same schedule; two builds that are compared get the same one.
 */
import { arrivalTimes } from "../../workloads/generator/arrivals.ts";
import { scrambled, uniformIndex, zipfianIndex } from "../../workloads/generator/keys.ts";
import type { Arrivals } from "../../workloads/generator/rate-shape.ts";
import { streamOf } from "../../workloads/generator/stream.ts";

export type KeyChoice = "zipfian" | "uniform";

export type ScheduleOptions = {
  readonly seed: number;
  /** Requests per second. */
  readonly rate: number;
  readonly durationUs: number;
  readonly arrivals: Arrivals;
  readonly keys: KeyChoice;
  /** How many keys there are. */
  readonly keyCount: number;
  /** In [0, 1]: how many of the requests read. */
  readonly readShare: number;
};

export type LoadSchedule = {
  /** Ascending µs of the run. */
  readonly intended: Float64Array;
  /** Indexes of `kinds` in sample-log.ts. */
  readonly kind: Uint8Array;
  readonly key: Uint32Array;
  /** Any whole number; taken modulo the number of entrances. */
  readonly entry: Uint16Array;
};

export function loadSchedule(options: ScheduleOptions): LoadSchedule {
  const { seed, rate, durationUs, arrivals, keys, keyCount, readShare } = options;
  const intended = arrivalTimes(
    { arrivals: arrivals.process, perSecond: rate, durationUs, shape: arrivals.shape },
    streamOf(seed, "arrivals"),
  );
  const keyOf =
    keys === "uniform"
      ? uniformIndex(keyCount)
      : scrambled(zipfianIndex(keyCount), keyCount, streamOf(seed, "key ranks"));
  const stream = streamOf(seed, "requests");
  const count = intended.length;
  const schedule = {
    intended,
    kind: new Uint8Array(count),
    key: new Uint32Array(count),
    entry: new Uint16Array(count),
  };
  for (let row = 0; row < count; row++) {
    schedule.kind[row] = stream.uniform() < readShare ? 0 : 1;
    schedule.key[row] = keyOf(stream);
    schedule.entry[row] = stream.integer(0, 0xffff);
  }
  return schedule;
}
