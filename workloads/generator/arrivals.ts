/**
 * When clients come: the whole schedule before the run, as in an open system where nobody waits for the store.
 * Poisson arrivals are what many independent shoppers make; constant ones make a stall easy to compute by hand.
 *
 * A rate that changes stretches time: arrivals are drawn at the full rate and each is put where the area under the
 * curve of the rate has grown to its time.
 */
import { flat, type RateShape, shareAt } from "./rate-shape.ts";
import type { Stream } from "./stream.ts";

export type ArrivalProcess = "poisson" | "constant";

export type ArrivalOptions = {
  readonly arrivals: ArrivalProcess;
  /** Mean arrivals per second, > 0. */
  readonly perSecond: number;
  readonly durationUs: number;
  /** How the rate changes over the run (default: not at all). */
  readonly shape?: RateShape;
  /** The rate grows from a tenth to all of it over this time, as caches and compilers warm up (default 0). */
  readonly rampUs?: number;
};

const firstShare = 0.1;

/** Ascending whole microseconds in [0, durationUs). */
export function arrivalTimes(options: ArrivalOptions, stream: Stream): Float64Array {
  const { arrivals, perSecond, durationUs, rampUs = 0, shape = flat } = options;
  const meanGapUs = 1e6 / perSecond;
  const gap = (): number =>
    arrivals === "constant" ? meanGapUs : -Math.log1p(-stream.uniform()) * meanGapUs;
  const shaped = shape.type === "flat" ? undefined : new ShapedTime(shape, durationUs);
  const times: number[] = [];
  for (let due = arrivals === "constant" ? 0 : gap(); ; due += gap()) {
    const stretched = afterRamp(due, rampUs);
    const at = shaped === undefined ? stretched : shaped.at(stretched);
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

/** The curve is taken as level within each of these. */
const cellUs = 1_000;

/** Where the area under a curve of the rate has grown to a given size; asked for ever greater sizes. */
class ShapedTime {
  readonly #shape: RateShape;
  readonly #durationUs: number;
  #from = 0;
  #area = 0;

  constructor(shape: RateShape, durationUs: number) {
    this.#shape = shape;
    this.#durationUs = durationUs;
  }

  /** Infinity when the run ends before. */
  at(area: number): number {
    for (; this.#from < this.#durationUs; this.#from += cellUs) {
      const share = shareAt(this.#shape, this.#from + cellUs / 2, this.#durationUs);
      const grown = this.#area + share * cellUs;
      if (grown > area) return this.#from + (area - this.#area) / share;
      this.#area = grown;
    }
    return Infinity;
  }
}
