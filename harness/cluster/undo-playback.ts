/**
 * Takes changes back from a data directory whose process is dead, the latest first, so that the files stand as a
 * disk that lost them would show them. Where a later write was kept, an earlier one that was lost leaves zeros. A cut
 * that is `flipped` then changes bits of what is left.
 */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Stream } from "../../workloads/generator/stream.ts";
import {
  type Change,
  type DataChange,
  type Fate,
  fateOf,
  isData,
  type NameChange,
  type PowerLoss,
  pendingChanges,
} from "./undo-journal.ts";

export type Undone = {
  /** Changes that no sync had covered. */
  readonly pendingCount: number;
  readonly lostCount: number;
  /** Bytes written by what was lost. */
  readonly lostBytes: number;
  /** Bytes of what was synced that the disk now gives back with a bit changed. */
  readonly flippedBytes: number;
};

/** A byte in each so many, within the middle half of a file that has more than one of them. */
const flipEveryBytes = 32_768;

/** `journalDirectory` holds `journal` and the kept files; it is empty afterwards. Throws what the file system says. */
export function takeBack(
  { dataDirectory, journalDirectory }: { readonly dataDirectory: string; readonly journalDirectory: string },
  loss: PowerLoss,
  stream: Stream,
): Undone {
  const journal = join(journalDirectory, "journal");
  const pending = existsSync(journal) ? pendingChanges(readFileSync(journal)) : [];
  const fate = fateOf(pending, loss, stream);
  undo(fate, { dataDirectory, journalDirectory });
  for (const name of readdirSync(journalDirectory)) rmSync(join(journalDirectory, name), { force: true });
  const lostBytes = fate.lost.reduce((sum, change) => sum + (isData(change) ? change.length : 0), 0);
  const flippedBytes = loss === "flipped" ? flipBits(dataDirectory, stream) : 0;
  return { pendingCount: pending.length, lostCount: fate.lost.length, lostBytes, flippedBytes };
}

/** Of all files that are large enough; how many bytes it changed. */
export function flipBits(directory: string, stream: Stream): number {
  const paths = [...pathsByInode(directory).values()].toSorted();
  return paths.reduce((count, path) => count + flipBitsOf(path, stream), 0);
}

function flipBitsOf(path: string, stream: Stream): number {
  const { size } = statSync(path);
  if (size <= flipEveryBytes) return 0;
  const file = openSync(path, "r+");
  try {
    let count = 0;
    const byte = new Uint8Array(1);
    for (let from = Math.floor(size / 4); from < (size * 3) / 4; from += flipEveryBytes) {
      const at = Math.min(size - 1, from + stream.integer(0, flipEveryBytes - 1));
      readSync(file, byte, 0, 1, at);
      byte[0] = (byte[0] ?? 0) ^ (1 << stream.integer(0, 7));
      writeSync(file, byte, 0, 1, at);
      count += 1;
    }
    return count;
  } finally {
    closeSync(file);
  }
}

function undo(
  { lost, kept }: Fate,
  { dataDirectory, journalDirectory }: { readonly dataDirectory: string; readonly journalDirectory: string },
): void {
  let paths = pathsByInode(dataDirectory);
  for (const change of lost.toReversed()) {
    if (isData(change)) {
      const path = paths.get(change.ino);
      if (path !== undefined) undoData(path, change, keptEnd(kept, change));
    } else {
      undoName(change, journalDirectory);
      paths = pathsByInode(dataDirectory);
    }
  }
}

/** Where the kept writes of the same file end that came after `change`. */
function keptEnd(kept: readonly Change[], { ino, seq }: DataChange): number {
  const later = kept.filter((one) => one.type === "write" && one.ino === ino && one.seq > seq);
  return Math.max(0, ...later.map((one) => (isData(one) ? one.offset + one.length : 0)));
}

function undoData(path: string, change: DataChange, end: number): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, change.saved, 0, change.saved.length, change.offset);
    if (change.type === "write") zero(file, Math.max(change.offset, change.sizeBefore), end, change);
    ftruncateSync(file, Math.max(change.sizeBefore, end));
  } finally {
    closeSync(file);
  }
}

/** From `from` to the end of the write that was lost, as far as the file goes on. */
function zero(file: number, from: number, fileEnd: number, { offset, length }: DataChange): void {
  const bytes = Math.min(offset + length, fileEnd) - from;
  if (bytes > 0) writeSync(file, new Uint8Array(bytes), 0, bytes, from);
}

function undoName(change: NameChange, journalDirectory: string): void {
  switch (change.type) {
    case "create":
      rmSync(change.path, { force: true });
      return;
    case "rename":
      if (existsSync(change.to)) renameSync(change.to, change.path);
      bringBack(change.saved, change.to, journalDirectory);
      return;
    case "unlink":
      bringBack(change.saved, change.path, journalDirectory);
  }
}

function bringBack(saved: number, path: string, journalDirectory: string): void {
  const kept = join(journalDirectory, `saved-${saved}`);
  if (saved !== 0 && existsSync(kept)) renameSync(kept, path);
}

function pathsByInode(directory: string): ReadonlyMap<number, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [statSync(path).ino, path]));
}
