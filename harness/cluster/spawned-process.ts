/**
 * A child process that must not outlive its parent, with its log, its identity and its end.
 *
 * It leads a session of its own, so that a Ctrl-C in the terminal reaches the harness alone, which then ends things
 * in order. Its standard input is a pipe that nobody writes to: the end of file on it says that the parent is gone.
 */
import type { Readable } from "node:stream";
import { execa } from "execa";
import { identify, type ProcessIdentity } from "./process-identity.ts";

export type Command = {
  /** Absolute path, or a name to be found in PATH. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Standard output and standard error are appended to it. */
  readonly logFile: string;
};

export type Spawned = {
  readonly identity: ProcessIdentity;
  readonly output: Readable;
  /** Resolves when it has ended. */
  readonly ended: Promise<ProcessEnd>;
};

/** Either number or name is null. */
export type ProcessEnd = { readonly exitCode: number | null; readonly signal: string | null };

/** How it ended, as a part of a sentence: "by SIGKILL", "with code 64". */
export const howItEnded = ({ exitCode, signal }: ProcessEnd): string =>
  signal === null ? `with code ${exitCode ?? "unknown"}` : `by ${signal}`;

/** Undefined when the program cannot be run. Synchronous: whoever looks afterwards finds the process. */
export function spawnProcess(command: Command): Spawned | undefined {
  const log = { file: command.logFile, append: true } as const;
  const child = execa(command.program, command.arguments, {
    reject: false,
    buffer: false,
    detached: true,
    cleanup: false,
    extendEnv: false,
    env: command.environment,
    stdin: "pipe",
    stdout: ["pipe", log],
    stderr: log,
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const output = child.stdout;
  if (identity === undefined || output === null) return undefined;
  const ended = child.then(({ signal, exitCode }) => ({
    exitCode: exitCode ?? null,
    signal: signal ?? null,
  }));
  return { identity, output, ended };
}
