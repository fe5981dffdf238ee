/**
 * The machine as a run sees it, second by second: how much of its processors others took, and how long the run's own
 * processes had to wait for one. Read from /proc: `stat` for the whole machine, `<pid>/stat` and `<pid>/schedstat`
 * for this process and all that descend from it. Where there is no /proc nothing is said.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { MachineHealth, Micros } from "../../checkers/history/event.ts";

/** Ticks of a hundredth of a second; own times in nanoseconds. */
export type MachineLook = {
  readonly busyTicks: number;
  readonly stealTicks: number;
  readonly allTicks: number;
  readonly own: ReadonlyMap<number, OwnTime>;
};

export type OwnTime = { readonly ticks: number; readonly ranNs: number; readonly waitedNs: number };

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
export function parseMachineTicks(text: string): Omit<MachineLook, "own"> | undefined {
  const [name, ...figures] = text.split("\n")[0]?.trim().split(/\s+/) ?? [];
  if (name !== "cpu" || figures.length < 8) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] =
    figures.map(Number);
  const busyTicks = user + nice + system + irq + softIrq;
  return { busyTicks, stealTicks: steal, allTicks: busyTicks + idle + ioWait + steal };
}

/** Parent and CPU of one process; the command's name may hold anything, so fields count from its last bracket. */
export function parseProcessTicks(
  text: string,
): { readonly parent: number; readonly ticks: number } | undefined {
  const fields = text
    .slice(text.lastIndexOf(")") + 1)
    .trim()
    .split(" ");
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  if (
    parent === undefined ||
    user === undefined ||
    system === undefined ||
    Number.isNaN(parent + user + system)
  )
    return undefined;
  return { parent, ticks: user + system };
}

/** What happened between two looks. Processes that began in between count from their beginning. */
export function machineHealth(before: MachineLook, after: MachineLook, at: Micros): MachineHealth {
  const all = Math.max(1, after.allTicks - before.allTicks);
  let ownTicks = 0;
  let ran = 0;
  let waited = 0;
  for (const [pid, time] of after.own) {
    const earlier = before.own.get(pid);
    ownTicks += time.ticks - (earlier?.ticks ?? 0);
    ran += time.ranNs - (earlier?.ranNs ?? 0);
    waited += time.waitedNs - (earlier?.waitedNs ?? 0);
  }
  return {
    type: "machine",
    at,
    foreignShare: share(after.busyTicks - before.busyTicks - ownTicks, all),
    stealShare: share(after.stealTicks - before.stealTicks, all),
    waitShare: share(waited, ran + waited),
    ownCpuMs: Math.max(0, ownTicks) * msPerTick,
  };
}

/** USER_HZ, which Linux shows to programs whatever the kernel was built with. */
const msPerTick = 10;

const share = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/** Undefined where /proc does not tell. `rootPid` and all that descend from it are the run's own. */
export function lookAtMachine(rootPid: number): MachineLook | undefined {
  const machine = parseMachineTicks(read("/proc/stat") ?? "");
  if (machine === undefined) return undefined;
  const processes = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const ticks = parseProcessTicks(read(`/proc/${entry}/stat`) ?? "");
    if (ticks !== undefined) processes.set(Number(entry), ticks);
  }
  const own = new Map<number, OwnTime>();
  for (const [pid, { ticks }] of processes) {
    if (!descends(pid, rootPid, processes)) continue;
    const [ranNs = 0, waitedNs = 0] = (read(`/proc/${pid}/schedstat`) ?? "").split(" ").map(Number);
    own.set(pid, { ticks, ranNs, waitedNs });
  }
  return { ...machine, own };
}

function descends(
  pid: number,
  rootPid: number,
  processes: ReadonlyMap<number, { readonly parent: number }>,
): boolean {
  const seen = new Set<number>();
  for (
    let one: number | undefined = pid;
    one !== undefined && !seen.has(one);
    one = processes.get(one)?.parent
  ) {
    if (one === rootPid) return true;
    seen.add(one);
  }
  return false;
}

/** Looks once a second until it is stopped. Nothing is recorded where /proc does not tell. */
export function watchMachine(now: () => Micros, record: (health: MachineHealth) => void): () => void {
  let before = lookAtMachine(process.pid);
  const timer = setInterval(() => {
    const after = lookAtMachine(process.pid);
    if (before !== undefined && after !== undefined) record(machineHealth(before, after, now()));
    before = after;
  }, 1000);
  return () => clearInterval(timer);
}
