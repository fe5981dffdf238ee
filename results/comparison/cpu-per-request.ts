/**
 * What a request costs: processor time of all processes of the run, the generator's included, over the requests that
 * were due meanwhile. Unlike a latency it hardly depends on what else the machine does.
 */
import type { History } from "../../checkers/history/history.ts";
import { loadRequests } from "../load-requests.ts";

/** Milliseconds, over the looks at the machine that lie whole in a steady phase; null where there are none. */
export const cpuPerRequest = (history: History): number | null => {
  const spans = history.machine.flatMap(({ at, ownCpuMs }, index) => {
    const from = history.machine[index - 1]?.at;
    const isSteady = history.phases.some(
      (phase) => phase.kind === "steady" && from !== undefined && from >= phase.from && at <= phase.until,
    );
    return isSteady && from !== undefined && ownCpuMs !== undefined ? [{ from, until: at, ownCpuMs }] : [];
  });
  let requestCount = 0;
  for (const { due } of loadRequests(history))
    if (spans.some(({ from, until }) => due >= from && due < until)) requestCount += 1;
  const cpuMs = spans.reduce((sum, span) => sum + span.ownCpuMs, 0);
  return requestCount === 0 ? null : cpuMs / requestCount;
};
