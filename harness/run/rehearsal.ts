/**
 * Before the run begins: reads and writes in a bucket that nobody judges, as many as the nodes can do and never more
 * than a few at a time. A node that has just started runs cold code, which costs twice the CPU of warm code; an open
 * load would meet it with more than there is, and what then piles up is the start's fault and not the store's. How
 * long that takes is the machine's affair, so the nodes rehearse until they are seen to be warm.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { NodeAddress } from "../cluster/cluster.ts";
import { clients, get, put } from "../nemesis/burden-client.ts";

const bucket = "rehearsal";
const clientCount = 12;
const keyCount = 400;
/** What is cold then gets warm only under the load itself, which is what the warm-up of a run is for. */
const longestS = 8;
/** With so many times what is asked for, cold code is warm enough. */
const ample = 5;
/** What else a run does takes its share: the clients' own work, other keys, repairs. */
const enough = 1.25;
/** A second that serves so much more than the best one before it tells of code that is still getting faster. */
const growth = 1.05;
const padding = "rehearsal ".repeat(60);

/**
 * Whether nodes that served so many requests in each second so far can do with `rate` of them: with ease, or well
 * enough and no better than before.
 */
export function isWarm(served: readonly number[], rate: number): boolean {
  const last = served.at(-1) ?? 0;
  if (last >= ample * rate) return true;
  const before = served.slice(0, -1);
  return before.length >= 2 && last >= enough * rate && last < growth * Math.max(...before);
}

/**
 * Resolves when the nodes are warm, after eight seconds, or when `isOver` says so, each time after the requests then
 * under way. Failures are of no interest.
 */
export async function rehearse(
  addresses: readonly NodeAddress[],
  rate: number,
  isOver: () => boolean,
): Promise<void> {
  let servedCount = 0;
  const going = clients(clientCount, async (turn) => {
    const address = addresses[turn % addresses.length];
    if (address === undefined) return;
    // In two steps: others count while this one waits.
    const answered = await readAndWrite(`${address.httpUrl}/v1/${bucket}/key-${turn % keyCount}`);
    servedCount += answered;
  });
  const served: number[] = [];
  while (!isOver() && served.length < longestS && !isWarm(served, rate)) {
    const before = servedCount;
    await delay(1_000);
    served.push(servedCount - before);
  }
  await going.stop();
}

/** How many of the two were answered. A node that does not answer yet is met again soon enough. */
async function readAndWrite(url: string): Promise<number> {
  const read = await get(url);
  const written = await put(url, padding, read?.context);
  return [read, written].filter((reply) => reply !== undefined).length;
}
