/** Little memory for one node: an option of Node's in its environment, seen from outside in /proc. */
import { readFile } from "node:fs/promises";
import type { Done } from "./cluster.ts";
import type { ProcessIdentity } from "./process-identity.ts";

const optionOf = (heapMb: number): string => `--max-old-space-size=${heapMb}`;

/** For the environment of the process. */
export const heapLimit = (heapMb: number): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: optionOf(heapMb),
});

/** Whether the process was started with that limit. */
export async function limitSeen({ pid }: ProcessIdentity, heapMb: number): Promise<Done> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const variable = `NODE_OPTIONS=${optionOf(heapMb)}`;
  return environment.split("\0").includes(variable)
    ? { type: "done", evidence: `process ${pid} serves with a heap of ${heapMb} MiB` }
    : { type: "failed", reason: `Process ${pid} serves without a limit of its heap.` };
}
