/**
 * Table 2 of the paper (§6.4; experiment E5): the same store asked through a front, as through a load balancer, and by
 * the library that coordinates in the client. The paper's ratios are 2.27 and 2.25 for the 99.9th percentile of reads
 * and writes, 2.5 and 2.1 for the mean.
 *
 * The ways take turns of two seconds, so that whatever else the machine does hits all alike; copies are kept in memory, so
 * that hops are compared and not disks. A third way, to some node without a front, tells what the front alone costs.
 */
import type { Session } from "../client/session.ts";
import type { ExperimentOptions, Finding } from "./experiment.ts";
import { inTurns } from "./in-turns.ts";
import { type Latencies, latenciesOf } from "./latencies.ts";
import { type Timed, timesOf } from "./open-load.ts";
import { RealStore, type Way } from "./real-store.ts";

const ways = ["front", "node", "library"] as const satisfies readonly Way[];
const perSecond = 50;
/** Turns of each way that fill the carts and warm its processes up, and are not counted. */
const warmUpCount = 3;

export async function* clientCoordination({ programs, isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const store = await RealStore.start({ programs, nodeCount: 5, storage: "memory" });
  try {
    const sessions = new Map<Way, Session>();
    for (const way of ways) sessions.set(way, (await store.client(way)).session());
    const timed = await inTurns({ sessions, perSecond, warmUpCount, turnCount: isQuick ? 4 : 20 });
    for (const kind of ["read", "write"] as const) {
      const of = (way: Way): Latencies => latenciesOf(timesOf(timed.get(way) ?? [], kind));
      const library = of("library");
      for (const way of ["front", "node"] as const) {
        const other = of(way);
        const mean = other.meanMs / library.meanMs;
        const p99 = other.p99Ms / library.p99Ms;
        const p999 = other.p999Ms / library.p999Ms;
        yield {
          line:
            `${kind}s by way of a ${way} over the library: ${mean.toFixed(2)} mean, ${p99.toFixed(2)} p99, ` +
            `${p999.toFixed(2)} p99.9 (${other.count} and ${library.count} requests, ${failedIn(timed, way)} and ${failedIn(timed, "library")} failed; ` +
            `the library ${library.meanMs.toFixed(2)} ms mean)`,
          figures: {
            kind,
            way,
            mean,
            p99,
            p999,
            ...other,
            libraryMeanMs: library.meanMs,
            failedCount: failedIn(timed, way),
          },
        };
      }
    }
  } finally {
    await store.stop();
  }
}

/** Reads and writes together. */
function failedIn(timed: ReadonlyMap<Way, readonly Timed[]>, way: Way): number {
  return (timed.get(way) ?? []).filter(({ isOk }) => !isOk).length;
}
