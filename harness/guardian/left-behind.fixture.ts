/**
 * What a run has on this machine while it lives, and what is still there once it is dead; all of it looked up in
 * /proc and /sys, nothing asked of the run. A run is known by the folder that it was given for its runs and its
 * temporary files: whatever it starts, mounts or lends names that folder, or lives below it.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { descendantsOf } from "../cluster/descendants.fixture.ts";
import { identify, isDead, type ProcessIdentity, stateOf } from "../cluster/process-identity.ts";
import { findProgram, run } from "../shell.ts";

/** Taken while the run lives: afterwards nobody can tell any more what was its own. */
export type Belongings = {
  readonly folder: string;
  readonly processes: readonly ProcessIdentity[];
  /** "net:[4026532281]", for each of its namespaces that is not ours. */
  readonly namespaces: ReadonlySet<string>;
  /** Paths of the control groups in which only its processes were. */
  readonly cgroups: readonly string[];
  /** Rules of the machine itself, before. */
  readonly rules: ReadonlySet<string>;
};

/** Undefined where there is no such file, or it is not ours to read. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const allPids = (): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

export const commandOf = (pid: number): readonly string[] =>
  (contentOf(`/proc/${pid}/cmdline`) ?? "").split("\0").filter((word) => word !== "");

function namespacesOf(pid: number | "self"): readonly string[] {
  return ["net", "pid", "mnt", "user"].flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)];
    } catch {
      return [];
    }
  });
}

type Mount = { readonly point: string; readonly type: string; readonly line: string };

const mounts = (): readonly Mount[] =>
  (contentOf("/proc/self/mountinfo") ?? "").split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [point, type] = [before.split(" ")[4], after.split(" ")[0]];
    return point === undefined || type === undefined ? [] : [{ point, type, line }];
  });

/** Directories of a process's control groups, in every hierarchy that is mounted. */
function cgroupsOf(pid: number | "self"): readonly string[] {
  const hierarchies = mounts().filter(({ type }) => type === "cgroup" || type === "cgroup2");
  return (contentOf(`/proc/${pid}/cgroup`) ?? "").split("\n").flatMap((line) => {
    const path = line.split(":").slice(2).join(":");
    return path === "" || path === "/" ? [] : hierarchies.map(({ point }) => `${point}${path}`);
  });
}

/** Of cutting, as this user sees them; empty where that is not allowed. */
async function rulesHere(): Promise<ReadonlySet<string>> {
  const asked = [
    ["nft", "list", "tables"],
    ["ip", "rule"],
  ].map(async ([name = "", ...words]) => {
    const program = findProgram(name);
    const outcome = program === undefined ? undefined : await run(program, words);
    return outcome?.type === "exited" ? outcome.stdout.split("\n") : [];
  });
  return new Set((await Promise.all(asked)).flat().filter((line) => line.trim() !== ""));
}

/** Everything below the process `pid`, it itself, and whoever else is in its namespaces. */
export async function belongingsOf(pid: number, folder: string): Promise<Belongings> {
  const below = [...[identify(pid)].filter((one) => one !== undefined), ...descendantsOf(pid)];
  const [ownNamespaces, ownCgroups] = [namespacesOf("self"), cgroupsOf("self")];
  const namespaces = below
    .flatMap((one) => namespacesOf(one.pid))
    .filter((name) => !ownNamespaces.includes(name));
  const inhabitants = allPids()
    .filter((one) => namespacesOf(one).some((name) => namespaces.includes(name)))
    .flatMap((one) => identify(one) ?? []);
  const processes = [...below, ...inhabitants];
  const cgroups = processes.flatMap((one) => cgroupsOf(one.pid)).filter((path) => existsSync(path));
  return {
    folder,
    processes,
    namespaces: new Set(namespaces),
    cgroups: [...new Set(cgroups.filter((path) => !ownCgroups.includes(path)))],
    rules: await rulesHere(),
  };
}

function processesLeft({ folder, processes }: Belongings): readonly ProcessIdentity[] {
  const marked = allPids()
    .filter((pid) => pid !== process.pid)
    .filter((pid) =>
      [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].some((path) => contentOf(path)?.includes(folder)),
    )
    .flatMap((pid) => identify(pid) ?? []);
  const all = new Map([...processes, ...marked].map((one) => [`${one.pid} ${one.startTime}`, one]));
  return [...all.values()].filter((one) => !isDead(stateOf(one)));
}

/**
 * Those that a mount keeps. What a process keeps goes with that process, which is looked for anyway; and its number
 * may be that of another namespace as soon as it has gone.
 */
function namespacesLeft({ namespaces }: Belongings): readonly string[] {
  const kept = mounts().filter(({ type }) => type === "nsfs");
  return [...namespaces].filter((name) => kept.some(({ line }) => line.includes(name)));
}

const loopDevicesLeft = ({ folder }: Belongings): readonly string[] =>
  (existsSync("/sys/block") ? readdirSync("/sys/block") : []).filter((name) =>
    contentOf(`/sys/block/${name}/loop/backing_file`)?.includes(folder),
  );

/** libfaketime names what it shares after a process. */
const sharedMemoryLeft = ({ processes }: Belongings): readonly string[] =>
  (existsSync("/dev/shm") ? readdirSync("/dev/shm") : []).filter((name) =>
    processes.some(({ pid }) => name.endsWith(`_${pid}`)),
  );

/** What is left of them, a line each; quick, to be asked again and again. */
export function leftBehind(belongings: Belongings, temporary: string): readonly string[] {
  return [
    ...processesLeft(belongings).map(
      (one) => `process ${one.pid} in state ${stateOf(one)}: ${commandOf(one.pid).join(" ")}`,
    ),
    ...namespacesLeft(belongings).map((name) => `namespace ${name}`),
    ...mounts().flatMap(({ line }) => (line.includes(belongings.folder) ? [`mount ${line}`] : [])),
    ...loopDevicesLeft(belongings).map((name) => `loop device ${name}`),
    ...belongings.cgroups.filter((path) => existsSync(path)).map((path) => `control group ${path}`),
    ...sharedMemoryLeft(belongings).map((name) => `shared memory ${name}`),
    ...readdirSync(temporary).map((name) => `temporary file ${name}`),
  ];
}

/** Rules on the machine itself that were not there before. */
export async function rulesLeft({ rules }: Belongings): Promise<readonly string[]> {
  return [...(await rulesHere())].filter((rule) => !rules.has(rule));
}
