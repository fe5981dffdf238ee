/**
 * Writes that arrive a second time, after they were acknowledged and perhaps overwritten: the same bytes, context and
 * write id, through any of the nodes, as a network that holds a request back would deliver it. They are writes of the
 * workload, and each copy stands in the history as one more attempt of its request; so the checkers judge what the
 * store made of them: a version that shows beside what was built on it, or comes back, breaks a promise of the store.
 *
 * Here is only looked whether they happen: the store has answered some, and its nodes count writes that they knew. A
 * store that knows none of them again is not proved to have met them, and its reads tell.
 */
import { setTimeout as delay } from "node:timers/promises";
import { awaitEvidence, grown, lookAtCounts } from "./burden-look.ts";
import type { Burden, BurdenTarget } from "./load-burden.ts";
import type { WorkloadClients } from "./workload-clients.ts";

const copiesMin = 5;
const lookAgainMs = 500;
/** A client of the workload may try again at any time; so few in a look are such tries. */
const strayMax = 5;

export async function lateDuplicates(target: BurdenTarget, workload: WorkloadClients): Promise<Burden> {
  const before = await lookAtCounts(target.all);
  const answeredBefore = workload.lateCopyCount;
  const answered = (): number => workload.lateCopyCount - answeredBefore;
  const known = async (): Promise<number> => grown(before, await lookAtCounts(target.all)).retries;
  workload.sendLateCopies(target.entries.map(({ node }) => node));
  return {
    going: { stop: async () => workload.sendLateCopies([]) },
    holds: () =>
      awaitEvidence(`${copiesMin} late copies of writes that the nodes know again`, async () => {
        const count = await known();
        return answered() >= copiesMin && count >= copiesMin
          ? `${answered()} late copies of writes were answered, and the nodes count ${count} writes that they knew already`
          : undefined;
      }),
    isGone: () =>
      awaitEvidence("The end of the late copies", async () => {
        const count = await known();
        await delay(lookAgainMs);
        return (await known()) - count < strayMax
          ? `${answered()} late copies were answered, and the nodes knew ${count} writes already`
          : undefined;
      }),
  };
}
