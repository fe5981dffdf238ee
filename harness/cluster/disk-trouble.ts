/**
 * What a sick disk does to a node: calls that fail or come late, through the disk shim. It has happened when the shim
 * has counted a call of the node that met it; a node which writes nothing meanwhile has not met it, and that is said.
 */
import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Done } from "./cluster.ts";
import { type DiskOrders, type NodeDisk, soundDisk } from "./disk-shim.ts";

export type DiskTrouble =
  | "full"
  | "io-error"
  | "sync-error"
  | "read-error"
  | "read-only"
  | "file-too-large"
  | "slow";

export const diskTroubles: readonly [DiskTrouble, ...DiskTrouble[]] = [
  "full",
  "io-error",
  "sync-error",
  "read-error",
  "read-only",
  "file-too-large",
  "slow",
];

/** A node ends with one of these when it cannot trust its disk any more or cannot open it: it does right, and no crash. */
export const diskFailedExitCodes: readonly number[] = [69, 74];

/** Of each write and each sync, µs: a commit of LevelDB is three of them. */
const slowUs = 20_000;
const metWithinMs = 3_000;
const endWithinMs = 2_000;

function ordersOf(trouble: DiskTrouble): DiskOrders {
  const { ENOSPC, EIO, EROFS, EFBIG } = constants.errno;
  switch (trouble) {
    case "full":
      return { ...soundDisk, writeErrno: ENOSPC };
    case "io-error":
      return { ...soundDisk, writeErrno: EIO };
    case "sync-error":
      return { ...soundDisk, syncErrno: EIO };
    case "read-error":
      return { ...soundDisk, readErrno: EIO };
    case "read-only":
      return { ...soundDisk, writeErrno: EROFS };
    case "file-too-large":
      return { ...soundDisk, writeErrno: EFBIG };
    case "slow":
      return { ...soundDisk, delayUs: slowUs };
  }
}

/** Waits up to `withinMs` until a call has met it. Failed: none did. It stays until `soothe` either way. */
export async function troubled(
  disk: NodeDisk,
  kind: DiskTrouble,
  withinMs: number = metWithinMs,
): Promise<Done> {
  const metSoFar = (): number => {
    const { failures, delays } = disk.counts();
    return failures + delays;
  };
  const before = metSoFar();
  disk.order(ordersOf(kind));
  for (const deadline = performance.now() + withinMs; ; await delay(20)) {
    const met = metSoFar() - before;
    if (met > 0) return { type: "done", evidence: `the disk was ${kind} for ${met} calls so far` };
    if (performance.now() > deadline)
      return { type: "failed", reason: `No call met the disk that is ${kind} within ${withinMs} ms.` };
  }
}

/**
 * Starts the node anew on a disk that cannot be read: what runs has most of its files in memory, and reads them as it
 * starts. That it refuses to serve then is right, so only the reads count. Failed: it did not stop, or met none.
 */
export async function unreadable(
  disk: NodeDisk,
  { stop, start }: Readonly<Record<"stop" | "start", () => Promise<Done>>>,
): Promise<Done> {
  const stopped = await stop();
  if (stopped.type === "failed") return stopped;
  const before = disk.counts().failures;
  disk.order(ordersOf("read-error"));
  const started = await start();
  const met = disk.counts().failures - before;
  const end = started.type === "done" ? "it serves all the same" : started.reason.replace(/\.$/, "");
  return met === 0
    ? { type: "failed", reason: "No read of the node that was started met the disk that cannot be read." }
    : { type: "done", evidence: `${met} reads failed as the node was started: ${end}` };
}

/**
 * A sound disk again. A node that met a failure may be about to end of it: it gets two seconds, so that nobody takes
 * that end for a crash later.
 */
export async function soothe(disk: NodeDisk, isUp: () => boolean): Promise<void> {
  disk.order(soundDisk);
  if (disk.counts().failures === 0) return;
  for (const deadline = performance.now() + endWithinMs; isUp() && performance.now() < deadline; )
    await delay(20);
}
