/** The proof that a node's clock moved, or stopped: what the node says, against the true clock of this process. */
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import * as z from "zod";
import type { Done, NodeAddress } from "./cluster.ts";

/** Resolution of what is compared: both clocks are in whole milliseconds, and a backend may round one more. */
const toleranceMs = 2;
/** How long is looked for what should be there. */
const patienceMs = 5_000;

/**
 * How far a reading of `wallMs`, taken between two looks at the true clock, is ahead of it: somewhere from
 * `least` to `most`.
 */
export function aheadBy(wallMs: number, before: number, after: number): { least: number; most: number } {
  return { least: wallMs - after - toleranceMs, most: wallMs - before + toleranceMs };
}

/** Whether it tells such a shift from none: a slow answer leaves room for both, and then proves nothing. */
export const provesShift = (
  { least, most }: { readonly least: number; readonly most: number },
  offsetMs: number,
): boolean => least <= offsetMs && offsetMs <= most && (offsetMs === 0 || least > 0 || most < 0);

const clockSchema = z.object({ wallMs: z.number() });

/** The node's wall clock, or why it is not known. */
async function readClock({ verificationUrl }: NodeAddress): Promise<number | string> {
  try {
    const { body } = await request(`${verificationUrl}/verify/clock`, {
      signal: AbortSignal.timeout(patienceMs),
    });
    return clockSchema.parse(await body.json()).wallMs;
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}

/** Asks until the node's clock is seen shifted by `offsetMs`, at most for `withinMs`. */
export async function seenShift(
  address: NodeAddress,
  offsetMs: number,
  withinMs: number = patienceMs,
): Promise<Done> {
  const until = performance.now() + withinMs;
  for (;;) {
    const before = Date.now();
    const reading = await readClock(address);
    const after = Date.now();
    const seen = typeof reading === "number" ? aheadBy(reading, before, after) : undefined;
    if (seen !== undefined && provesShift(seen, offsetMs))
      return {
        type: "done",
        evidence: `the clock of ${address.node} reads ${seen.least} to ${seen.most} ms ahead`,
      };
    if (performance.now() >= until) {
      const last = seen === undefined ? reading : `it reads ${seen.least} to ${seen.most} ms ahead`;
      return {
        type: "failed",
        reason: `The clock of ${address.node} was not seen ${offsetMs} ms ahead: ${last}.`,
      };
    }
    await delay(10);
  }
}

/** So long the node must tell the same time, by the monotonic clock of this process. */
const stillMs = 100;

/** Asks until the node has told one and the same time for a tenth of a second, at most for `withinMs`. */
export async function seenFrozen(address: NodeAddress, withinMs: number = patienceMs): Promise<Done> {
  const until = performance.now() + withinMs;
  let [since, told] = [performance.now(), await readClock(address)];
  while (performance.now() < until) {
    await delay(10);
    const asked = performance.now();
    const reading = await readClock(address);
    if (reading !== told || typeof reading !== "number") [since, told] = [performance.now(), reading];
    else if (asked - since >= stillMs) {
      const stillFor = Math.floor(asked - since);
      return { type: "done", evidence: `the clock of ${address.node} told ${told} ms for ${stillFor} ms` };
    }
  }
  return { type: "failed", reason: `The clock of ${address.node} goes on: it told ${told} last.` };
}
