/**
 * What became of every request of a generator's run, a row each, in arrays that are as long as the schedule from the
 * start: memory does not grow with the run. Times are whole microseconds of the run.
 *
 * Three measures come of a row: response time, from the intended start to the end, which is what a client waited;
 * service time, from the sending to the end; and lag, from the intended start to the sending, which is the
 * generator's own doing.
 */
import type { LoadHealth, Micros, NodeName, Phase } from "../../checkers/history/event.ts";
import type { Outcome } from "../../checkers/history/rows.ts";
import type { ServiceEvidence } from "../../checkers/service-tally.ts";
import type { LoadSchedule } from "./load-schedule.ts";

export const kinds = ["get", "put"] as const;
export type SampleKind = (typeof kinds)[number];

/** `unsent` is still in the schedule; `dropped` found no room and was never sent. */
export const endings = ["unsent", "open", "ok", "fail", "info", "dropped"] as const;
export type Ending = (typeof endings)[number];

/** The arrays, as they travel from the generator's process. */
export type Samples = {
  readonly sent: Float64Array;
  readonly done: Float64Array;
  readonly ending: Uint8Array;
};

export class SampleLog {
  readonly schedule: LoadSchedule;
  readonly #samples: Samples;

  constructor(schedule: LoadSchedule, samples: Samples = emptySamples(schedule.intended.length)) {
    this.schedule = schedule;
    this.#samples = samples;
  }

  get samples(): Samples {
    return this.#samples;
  }

  get count(): number {
    return this.schedule.intended.length;
  }

  sent(row: number, at: Micros): void {
    this.#samples.sent[row] = at;
    this.#samples.ending[row] = endings.indexOf("open");
  }

  /** Only the first ending of a row counts. */
  ended(row: number, ending: Ending, at: Micros): boolean {
    if (this.ending(row) === "ok" || this.ending(row) === "fail" || this.ending(row) === "info") return false;
    this.#samples.done[row] = at;
    this.#samples.ending[row] = endings.indexOf(ending);
    return true;
  }

  sentAt(row: number): Micros {
    return this.#samples.sent[row] ?? Number.NaN;
  }

  /** Infinity while it is open. */
  doneAt(row: number): Micros {
    return this.#samples.done[row] ?? Infinity;
  }

  ending(row: number): Ending {
    return endings[this.#samples.ending[row] ?? 0] ?? "unsent";
  }

  /** As the checkers of service levels take it. What was dropped or never sent failed, in no time. */
  evidence(given: {
    readonly seed: number;
    readonly nodes: readonly NodeName[];
    readonly phases: readonly Phase[];
    readonly load: readonly LoadHealth[];
  }): ServiceEvidence {
    const { intended, kind, entry } = this.schedule;
    const wasSent = (row: number): boolean => !Number.isNaN(this.sentAt(row));
    const at = (row: number): Micros => intended[row] ?? 0;
    return {
      run: { seed: given.seed, objectives: [] },
      phases: given.phases,
      // Drops are rows of their own here, so the seconds' counts of them would count them twice.
      load: given.load.map((second) => ({ ...second, dropped: 0 })),
      nodes: { name: (node) => given.nodes[node] ?? "" },
      requests: {
        count: this.count,
        isFinal: () => false,
        kind: (row) => kinds[kind[row] ?? 0] ?? "get",
        entry: (row) => (entry[row] ?? 0) % Math.max(1, given.nodes.length),
        intended: at,
        sent: (row) => (wasSent(row) ? this.sentAt(row) : at(row)),
        done: (row) => this.doneAt(row),
        outcome: (row) => outcomeOf(this.ending(row)),
      },
    };
  }
}

const outcomeOf = (ending: Ending): Outcome =>
  ending === "ok" || ending === "info" ? ending : ending === "open" ? "info" : "fail";

const emptySamples = (count: number): Samples => ({
  sent: new Float64Array(count).fill(Number.NaN),
  done: new Float64Array(count).fill(Infinity),
  ending: new Uint8Array(count),
});
