/**
 * Writes that arrive a second time, seconds after they were acknowledged and overwritten: the same bytes, context and
 * write id, through another node, as a network that holds a request back would deliver it. The store has to know it
 * again (its count of retries says so), and must not show it beside what has replaced it.
 *
 * They go to a bucket of their own, and whether one came back is read here and not by the judge: a run whose store let
 * one come back cannot be shown to be healed, and is inconclusive with that sentence.
 */
import { setTimeout as delay } from "node:timers/promises";
import { get, paced, put } from "./burden-client.ts";
import { awaitEvidence, grown, lookAtCounts } from "./burden-look.ts";
import { type Burden, type BurdenTarget, entryOf } from "./load-burden.ts";

const perSecond = 20;
const lateMs = 1_500;
const retriesMin = 5;
const lookAgainMs = 500;

/** Times that this was begun: no key and no write id is used twice. */
let roundCount = 0;

export async function lateDuplicates(target: BurdenTarget): Promise<Burden> {
  const before = await lookAtCounts(target.all);
  roundCount += 1;
  const round = roundCount;
  let [repeatedCount, returnedCount] = [0, 0];
  const going = paced(perSecond, async (turn) => {
    const path = `/v1/duplicates/key-${round}-${turn}`;
    const [early, late] = [`late-${round}.${turn}/1`, `late-${round}.${turn}/2`];
    const urlOf = (one: number): string => `${entryOf(target, one)}${path}`;
    const first = await put(urlOf(turn), early, undefined, early);
    if (first?.status !== 200) return;
    const second = await put(urlOf(turn), late, first.context, late);
    if (second?.status !== 200) return;
    await delay(lateMs);
    const again = await put(urlOf(turn + 1), early, undefined, early);
    if (again?.status !== 200) return;
    repeatedCount += 1;
    const read = await get(urlOf(turn));
    if (read?.text.includes(`"writeId":"${early}"`) === true) returnedCount += 1;
  });
  const retries = async (): Promise<number> => grown(before, await lookAtCounts(target.all)).retries;
  return {
    going,
    holds: () =>
      awaitEvidence(`${retriesMin} writes that the nodes know again`, async () => {
        const count = await retries();
        // Clients of the workload try again too: what was answered here is counted among all that were known.
        return repeatedCount >= retriesMin && count >= repeatedCount
          ? `the nodes count ${count} writes that they knew already, ${repeatedCount} of them late duplicates`
          : undefined;
      }),
    isGone: async () => {
      if (returnedCount > 0) {
        return { type: "failed", reason: `${returnedCount} of ${repeatedCount} late duplicates came back.` };
      }
      return awaitEvidence("The end of the duplicates", async () => {
        const count = await retries();
        await delay(lookAgainMs);
        // A client of the workload may try again at any time.
        const isOver = (await retries()) - count < (perSecond * lookAgainMs) / 2_000;
        return isOver ? `${count} were known again, and none of ${repeatedCount} came back` : undefined;
      });
    },
  };
}
