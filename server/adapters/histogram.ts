/**
 * A histogram with fixed buckets, as Prometheus reads them: each bucket counts everything up to its bound.
 *
 * Fixed bounds cost a few words and an addition an observation, can be summed over nodes, and answer "how many
 * were slower than the SLA" exactly at a bound. Percentiles with bounded error are the load generator's business.
 */

/** Milliseconds, with the SLA's 300 among them. */
export const latencyBoundsMs: readonly number[] = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, 2000];

export class Histogram {
  readonly #bounds: readonly number[];
  /** One more than there are bounds: the last counts what is above all of them. */
  readonly #counts: number[];
  #sum = 0;

  /** `bounds` ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let index = 0;
    for (const bound of this.#bounds) {
      if (value <= bound) break;
      index += 1;
    }
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  /** Lines of Prometheus text for `name`; `labels` is text like `op="get"`, or empty. */
  lines(name: string, labels: string): readonly string[] {
    const lines: string[] = [];
    let cumulative = 0;
    for (const [index, count] of this.#counts.entries()) {
      cumulative += count;
      const bound = this.#bounds[index] ?? "+Inf";
      lines.push(`${name}_bucket{${labels === "" ? "" : `${labels},`}le="${bound}"} ${cumulative}`);
    }
    const suffix = labels === "" ? "" : `{${labels}}`;
    return [...lines, `${name}_sum${suffix} ${this.#sum}`, `${name}_count${suffix} ${cumulative}`];
  }
}
