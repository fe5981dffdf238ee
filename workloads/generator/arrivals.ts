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
  /** The rate grows from a tenth to all of it over this time, as caches and compilers warm up (default 0). */
  readonly rampUs?: number;
};

const firstShare = 0.1;

/** Ascending whole microseconds in [0, durationUs). */
export function arrivalTimes(options: ArrivalOptions, stream: Stream): Float64Array {
  const { arrivals, perSecond, durationUs, rampUs = 0 } = options;
  const meanGapUs = 1e6 / perSecond;
  const gap = (): number =>
    arrivals === "constant" ? meanGapUs : -Math.log1p(-stream.uniform()) * meanGapUs;
  const times: number[] = [];
  for (let due = arrivals === "constant" ? 0 : gap(); ; due += gap()) {
    const at = afterRamp(due, rampUs);
    if (at >= durationUs) return Float64Array.from(times);
    times.push(Math.floor(at));
  }
}

/** When an arrival comes that would come at `due` were the rate full from the start. */
function afterRamp(due: number, rampUs: number): number {
  const rampShare = (1 + firstShare) / 2;
  if (due >= rampShare * rampUs) return due + (1 - rampShare) * rampUs;
  const growth = (1 - firstShare) / rampUs;
  return (Math.sqrt(firstShare ** 2 + 2 * growth * due) - firstShare) / growth;
}
