/**
 * Writes that arrive a second time, after they were acknowledged and perhaps overwritten: the same bytes, context and
 * write id, through any of the nodes, as a network that holds a request back would deliver it. They are writes of the
 * workload, and each copy stands in the history as one more attempt of its request; so the checkers judge what the
 * store made of them: a version that shows beside what was built on it, or comes back, breaks a promise of the store.
 *
 * Here is only looked whether they happen: the store has acknowledged some, by their names. How many writes its nodes
 * count as known already is told beside that, and proves nothing: a store that takes copies for new writes met them too.
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
      awaitEvidence(`An acknowledgement of ${copiesMin} late copies`, async () =>
        answered() >= copiesMin
          ? `the store acknowledged ${answered()} late copies, and its nodes knew ${await known()} writes already`
          : undefined,
      ),
    isGone: () =>
      awaitEvidence("The end of the late copies", async () => {
        const count = await known();
        await delay(lookAgainMs);
        return (await known()) - count < strayMax
          ? `the store acknowledged ${answered()} late copies, and its nodes knew ${count} writes already`
          : undefined;
      }),
  };
}
