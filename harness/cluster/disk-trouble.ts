/**
 * What a sick disk does to a node: calls that fail or come late, through the disk shim. It has happened when the shim
 * has counted a call of the node that met it; a node which writes nothing meanwhile has not met it, and that is said.
 */
import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Done } from "./cluster.ts";
import { type DiskOrders, type NodeDisk, soundDisk } from "./disk-shim.ts";

export type DiskTrouble = "full" | "io-error" | "sync-error" | "read-only" | "file-too-large" | "slow";

export const diskTroubles: readonly [DiskTrouble, ...DiskTrouble[]] = [
  "full",
  "io-error",
  "sync-error",
  "read-only",
  "file-too-large",
  "slow",
];

/** A node ends with this when its disk cannot be trusted any more, which is right and no crash. */
export const diskFailedExitCode = 74;

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
 * A sound disk again. A node that met a failure may be about to end of it: it gets two seconds, so that nobody takes
 * that end for a crash later.
 */
export async function soothe(disk: NodeDisk, isUp: () => boolean): Promise<void> {
  disk.order(soundDisk);
  if (disk.counts().failures === 0) return;
  for (const deadline = performance.now() + endWithinMs; isUp() && performance.now() < deadline; )
    await delay(20);
}
