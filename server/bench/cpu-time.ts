/** Time on a processor of processes, user and system together, as Linux counts it. */
import { readFileSync } from "node:fs";

/** `/proc` counts in hundredths of a second, whatever the kernel ticks in. */
const microsecondsOfTick = 10_000;
/** Fields behind the command's closing parenthesis, from zero. */
const fields = { user: 11, system: 12 } as const;

/** Microseconds that the processes have had until now, all threads. Throws when one of them is gone. */
export function cpuMicrosecondsOf(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command's name may hold spaces.
    const behindName = text.slice(text.lastIndexOf(")") + 2).split(" ");
    ticks += Number(behindName[fields.user]) + Number(behindName[fields.system]);
  }
  return ticks * microsecondsOfTick;
}
