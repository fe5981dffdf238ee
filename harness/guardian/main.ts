/**
 * The guardian: outlives a harness that crashed, by seconds, and ends what it left.
 *
 * It reads what the harness tells it from standard input. The end of that without a "bye" is the death of the
 * harness, however it died: then every process that was told of is ended, stopped ones too, if its start time still
 * matches, and every control group that was told of is removed. In a private namespace with process numbers of its own
 * the kernel does all this but for control groups, and for those alone there is one outside.
 */
import { createInterface } from "node:readline";
import { removeGroupsInTime } from "../cluster/cpu-groups.ts";
import { removeFaketimeFiles } from "../cluster/libfaketime-clock.ts";
import { awaitState, isDead, signalProcess } from "../cluster/process-identity.ts";
import { parseMessage, Watched } from "./message.ts";

const dieWithinMs = 5_000;
const watched = new Watched();

// It leaves with its harness, not with the terminal.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const message = parseMessage(line);
  if (message?.type === "bye") process.exit(0);
  if (message !== undefined) watched.hear(message);
}

const left = watched.processes;
for (const identity of left) signalProcess(identity, "SIGKILL");
await Promise.all(left.map((identity) => awaitState(identity, isDead, dieWithinMs)));
for (const { pid } of left) removeFaketimeFiles(pid);
await Promise.all(watched.groups.map(removeGroupsInTime));
