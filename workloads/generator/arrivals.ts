/**
 * When clients come: the whole schedule before the run, as in an open system where nobody waits for the store.
 * Poisson arrivals are what many independent shoppers make; constant ones make a stall easy to compute by hand.
 */
import type { Stream } from "./stream.ts";

export type ArrivalProcess = "poisson" | "constant";

export type ArrivalOptions = {
  readonly arrivals: ArrivalProcess;
  /** Mean arrivals per second, > 0. */
  readonly perSecond: number;
  readonly durationUs: number;
};

/** Ascending whole microseconds in [0, durationUs). */
export function arrivalTimes(options: ArrivalOptions, stream: Stream): Float64Array {
  const meanGapUs = 1e6 / options.perSecond;
  if (options.arrivals === "constant") {
    const count = Math.ceil(options.durationUs / meanGapUs);
    return Float64Array.from({ length: count }, (_, index) => Math.floor(index * meanGapUs));
  }
  const times: number[] = [];
  let at = 0;
  for (;;) {
    at += -Math.log1p(-stream.uniform()) * meanGapUs;
    if (at >= options.durationUs) return Float64Array.from(times);
    times.push(Math.floor(at));
  }
}
