/** The harness's end of its guardian: starts it, tells it of every process, and says good-bye. */
import { execa } from "execa";
import { bundlePath } from "../bundle/project-root.ts";
import type { ProcessWatch } from "../cluster/node-process.ts";
import { identify, type ProcessIdentity } from "../cluster/process-identity.ts";
import type { Message } from "./message.ts";

export type Guardian = {
  /** For a cluster: every process it starts and sees end. */
  readonly watch: ProcessWatch;
  /** Before the first control group of that prefix is made. */
  readonly watchGroups: (prefix: string) => void;
  readonly identity: ProcessIdentity;
  /** Everything is cleaned up; resolves when the guardian has gone. Idempotent. */
  readonly bye: () => Promise<void>;
};

export type GuardianStart =
  | { readonly type: "watching"; readonly guardian: Guardian }
  | { readonly type: "refused"; readonly reason: string };

/**
 * A session of its own keeps it out of the terminal's Ctrl-C. It holds nothing of the harness open but the pipe, and
 * does not keep the harness alive.
 */
export function startGuardian(program: string = bundlePath("guardian")): GuardianStart {
  const child = execa(process.execPath, [program], {
    reject: false,
    detached: true,
    cleanup: false,
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
    extendEnv: false,
    env: { PATH: process.env["PATH"] ?? "" },
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined)
    return { type: "refused", reason: `The guardian ${program} cannot be started.` };
  child.unref();
  // A guardian that was killed is not missed until something goes wrong; its pipe must not be what goes wrong.
  child.stdin.on("error", () => {});
  const tell = (message: Message): void => {
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  const guardian: Guardian = {
    identity,
    watch: {
      started: (started) => tell({ type: "started", ...started }),
      ended: (ended) => tell({ type: "ended", ...ended }),
    },
    watchGroups: (prefix) => tell({ type: "groups", prefix }),
    bye: async () => {
      // From here on the harness does wait for it.
      child.ref();
      tell({ type: "bye" });
      child.stdin.end();
      await child;
    },
  };
  return { type: "watching", guardian };
}
