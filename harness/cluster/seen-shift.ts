/** The proof that a node's clock moved: what the node says, against the true clock of this process. */
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import * as z from "zod";
import type { Done, NodeAddress } from "./cluster.ts";

/** Resolution of what is compared: both clocks are in whole milliseconds, and a backend may round one more. */
const toleranceMs = 2;
const withinMs = 3_000;

/**
 * How far a reading of `wallMs`, taken between two looks at the true clock, is ahead of it: somewhere from
 * `least` to `most`.
 */
export function aheadBy(wallMs: number, before: number, after: number): { least: number; most: number } {
  return { least: wallMs - after - toleranceMs, most: wallMs - before + toleranceMs };
}

const clockSchema = z.object({ wallMs: z.number() });

/** The node's wall clock, or why it is not known. */
async function readClock({ verificationUrl }: NodeAddress): Promise<number | string> {
  try {
    const { body } = await request(`${verificationUrl}/verify/clock`, {
      signal: AbortSignal.timeout(withinMs),
    });
    return clockSchema.parse(await body.json()).wallMs;
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}

/** Asks until the node's clock is seen shifted by `offsetMs`, at most for 3 s. */
export async function seenShift(address: NodeAddress, offsetMs: number): Promise<Done> {
  const until = performance.now() + withinMs;
  for (;;) {
    const before = Date.now();
    const reading = await readClock(address);
    const after = Date.now();
    const seen = typeof reading === "number" ? aheadBy(reading, before, after) : undefined;
    if (seen !== undefined && seen.least <= offsetMs && offsetMs <= seen.most)
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
