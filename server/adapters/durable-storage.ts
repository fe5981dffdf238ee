/**
 * Opens a node's store on disk with the engine that the configuration names.
 *
 * A store that cannot be opened because its files make no sense is set aside as a whole: renamed, never deleted and
 * never repaired by the engine, whose repair drops what it cannot read. The node then begins with an empty store, as
 * somebody who remembers nothing. What is merely in use, or belongs to another engine, is refused.
 */
import { mkdir, readdir, rename, stat } from "node:fs/promises";
import type { StorageEngine } from "../config.ts";
import type { Storage } from "../ports/storage.ts";
import { type CommitObserver, type Engine, FramedStorage, messageOf } from "./framed-storage.ts";
import { isLevelCorruption, isLevelLocked, openLevel } from "./level-storage.ts";
import { DamagedStore, isLmdbCorruption, openLmdb } from "./lmdb-storage.ts";

export type EngineName = Exclude<StorageEngine, "memory">;

export type StorageOpening =
  /** `setAside`: where a damaged store was moved, out of whose place this new one is. */
  | { readonly type: "opened"; readonly storage: Storage; readonly setAside?: string }
  /** `in-use`: another process has it · `unusable`: anything else that somebody has to look at. */
  | { readonly type: "refused"; readonly reason: "in-use" | "unusable"; readonly detail: string };

/** Opens the store in `directory`, making both when absent. Never rejects; `detail` is one sentence. */
export async function openDurableStorage(
  engineName: EngineName,
  directory: string,
  observeCommit: CommitObserver = () => undefined,
): Promise<StorageOpening> {
  try {
    await mkdir(directory, { recursive: true });
    const owner = await engineOf(directory);
    if (owner !== undefined && owner !== engineName) {
      const detail = `The data directory ${directory} holds a store of ${owner}, the configuration says ${engineName}.`;
      return { type: "refused", reason: "unusable", detail };
    }
    return {
      type: "opened",
      storage: new FramedStorage(await openEngine(engineName, directory, observeCommit)),
    };
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
    if (isDamage(cause)) return openInPlaceOf(engineName, directory, observeCommit);
    return refusalOf(directory, cause);
  }
}

async function openInPlaceOf(
  engineName: EngineName,
  directory: string,
  observeCommit: CommitObserver,
): Promise<StorageOpening> {
  try {
    const setAside = await freeNameFor(directory);
    await rename(directory, setAside);
    await mkdir(directory);
    const engine = await openEngine(engineName, directory, observeCommit);
    return { type: "opened", storage: new FramedStorage(engine), setAside };
  } catch (thrown) {
    return refusalOf(directory, thrown);
  }
}

function openEngine(name: EngineName, directory: string, observeCommit: CommitObserver): Promise<Engine> {
  switch (name) {
    case "level":
      return openWholeLevel(directory, observeCommit);
    case "lmdb":
      return openLmdb(directory, observeCommit);
  }
}

/** LevelDB takes a directory without its first file for an empty one, and deletes what it finds there. */
async function openWholeLevel(directory: string, observeCommit: CommitObserver): Promise<Engine> {
  const files = await readdir(directory);
  if (!files.includes("CURRENT") && files.some((file) => /\.(log|ldb)$|^MANIFEST-/.test(file))) {
    throw new DamagedStore("the file CURRENT is missing");
  }
  return openLevel(directory, observeCommit);
}

async function engineOf(directory: string): Promise<EngineName | undefined> {
  const files = await readdir(directory);
  if (files.includes("data.mdb")) return "lmdb";
  return files.includes("CURRENT") ? "level" : undefined;
}

async function freeNameFor(directory: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const name = `${directory}.damaged-${count}`;
    const isTaken = await stat(name).then(
      () => true,
      () => false,
    );
    if (!isTaken) return name;
  }
}

function isDamage(cause: unknown): boolean {
  return isLevelCorruption(cause) || isLmdbCorruption(cause);
}

function refusalOf(directory: string, cause: unknown): StorageOpening {
  if (isLevelLocked(cause) || isLevelLocked(cause instanceof Error ? cause.cause : undefined)) {
    const detail = `The data directory ${directory} is in use by another process.`;
    return { type: "refused", reason: "in-use", detail };
  }
  const detail = `The data directory ${directory} cannot be used: ${messageOf(cause)}.`;
  return { type: "refused", reason: "unusable", detail };
}
