/**
 * The storage engine alone: as many writers as the cluster has connections put records of the same size, each waiting
 * for its sync, through the same group commit. What the cluster does per put beside three of these is the rest.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { cpuUsage } from "node:process";
import { openDurableStorage } from "../adapters/durable-storage.ts";

export type EngineFigures = { readonly perSecond: number; readonly cpuMicroseconds: number };

/** Puts per second of `writerCount` writers, and the CPU of one put, in this process. Throws when it cannot write. */
export async function measureEngine(
  writerCount: number,
  recordBytes: number,
  measuredMs: number,
): Promise<EngineFigures> {
  const directory = await mkdtemp(join(tmpdir(), "tipcart-bench-engine-"));
  try {
    const opening = await openDurableStorage("level", directory);
    if (opening.type === "refused") throw new Error(opening.detail);
    const { storage } = opening;
    const bytes = new Uint8Array(recordBytes).fill(118);
    const cpuBefore = cpuUsage();
    const beganMs = performance.now();
    let count = 0;
    const write = async (writer: number): Promise<void> => {
      for (let turn = 0; performance.now() - beganMs < measuredMs; turn += 1) {
        const key = `own-${writer}-${turn % 8}`;
        const outcome = await storage.write([{ type: "put", space: "values", key, bytes }], "synced");
        if (outcome.type === "failed") throw new Error(outcome.reason);
        count += 1;
      }
    };
    await Promise.all(Array.from({ length: writerCount }, (_, writer) => write(writer)));
    const seconds = (performance.now() - beganMs) / 1000;
    const { user, system } = cpuUsage(cpuBefore);
    await storage.close();
    return { perSecond: count / seconds, cpuMicroseconds: (user + system) / count };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
