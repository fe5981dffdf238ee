/**
 * How many files a running process may have open: read from /proc, and changed by `prlimit` of util-linux. Only the
 * soft limit is touched, which an ordinary user may lower and raise again for a process of their own.
 */
import { readdir, readFile } from "node:fs/promises";
import { findProgram, problemOf, run } from "../shell.ts";
import type { Done } from "./cluster.ts";

/** The soft limit as /proc tells it, "unlimited" included; undefined when the process is gone. */
export async function softLimitOf(pid: number): Promise<string | undefined> {
  const limits = await readFile(`/proc/${pid}/limits`, "utf8").catch(() => "");
  return /^Max open files\s+(\S+)/m.exec(limits)?.[1];
}

/** What prlimit says; whether the limit then holds is for the caller to look at. */
export async function setSoftLimit(pid: number, soft: string): Promise<Done> {
  const prlimit = findProgram("prlimit");
  if (prlimit === undefined)
    return { type: "failed", reason: "prlimit (package util-linux) is not installed." };
  const outcome = await run(prlimit, ["--pid", String(pid), `--nofile=${soft}:`]);
  const problem = problemOf(outcome, "prlimit");
  return problem === undefined
    ? { type: "done", evidence: `a limit of ${soft}` }
    : { type: "failed", reason: problem };
}

/** Numbers of files that follow each other with smaller gaps than this belong together. */
const gap = 16;

/**
 * The limit at which next to no number is left: where the files opened one after another end. Some programs keep one
 * far above all others, so the highest number would leave room for hundreds. Rejects when the process is gone.
 */
export async function fullLimitOf(pid: number): Promise<number> {
  return endOfRow((await readdir(`/proc/${pid}/fd`)).map(Number));
}

export function endOfRow(numbers: readonly number[]): number {
  let end = 0;
  for (const number of numbers.toSorted((a, b) => a - b)) {
    if (number >= end + gap) break;
    end = number + 1;
  }
  return end;
}
