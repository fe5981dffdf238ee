/** The generator's process, and the null server's, as the orchestrator holds them: forked, told, awaited, ended. */
import { execaNode } from "execa";
import { bundlePath } from "../bundle/project-root.ts";
import { heardOut } from "../heard-out.ts";
import { type LoadPriority, loadPriority, prioritise } from "../load/priority.ts";
import { promptly } from "../prompt-start.ts";
import type { FromGenerator, GeneratorDone, GeneratorJob, GeneratorProgress, ToGenerator } from "./job.ts";
import { loadSchedule } from "./load-schedule.ts";
import type { NullServerListening } from "./null-server-process.ts";
import { SampleLog } from "./sample-log.ts";

export type Generated = Omit<GeneratorDone, "type" | "samples"> & {
  readonly type: "generated";
  readonly log: SampleLog;
  readonly priority: LoadPriority;
};

export type GenerateOptions = {
  readonly signal?: AbortSignal;
  readonly onStarted?: (pid: number) => void;
  readonly onProgress?: (progress: GeneratorProgress) => void;
};

const fork = (program: string) =>
  execaNode(bundlePath(program), [], {
    ipc: true,
    nodeOptions: [...promptly],
    reject: false,
    stdin: "ignore",
    stdout: "ignore",
    serialization: "advanced",
    maxBuffer: 64 * 1024,
    forceKillAfterDelay: 3_000,
  });

/** Carries out one job in a process of its own. An aborted signal ends the load early, with what there is. */
export async function generate(
  job: GeneratorJob,
  { signal, onStarted, onProgress }: GenerateOptions = {},
): Promise<Generated | { readonly type: "failed"; readonly sentence: string }> {
  const wanted = await loadPriority();
  const child = fork("generator");
  if (child.pid !== undefined) onStarted?.(child.pid);
  const tell = (message: ToGenerator): void => void child.sendMessage(message).catch(() => {});
  const stop = (): void => tell({ type: "stop" });
  signal?.addEventListener("abort", stop);
  let priority: LoadPriority = "ordinary";
  let end: Extract<FromGenerator, { type: "done" | "failed" }> | undefined;
  child.on("message", (message: FromGenerator) => {
    if (message.type === "ready")
      void prioritise(child.pid ?? 0, wanted).then((got) => {
        priority = got;
        tell({ type: "start", job });
      });
    else if (message.type === "progress") onProgress?.(message);
    else end = message;
  });
  const result = await child;
  await heardOut(child);
  signal?.removeEventListener("abort", stop);
  if (end?.type === "failed") return end;
  if (end === undefined) {
    const how = result.signal === undefined ? `code ${result.exitCode}` : `signal ${result.signal}`;
    const said = result.stderr.trim().split("\n").at(-1) ?? "";
    return { type: "failed", sentence: `The generator ended early with ${how}. ${said}`.trim() };
  }
  const { samples, type: _, ...rest } = end;
  return { ...rest, type: "generated", priority, log: new SampleLog(loadSchedule(job), samples) };
}

export type RunningNullServer = NullServerListening & {
  readonly pid: number;
  stop(): Promise<void>;
};

/**
 * As urgent as the generator, so that what is measured is theirs and not a wait for a processor. Rejects with a
 * sentence when it does not come up.
 */
export async function forkNullServer(): Promise<RunningNullServer> {
  const wanted = await loadPriority();
  const child = fork("null-server");
  const listening = await Promise.race([
    new Promise<NullServerListening>((resolve) => child.once("message", resolve)),
    child.then(() => undefined),
  ]);
  if (listening === undefined || child.pid === undefined) throw new Error("The null server does not start.");
  await prioritise(child.pid, wanted);
  return {
    ...listening,
    pid: child.pid,
    stop: async () => {
      child.kill();
      await child;
    },
  };
}
