/**
 * A run of the command line as a user starts it, brought to the moment in which its fault is seen to hold, and then
 * ended in mid-fault: by SIGKILL, by the Ctrl-C of a terminal, or by an exception that nobody catches. The exception
 * is thrown by a module that Node loads before the harness; the harness itself knows nothing of it.
 */
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { bundle } from "../bundle/bundle.ts";
import { entries } from "../bundle/entry.ts";
import { bundlePath } from "../bundle/project-root.ts";
import { descendantsOf } from "../cluster/descendants.fixture.ts";
import type { FaultName } from "../nemesis/fault-table.ts";
import { commandOf } from "./left-behind.fixture.ts";

export const deathWays = ["SIGKILL", "exception", "Ctrl-C"] as const;
export type DeathWay = (typeof deathWays)[number];

/** Kernel: in the private namespace. Proxy: outside of it, with a guardian. */
export const networks = ["kernel", "proxy"] as const;
export type Network = (typeof networks)[number];

/** Faults whose victim or moment is found while the run goes on. */
export const aimedFaults = ["pause@coordinator", "pause!state-appended", "kill!replica-acked"] as const;

export type Doom = { readonly fault: FaultName | (typeof aimedFaults)[number]; readonly network: Network };

const programs = new Set(["server", "cli", "load", "pacer-worker", "clock-preload", "guardian"]);

/** What a run starts, of these very sources. Throws where it cannot be built. */
export async function buildPrograms(): Promise<void> {
  const built = await bundle(entries.filter(({ name }) => programs.has(name)));
  if (built.type === "refused") throw new Error(built.reason);
}

/** Names whose notation is another, or says more. */
const notations: Partial<Record<Doom["fault"], string>> = {
  "partition:custom": "partition@n1>n2/n2>n3",
  "clock:jump": "clock:+1h",
  memory: "memory:64mb",
  join: "join@n5",
  leave: "leave@n4",
};

/** A circle in which nobody hears all, and a node that may go, need a fourth one. */
const ofFour: ReadonlySet<Doom["fault"]> = new Set<FaultName>(["partition:majorities-ring", "join", "leave"]);

const throwsWhenAsked = `process.on("SIGUSR2", () => { throw new Error("an exception in mid-fault"); });`;

/** As long as a death may have to be waited for. */
const phases = "--warm-up 0s --steady 1s --fault 120s --recovery 1s --closing 0s";
const load = "--rate 30 --seed 1 --no-calibrate";

function wordsOf({ fault, network }: Doom): readonly string[] {
  const nodes = ofFour.has(fault) ? 4 : 3;
  const faults = notations[fault] ?? fault;
  return `run --nodes ${nodes} ${load} --net ${network} --faults ${faults} ${phases}`.split(" ");
}

export type DoomedRun = {
  readonly pid: number;
  /** Below it everything that the run writes; in its command lines and environments. */
  readonly folder: string;
  readonly temporary: string;
  readonly end: (way: DeathWay) => void;
  /** What it has told its user so far. */
  readonly words: () => string;
  /** Of the process that a user started. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
};

export type Start =
  | { readonly type: "in mid-fault"; readonly run: DoomedRun }
  /** With the last words of the run: this machine or user cannot do it. */
  | { readonly type: "unavailable"; readonly reason: string };

const unavailableCode = 69;
/** A machine that has no time for a node to start has nothing to tell about deaths. */
const tooSlow = /did not serve within/;

/** Resolves when the run says that its fault is active. Throws its last words when it ends, or says something else. */
export async function startDoomedRun(doom: Doom, below: string): Promise<Start> {
  const folder = await mkdtemp(join(below, "doomed-"));
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  const preload = `data:text/javascript,${encodeURIComponent(throwsWhenAsked)}`;
  const runs = join(folder, "runs");
  const child = execa(
    process.execPath,
    ["--import", preload, bundlePath("cli"), ...wordsOf(doom), "--runs", runs],
    // A process group of its own is what a shell gives to a command, and what a terminal sends its Ctrl-C to.
    {
      detached: true,
      reject: false,
      buffer: false,
      stdin: "ignore",
      stdout: "ignore",
      env: { TMPDIR: temporary },
    },
  );
  const ended = child.then(({ exitCode, signal }) => ({ exitCode, signal }));
  const pid = child.pid ?? 0;
  const end = (way: DeathWay): void => endRun(pid, way);
  const said: string[] = [];
  const words = (): string => said.join("\n");
  const holds = await seenToHold(child.stderr, said);
  if (holds) return { type: "in mid-fault", run: { pid, folder, temporary, end, words, ended } };
  if (child.exitCode === null) child.kill("SIGINT");
  const { exitCode } = await ended;
  const last = said.at(-1) ?? "";
  if (exitCode === unavailableCode || tooSlow.test(last)) return { type: "unavailable", reason: last };
  throw new Error(`The run ended with ${exitCode} before its fault held:\n${words()}`);
}

/** Whether the run says so, or something else, or ends. Its lines are added to `said`, now and later. */
function seenToHold(stream: Readable, said: string[]): Promise<boolean> {
  const lines = createInterface({ input: stream });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      said.push(line);
      if (/ (active|ineffective|skipped): /.test(line)) resolve(line.includes(" active: "));
    });
    lines.once("close", () => resolve(false));
  });
}

function endRun(pid: number, way: DeathWay): void {
  switch (way) {
    case "SIGKILL":
      process.kill(pid, "SIGKILL");
      return;
    case "Ctrl-C":
      process.kill(-pid, "SIGINT");
      return;
    case "exception":
      process.kill(harnessOf(pid), "SIGUSR2");
  }
}

function isCommand(pid: number): boolean {
  const [program, ...words] = commandOf(pid);
  return program === process.execPath && words.includes(bundlePath("cli"));
}

/** Who does the work: the command itself, or the same command again in the private namespace. */
const harnessOf = (pid: number): number => descendantsOf(pid).find((one) => isCommand(one.pid))?.pid ?? pid;
