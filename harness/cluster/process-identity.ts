/**
 * A process that can be told from a later one with the same number: its pid together with the moment it started.
 *
 * All that is known of it is read from /proc/<pid>/stat. A dead process may stay a zombie for a while (in containers
 * process 1 reaps late) and still answer to signal 0, so the state letter decides. A signal is sent only when the
 * start time still matches; between that look and the signal lies a gap of microseconds in which the number would
 * have to be freed and taken again, out of four million.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of stat, as it stands there. */
  readonly startTime: string;
};

/** R running, S sleeping, D in the kernel, T stopped, Z zombie …; `gone`: no such process any more. */
export type StateLetter = string;

type Stat = { readonly letter: StateLetter; readonly startTime: string };

/** The command name stands in brackets and may hold anything, brackets and spaces too; so fields count from the last. */
export function parseStat(text: string): Stat | undefined {
  const fields = text
    .slice(text.lastIndexOf(")") + 1)
    .trim()
    .split(" ");
  const letter = fields[0];
  const startTime = fields[19];
  return letter === undefined || letter === "" || startTime === undefined ? undefined : { letter, startTime };
}

function readStat(pid: number): Stat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Undefined when there is no such process. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat === undefined ? undefined : { pid, startTime: stat.startTime };
}

export function stateOf(identity: ProcessIdentity): StateLetter | "gone" {
  const stat = readStat(identity.pid);
  return stat?.startTime === identity.startTime ? stat.letter : "gone";
}

/** True of the dead, reaped or not. */
export function isDead(letter: StateLetter): boolean {
  return letter === "gone" || letter === "Z" || letter === "X";
}

/** False when the process is dead, or its number belongs to another one now: then nothing was signalled. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (isDead(stateOf(identity))) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** Looks at /proc until the letter is the wanted one or the time is over; resolves with the last letter seen. */
export async function awaitState(
  identity: ProcessIdentity,
  isWanted: (letter: StateLetter) => boolean,
  deadlineMs: number,
): Promise<StateLetter> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const letter = stateOf(identity);
    if (isWanted(letter) || performance.now() >= until) return letter;
    await delay(2);
  }
}
