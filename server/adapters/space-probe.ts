/**
 * Whether there is room again on a disk that refused a write: a mebibyte is written beside the store, synced, and
 * removed. Asking the file system for its free bytes would not see quotas and limits on the size of files.
 */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Recovery } from "../ports/storage.ts";
import { messageOf } from "./framed-storage.ts";

const probeBytes = 1024 * 1024;

export async function probeSpace(directory: string): Promise<Recovery> {
  const path = join(directory, "space-probe");
  try {
    const file = await open(path, "w");
    try {
      await file.writeFile(Buffer.alloc(probeBytes, 1));
      await file.sync();
    } finally {
      await file.close();
    }
    return { type: "recovered" };
  } catch (thrown) {
    return { type: "failed", reason: messageOf(thrown) };
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}
