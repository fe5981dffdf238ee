/**
 * Opens a node's store on disk with the engine that the configuration names.
 *
 * A store that cannot be opened because its files make no sense is set aside as a whole: renamed, never deleted and
 * never repaired by the engine, whose repair drops what it cannot read. The node then begins with an empty store, as
 * somebody who remembers nothing. What is merely in use, or belongs to another engine, is refused.
 *
 * A store may also open and be less than it was: a log damaged in the middle, a file that has become shorter. That is
 * looked for before the engine opens it, because LevelDB reads its log once and deletes it, and is then written into
 * the store itself as its loss, for the node to conclude from. What can still be read stays.
 */
import { mkdir, readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { StorageEngine } from "../config.ts";
import { lossKey, type Storage } from "../ports/storage.ts";
import { changeOfSizes, forgetSizes, rememberSizes } from "./file-sizes.ts";
import { type CommitObserver, type Engine, FramedStorage, messageOf } from "./framed-storage.ts";
import { damageOfLog } from "./level-log.ts";
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
    const loss = await lossIn(directory);
    const engine = await openEngine(engineName, directory, observeCommit);
    return { type: "opened", storage: await storageOver(engine, directory, loss) };
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
    const loss = `the store could not be opened and is now ${setAside}`;
    return { type: "opened", storage: await storageOver(engine, directory, loss), setAside };
  } catch (thrown) {
    return refusalOf(directory, thrown);
  }
}

/** What the files of a store that nobody has open yet betray, as a sentence. */
async function lossIn(directory: string): Promise<string | undefined> {
  const change = await changeOfSizes(directory);
  if (change !== undefined) return change;
  const logs = (await readdir(directory)).filter((file) => file.endsWith(".log"));
  for (const log of logs) {
    const damage = damageOfLog(await readFile(join(directory, log)));
    if (damage !== undefined) return `${damage} (${log})`;
  }
  return undefined;
}

/** With its loss on record, if there is one. Throws when it refuses to record it. */
async function storageOver(engine: Engine, directory: string, loss: string | undefined): Promise<Storage> {
  const storage = new FramedStorage(engine, () => rememberSizes(directory));
  if (loss !== undefined) {
    const bytes = new TextEncoder().encode(loss);
    const recorded = await storage.write([{ type: "put", space: "meta", key: lossKey, bytes }], "synced");
    if (recorded.type === "failed") {
      await storage.close();
      throw new Error(recorded.reason);
    }
  }
  await forgetSizes(directory);
  return storage;
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
