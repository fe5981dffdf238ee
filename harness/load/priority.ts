/**
 * Whether the process that makes the load goes before all others. The clients it plays have machines of their own in
 * the world; here they share a few processors with the store that they measure, and a request that is sent late
 * because a node was computing tells nothing of that node. The scheduler's real-time class, by `chrt` of util-linux,
 * is root's: elsewhere the load waits its turn, and the lag that it measures of itself says so.
 */
import { findProgram, problemOf, run } from "../shell.ts";

export type LoadPriority = "real-time" | "ordinary";

/** The lowest of that class is above every process outside of it. */
const lowest = "1";

const program = (): string => findProgram("chrt") ?? "chrt";

/** What is possible here, found out by doing it. */
export async function loadPriority(chrt = program()): Promise<LoadPriority> {
  const tried = await run(chrt, ["--fifo", lowest, "true"]);
  return problemOf(tried, "chrt") === undefined ? "real-time" : "ordinary";
}

/** All threads that the process has now, and those that they begin. What the process got, which may be less. */
export async function prioritise(pid: number, wanted: LoadPriority): Promise<LoadPriority> {
  if (wanted === "ordinary") return "ordinary";
  const done = await run(program(), ["--all-tasks", "--fifo", "--pid", lowest, String(pid)]);
  return problemOf(done, "chrt") === undefined ? "real-time" : "ordinary";
}
