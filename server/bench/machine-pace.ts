/**
 * How fast this machine computes in this minute: the CPU time of one step of a fixed loop.
 *
 * A virtual machine whose host is busy, or a core whose other thread is, counts the time it waits as time it worked:
 * the same request was seen to cost five times as much from one hour to the next. Beside a piece of arithmetic that
 * never changes, figures of different minutes can be compared.
 */
import { cpuUsage } from "node:process";

const steps = 20_000_000;

/** Nanoseconds of CPU of one step; takes tens of milliseconds. */
export function nanosecondsOfStep(): number {
  const before = cpuUsage();
  let state = 1;
  for (let step = 0; step < steps; step += 1) state = (Math.imul(state, 31) + step) | 0;
  const { user, system } = cpuUsage(before);
  // The loop has no other use; without one it would be left out.
  return ((user + system) * 1000) / steps + (state === 0.5 ? 1 : 0);
}
