/**
 * What may go when the disk fills up: all but the newest runs of each name, and of those that stay what their nodes
 * had stored, which is most of a run's bytes and no evidence.
 *
 * First a plan, then its execution, so that a person can look at the one before the other. A run in progress is
 * left alone. Symbolic links inside of a run are removed as links; nothing outside of it is ever touched.
 */
import type { Dirent } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { runState } from "./run-state.ts";
import type { RunEntry, RunFolder } from "./store.ts";
import { diskSentence, type Kept, kept } from "./whole-file.ts";

export type Removal = {
  readonly entry: RunEntry;
  readonly what: "run" | "data";
  readonly path: string;
  readonly bytes: number;
};

/** `keep` counts the runs that stay of each name, 0 or more; `entries` are the newest first. */
export const planPruning = async (
  entries: readonly RunEntry[],
  { keep, nowMs }: { readonly keep: number; readonly nowMs: number },
): Promise<readonly Removal[]> => {
  const seen = new Map<string, number>();
  const removals: Removal[] = [];
  for (const entry of entries) {
    const newer = seen.get(entry.name) ?? 0;
    seen.set(entry.name, newer + 1);
    if ((await runState(entry, nowMs)) === "going") continue;
    const what = newer < keep ? "data" : "run";
    const path = what === "run" ? entry.folder.path : entry.folder.data;
    const bytes = await bytesIn(path);
    if (what === "run" || bytes > 0) removals.push({ entry, what, path, bytes });
  }
  return removals;
};

/** One sentence when the disk refuses; what was removed before stays removed. */
export const carryOutPruning = async (removals: readonly Removal[]): Promise<Kept<number>> => {
  let bytes = 0;
  for (const removal of removals) {
    const removed = await removeTree(removal.path);
    if (removed.type === "failed") return removed;
    bytes += removal.bytes;
  }
  return kept(bytes);
};

/** Removes what the nodes of a run had stored; fine when there is nothing. */
export const removeData = (folder: RunFolder): Promise<Kept<string>> => removeTree(folder.data);

const removeTree = (path: string): Promise<Kept<string>> =>
  rm(path, { recursive: true, force: true }).then(
    () => kept(path),
    (cause: unknown) => ({ type: "failed", reason: `${path} was not removed: ${diskSentence(cause)}` }),
  );

/** Sizes of all files below, links not followed; 0 when there is nothing. */
const bytesIn = async (path: string): Promise<number> => {
  const entries: readonly Dirent[] = await readdir(path, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map((entry) => {
    const below = join(path, entry.name);
    if (entry.isDirectory()) return bytesIn(below);
    return lstat(below).then(
      (found) => found.size,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};
