/**
 * Ways to do the same that take turns, so that whatever else the machine does hits all of them alike. The first turns of
 * each fill the carts and warm its processes up, and are not counted.
 */
import type { Session } from "../client/session.ts";
import { chanceOf } from "../models/chance.ts";
import { shop, type Timed } from "./open-load.ts";

const turnMs = 2_000;

export type Turns<Way extends string> = {
  /** Who asks by each way, in the order of their turns. */
  readonly sessions: ReadonlyMap<Way, Session>;
  readonly perSecond: number;
  readonly warmUpCount: number;
  /** Of each way, those of the warm-up not among them. */
  readonly turnCount: number;
};

/** What was timed by each way; the way is the bucket as well. */
export async function inTurns<Way extends string>(
  turns: Turns<Way>,
): Promise<ReadonlyMap<Way, readonly Timed[]>> {
  const { sessions, perSecond, warmUpCount, turnCount } = turns;
  const chance = chanceOf(1);
  const timed = new Map<Way, Timed[]>([...sessions.keys()].map((way) => [way, []]));
  for (let turn = 0; turn < warmUpCount + turnCount; turn += 1) {
    for (const [way, session] of sessions) {
      const load = { perSecond: () => perSecond, durationMs: turnMs, bucket: way, chance };
      const some = await shop(session, load);
      if (turn >= warmUpCount) timed.get(way)?.push(...some);
    }
  }
  return timed;
}
