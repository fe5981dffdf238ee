/**
 * Faults that come in turns until they are healed: a partition that flaps, a process that gets little of the
 * processor, a clock that strobes or drifts. The first turn is the injection and its proof; the others follow at
 * their beat in the background, and what became of them is told at the heal.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Cluster, Done } from "../cluster/cluster.ts";
import type { Nemesis } from "./nemesis.ts";

export type Turns = Pick<Nemesis, "needs" | "backend" | "heal"> & {
  /** What is done in each turn, from 0. */
  readonly turn: (cluster: Cluster, number: number) => Promise<Done>;
  /** From the end of a turn to the next one. */
  readonly restMs: (number: number) => number;
};

type Tally = { count: number; failed: number };

export function recurring({ turn, restMs, heal, ...named }: Turns): Nemesis {
  const stop = new AbortController();
  let going: Promise<Tally> | undefined;

  const goOn = async (cluster: Cluster): Promise<Tally> => {
    const tally: Tally = { count: 1, failed: 0 };
    for (;;) {
      await delay(restMs(tally.count - 1), undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return tally;
      const outcome = await turn(cluster, tally.count).catch(() => undefined);
      tally.count += 1;
      if (outcome?.type !== "done") tally.failed += 1;
    }
  };

  return {
    ...named,
    inject: async (cluster) => {
      const first = await turn(cluster, 0);
      if (first.type === "done" && !stop.signal.aborted) going = goOn(cluster);
      return first;
    },
    heal: async (cluster) => {
      stop.abort();
      const { count, failed } = (await going) ?? { count: 0, failed: 0 };
      const healed = await heal(cluster);
      if (healed.type === "failed" || going === undefined) return healed;
      const missed = failed === 0 ? "" : `, of which ${failed} could not be seen`;
      return { type: "done", evidence: `${healed.evidence}; there were ${count} turns${missed}` };
    },
  };
}

/** On and off in turn, `onMs` and `offMs` each. */
export function alternating(fault: Nemesis, onMs: number, offMs: number): Nemesis {
  return recurring({
    ...fault,
    turn: (cluster, number) => (number % 2 === 0 ? fault.inject(cluster) : fault.heal(cluster)),
    restMs: (number) => (number % 2 === 0 ? onMs : offMs),
  });
}
