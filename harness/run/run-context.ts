/** What every step of a run's life works with. */
import type { HistoryEvent, Micros, NoiseFloor } from "../../checkers/history/event.ts";
import type { RunFolder } from "../../results/store.ts";
import type { RunClock } from "../client/run-clock.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { LoadPriority } from "../load/priority.ts";
import type { Plan } from "../test-plan.ts";
import type { Progress } from "./progress.ts";
import type { Stopwatch } from "./stopwatch.ts";

export type RunContext = {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly folder: RunFolder;
  readonly clock: RunClock;
  /** `process.hrtime.bigint()` at microsecond 0 of the run. */
  readonly startedHr: bigint;
  readonly startedWallMs: number;
  readonly progress: Progress;
  /** Aborted by Ctrl-C or SIGTERM: every step ends soon, and what was started is still cleaned up. */
  readonly interruption: AbortSignal;
  readonly stopwatch: Stopwatch;
  readonly priority: LoadPriority;
  /** Of the generator; absent when it was not measured. */
  readonly noiseFloor?: NoiseFloor;
};

/** Before anybody knows when the run begins: its nodes are not up yet. */
export type StagedRun = Omit<RunContext, "clock" | "startedHr">;

/** A run's clock and its journal, for steps that record what they see. */
export type Chronicle = { readonly now: () => Micros; readonly record: (event: HistoryEvent) => void };

/** How a run ended, its journal closed either way. */
export type RunEnd =
  | { readonly type: "completed" }
  | { readonly type: "interrupted" }
  | { readonly type: "failed"; readonly sentence: string };

/** Resolves at microsecond `at` of the run, or at once when it is interrupted. */
export const reach = (at: Micros, clock: RunClock, interruption: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (interruption.aborted) return resolve();
    const end = (): void => {
      cancel();
      interruption.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(Math.max(0, (at - clock.now()) / 1000), end);
    interruption.addEventListener("abort", end);
  });
