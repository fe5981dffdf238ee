/**
 * The pacer's thread: sleeps until the next arrival, says that it is due, sleeps again. It does nothing else, so that
 * nothing in the process delays it. A program of its own: see WorkerPacer.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { PacerWork } from "./pacer.ts";

const { schedule, stopped, startedHr } = workerData as PacerWork;

const nowUs = (): number => Number(process.hrtime.bigint() - startedHr) / 1000;

for (let next = 0; next < schedule.length && Atomics.load(stopped, 0) === 0; ) {
  const waitMs = ((schedule[next] ?? 0) - nowUs()) / 1000;
  if (waitMs > 0) Atomics.wait(stopped, 0, 0, waitMs);
  const first = next;
  const now = nowUs();
  while ((schedule[next] ?? Infinity) <= now) next += 1;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port to a thread, not to a window.
  if (next > first) parentPort?.postMessage(next);
}
