/**
 * The whole run again, inside a private namespace: this process only waits for it, hands signals on and ends as it
 * ended. Should this process be killed, the kernel ends unshare (or, where setpriv is missing, a guardian does), and
 * with unshare everything inside.
 *
 * The inner process leads a session of its own. A Ctrl-C in the terminal so reaches only the outer one, which hands
 * it on once; output still goes to the terminal itself.
 */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { execa } from "execa";
import { type CpuGroups, findCpuGroups, removeGroupsInTime } from "../cluster/cpu-groups.ts";
import { identify, signalProcess } from "../cluster/process-identity.ts";
import { type Guardian, startGuardian } from "../guardian/guardian.ts";
import { findProgram } from "../shell.ts";
import { detectEnclosure } from "./detect.ts";
import {
  type CutTool,
  type Enclosure,
  enclosureHere,
  enclosureNote,
  enclosureVariable,
} from "./enclosure.ts";

/** Handed on as they come. SIGWINCH, so that a progress display follows the terminal's width. */
const handedOn: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGWINCH"];
const ending: ReadonlySet<NodeJS.Signals> = new Set<NodeJS.Signals>([
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
]);

/** Told from the outer process to the inner one: what the names of control groups have in common. */
const groupsVariable = "TIPCART_CPU_GROUPS";

/** So many requests to end, and the inner process is not asked any more. */
const patience = 3;

/**
 * Ends with the code of the command, 128 + n when signal n ended it, 70 when it could not be started. `command` is
 * an absolute path. Standard input, output and error are this process's own.
 */
export async function runEnclosed(
  enclosure: Enclosure,
  command: string,
  commandArguments: readonly string[],
  cpuGroups?: CpuGroups,
): Promise<number> {
  const [program = "unshare", ...rest] = enclosedCommand(enclosure, [command, ...commandArguments]);
  const child = execa(program, rest, {
    reject: false,
    stdio: "inherit",
    detached: true,
    cleanup: false,
    env: {
      [enclosureVariable]: enclosureNote(enclosure),
      ...(cpuGroups === undefined ? {} : { [groupsVariable]: cpuGroups.token }),
    },
  });
  const isGuarded = !hasSetpriv() || cpuGroups !== undefined;
  const guardian = child.pid === undefined || !isGuarded ? undefined : guardianOf(child.pid, cpuGroups);
  let askedToEnd = 0;
  const handOn = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    if (ending.has(signal)) askedToEnd += 1;
    if (askedToEnd >= patience) child.kill("SIGKILL");
    else signalInner(child.pid, enclosure, signal);
  };
  for (const signal of handedOn) process.on(signal, handOn);
  const { exitCode, signal } = await child;
  for (const one of handedOn) process.off(one, handOn);
  if (cpuGroups !== undefined) await removeGroupsInTime(cpuGroups.prefix);
  await guardian?.bye();
  if (exitCode !== undefined) return exitCode;
  return signal === undefined ? 70 : 128 + constants.signals[signal];
}

const hasSetpriv = (): boolean => findProgram("setpriv") !== undefined;

/**
 * Where no program can ask the kernel to end unshare with its parent, a process of ours does; and it removes control
 * groups, which are no part of any namespace.
 */
function guardianOf(pid: number, cpuGroups: CpuGroups | undefined): Guardian | undefined {
  const start = startGuardian();
  const identity = identify(pid);
  if (start.type === "refused" || identity === undefined) return undefined;
  start.guardian.watch.started(identity);
  if (cpuGroups !== undefined) start.guardian.watchGroups(cpuGroups.prefix);
  return start.guardian;
}

/**
 * Program and arguments. Loopback comes up before the command starts, and with mounts of our own comes an empty
 * /dev/shm, where libfaketime names files after process numbers, which are the same ones in every run.
 *
 * With process numbers of our own the shell stays the first process: it waits for orphans, and it ends as the
 * command ended. Unshare itself ends with 1 when its child dies of a signal, and 1 is a verdict.
 */
export function enclosedCommand(enclosure: Enclosure, command: readonly string[]): string[] {
  const [setpriv, unshare, ip] = [findProgram("setpriv"), findProgram("unshare"), findProgram("ip")];
  const guard = setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL"];
  const prepare = '"$0" link set lo up || exit 70';
  const script = enclosure.isPidPrivate
    ? `mount -t tmpfs tipcart /dev/shm 2>/dev/null; ${prepare}; "$@"; exit $?`
    : `${prepare}; exec "$@"`;
  return [...guard, unshare ?? "unshare", ...enclosure.flags, "sh", "-c", script, ip ?? "ip", ...command];
}

/** The command: with process numbers of our own the child of the shell, which is unshare's; otherwise unshare became it. */
function signalInner(outer: number, enclosure: Enclosure, signal: NodeJS.Signals): void {
  const shell = enclosure.isPidPrivate ? firstChild(outer) : undefined;
  const inner = enclosure.isPidPrivate ? shell && firstChild(shell) : outer;
  const identity = inner === undefined ? undefined : identify(inner);
  if (identity !== undefined) signalProcess(identity, signal);
}

function firstChild(pid: number): number | undefined {
  try {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    return first === undefined || first === "" ? undefined : Number(first);
  } catch {
    return undefined;
  }
}

export type Entered =
  /** This process is the inner one: go on. */
  | { readonly type: "inside"; readonly enclosure: Enclosure }
  /** The inner process has done everything; end with its code. */
  | { readonly type: "ended"; readonly exitCode: number }
  | { readonly type: "unavailable"; readonly reason: string };

/**
 * Called first thing by a command that wants real cuts: once outside, where it runs itself again, once inside.
 * `needsGroups`: control groups are found there by `cpuGroupsInside`, and removed whatever happens.
 */
export async function enterPrivateNetwork(wanted?: CutTool, needsGroups = false): Promise<Entered> {
  const here = enclosureHere();
  if (here !== undefined) return { type: "inside", enclosure: here };
  const detected = await detectEnclosure(wanted);
  if (detected.type === "unavailable") return detected;
  const again = [...process.execArgv, ...process.argv.slice(1)];
  const found = needsGroups ? findCpuGroups() : undefined;
  const groups = found?.type === "found" ? found.groups : undefined;
  return { type: "ended", exitCode: await runEnclosed(detected.enclosure, process.execPath, again, groups) };
}

/** Those that a guardian outside knows of; none where nobody would remove them. */
export function cpuGroupsInside(): CpuGroups | undefined {
  const token = process.env[groupsVariable];
  const found = token === undefined ? undefined : findCpuGroups(token);
  return found?.type === "found" ? found.groups : undefined;
}
