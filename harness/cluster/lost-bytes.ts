/** What a disk held before a power cut, as its programs saw it, and does not hold after it: files and bytes counted. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export type Loss = {
  /** Before. */
  readonly fileCount: number;
  /** Of those, gone or with other bytes. */
  readonly changedCount: number;
  /** Bytes of theirs that are gone or other ones. */
  readonly lostBytes: number;
  /** Files that came back, such as those that were deleted, or had another name. */
  readonly returnedCount: number;
};

export function lossBetween(before: string, after: string): Loss {
  const [old, now] = [namesIn(before), namesIn(after)];
  const lost = old.map((name) =>
    now.includes(name) ? differing(join(before, name), join(after, name)) : wholeOf(join(before, name)),
  );
  return {
    fileCount: old.length,
    changedCount: lost.filter((bytes) => bytes !== undefined).length,
    lostBytes: lost.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
    returnedCount: now.filter((name) => !old.includes(name)).length,
  };
}

/** Bytes of the first that are not the second's; undefined when the files are equal. */
function differing(before: string, after: string): number | undefined {
  const [old, now] = [readFileSync(before), readFileSync(after)];
  if (old.equals(now)) return undefined;
  let count = 0;
  for (let at = 0; at < old.length; at += 1) if (old[at] !== now[at]) count += 1;
  return count;
}

const wholeOf = (path: string): number => readFileSync(path).length;

const namesIn = (directory: string): readonly string[] =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map(({ parentPath, name }) => relative(directory, join(parentPath, name)))
    : [];
