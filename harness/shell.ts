/**
 * Runs one command of the operating system: bounded in time and in kept output, and its failure a value.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";

export type ShellOutcome =
  | {
      readonly type: "exited";
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** It did not start, was killed, or ran out of time. */
  | { readonly type: "failed"; readonly reason: string };

export type ShellOptions = {
  /** Default 10 s; then SIGKILL. */
  readonly timeoutMs?: number;
  /** Written to its standard input, which is closed after that. */
  readonly input?: string;
  /** In place of the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory?: string;
  /** Characters kept of each stream (default 1 MiB); a command that says more is ended. */
  readonly outputMax?: number;
};

/** Never rejects. No shell takes part: arguments arrive as they are. */
export async function run(
  command: string,
  commandArguments: readonly string[],
  options: ShellOptions = {},
): Promise<ShellOutcome> {
  const timeout = options.timeoutMs ?? 10_000;
  const result = await execa(command, commandArguments, {
    reject: false,
    timeout,
    killSignal: "SIGKILL",
    maxBuffer: options.outputMax ?? 1024 * 1024,
    input: options.input ?? "",
    ...(options.env === undefined ? {} : { env: options.env, extendEnv: false }),
    ...(options.workingDirectory === undefined ? {} : { cwd: options.workingDirectory }),
  });
  const called = [command, ...commandArguments].join(" ");
  if (result.timedOut) return { type: "failed", reason: `${called} took longer than ${timeout} ms.` };
  if (result.isMaxBuffer) return { type: "failed", reason: `${called} said more than is kept.` };
  if (result.exitCode !== undefined)
    return { type: "exited", code: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  if (result.signal !== undefined)
    return { type: "failed", reason: `${called} was ended by ${result.signal}.` };
  return {
    type: "failed",
    reason: `${called} did not start: ${result.originalMessage ?? result.shortMessage}`,
  };
}

/** What went wrong, in one sentence; undefined when the command ended with 0. */
export function problemOf(outcome: ShellOutcome, command: string): string | undefined {
  if (outcome.type === "failed") return outcome.reason;
  if (outcome.code === 0) return undefined;
  const said = outcome.stderr.trim().split("\n")[0] ?? "";
  return `${command} ended with ${outcome.code}${said === "" ? "." : `: ${said}`}`;
}

/** Where programs of the administrator live, which the PATH of an ordinary user often leaves out. */
const administratorFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Absolute path of a program in PATH or the administrator's folders; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...administratorFolders];
  return folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
