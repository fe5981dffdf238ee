/**
 * Files that are there whole or not at all, and failures of the disk as one sentence.
 *
 * A file is written beside its place, synced, and renamed over it. When the disk is full the rename never happens,
 * so what was saved before is still what it was; the half-written neighbour is removed.
 */
import { open, rename, rm } from "node:fs/promises";
import { basename } from "node:path";

/** What the store did, or one sentence that says why not. */
export type Kept<T> =
  | { readonly type: "ok"; readonly value: T }
  | { readonly type: "failed"; readonly reason: string };

export const kept = <T>(value: T): Kept<T> => ({ type: "ok", value });

/** Puts `text` on the disk at `path`, for good before it resolves. Rejects as the operating system does. */
export const writeSynced = async (path: string, text: string): Promise<void> => {
  const file = await open(path, "w");
  try {
    await file.writeFile(text, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
};

let writtenCount = 0;

/** Replaces the file at `path` in one step. `write` is how bytes reach the disk; tests pass a full one. */
export const replaceFile = async (path: string, text: string, write = writeSynced): Promise<Kept<string>> => {
  writtenCount += 1;
  const beside = `${path}.${process.pid}-${writtenCount}.part`;

  try {
    await write(beside, text);
    await rename(beside, path);
    return kept(path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    return { type: "failed", reason: `${basename(path)} was not saved: ${diskSentence(cause)}` };
  }
};

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Everything saved before is intact.",
  EDQUOT: "the disk quota is used up. Everything saved before is intact.",
  EROFS: "the file system is read-only.",
  EACCES: "permission denied.",
  EPERM: "the operation is not permitted there.",
  ENAMETOOLONG: "the path is too long.",
  ENOTDIR: "a part of the path is a file where a folder is needed.",
  EISDIR: "a folder stands where the file should be.",
  ENOENT: "there is no such file or folder.",
  EEXIST: "something of that name is already there.",
  EMFILE: "too many files are open.",
  ENFILE: "too many files are open on this machine.",
  EIO: "the disk reports an input/output failure.",
};

/** Why the operating system refused, without a stack: "the disk is full. …". */
export const diskSentence = (cause: unknown): string => {
  const code = errorCode(cause);
  return (
    (code === undefined ? undefined : reasons[code]) ?? `the operating system says ${code ?? String(cause)}.`
  );
};

/** The code of a system error, such as "ENOENT". */
export const errorCode = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
