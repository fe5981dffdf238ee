/** The pacer of a kind, for the programs of `.build`, where the worker pacer's thread is a file beside them. */
import type { RunClock } from "../client/run-clock.ts";
import { type Pacer, type PacerKind, SpinPacer, TimerPacer, WorkerPacer } from "./pacer.ts";

export const pacerOf = (kind: PacerKind, clock: RunClock, startedHr: bigint): Pacer => {
  switch (kind) {
    case "worker":
      return new WorkerPacer(new URL("./pacer-worker.js", import.meta.url), startedHr);
    case "timer":
      return new TimerPacer(clock);
    case "spin":
      return new SpinPacer(clock);
  }
};
