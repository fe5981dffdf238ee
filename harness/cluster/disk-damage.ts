/**
 * What befalls the files of a node that is down: all gone, an old copy in their place, single bits changed, a tail cut
 * off, a block of zeros, two files in each other's place. What was done is told from the digests of all files before
 * and after it, never from what was meant to be done.
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import type { Stream } from "../../workloads/generator/stream.ts";

/** All but `backup` are done to files at once; a backup is older than what it replaces (damaged-disk.ts). */
export const fileDamages = ["wiped", "flip", "truncate", "zeroed", "swapped"] as const;
export type FileDamage = (typeof fileDamages)[number];
export const diskDamages = [...fileDamages, "backup"] as const;
export type DiskDamage = (typeof diskDamages)[number];

const blockBytes = 4_096;
/** One bit in each so many bytes, and one at least. */
const flipEveryBytes = 65_536;

/** Without meaning after a restart: to damage them would prove nothing. */
const informal: ReadonlySet<string> = new Set(["LOCK", "LOG", "LOG.old", "lock.mdb"]);

/** Throws what the file system says, and where there is too little to damage. */
export function damageFiles(directory: string, damage: FileDamage, stream: Stream): void {
  const [largest, second] = filesOf(directory)
    .filter(({ path, bytes }) => !informal.has(basename(path)) && bytes.length > 0)
    .toSorted((a, b) => b.bytes.length - a.bytes.length || (a.path < b.path ? -1 : 1));
  if (damage === "wiped") return emptyDirectory(directory);
  if (largest === undefined) throw new Error(`${directory} holds no file that could be damaged.`);
  const { path, bytes } = largest;
  const at = (length: number): number => stream.integer(0, Math.max(0, length - 1));
  switch (damage) {
    case "flip": {
      for (let from = 0; from < bytes.length; from += flipEveryBytes) {
        const offset = from + at(Math.min(flipEveryBytes, bytes.length - from));
        bytes[offset] = (bytes[offset] ?? 0) ^ (1 << stream.integer(0, 7));
      }
      return writeFileSync(path, bytes);
    }
    case "truncate":
      return truncateSync(path, bytes.length - stream.integer(1, Math.ceil(bytes.length / 2)));
    case "zeroed":
      return writeFileSync(path, withZeros(bytes, at(Math.ceil(bytes.length / blockBytes))));
    case "swapped": {
      if (second === undefined) throw new Error(`${directory} holds no two files that could be exchanged.`);
      renameSync(path, `${path}.swap`);
      renameSync(second.path, path);
      return renameSync(`${path}.swap`, second.path);
    }
  }
}

/** The first block from number `first` on, round about, that is not zeros already. */
function withZeros(bytes: Uint8Array, first: number): Uint8Array {
  const count = Math.ceil(bytes.length / blockBytes);
  for (let turn = 0; turn < count; turn += 1) {
    const block = bytes.subarray(((first + turn) % count) * blockBytes).subarray(0, blockBytes);
    if (block.every((byte) => byte === 0)) continue;
    block.fill(0);
    break;
  }
  return bytes;
}

export function emptyDirectory(directory: string): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
}

/** `to` becomes what `from` holds now. */
export function copyDirectory(from: string, to: string): void {
  if (existsSync(to)) emptyDirectory(to);
  cpSync(from, to, { recursive: true });
}

type Content = { readonly path: string; readonly bytes: Uint8Array };

const filesOf = (directory: string): readonly Content[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path, bytes: readFileSync(path) }));

/** Each file, by its name within the directory, with its size and the digest of its bytes. */
export type Digests = ReadonlyMap<string, { readonly size: number; readonly digest: string }>;

export const digestsOf = (directory: string): Digests =>
  new Map(
    filesOf(directory).map(({ path, bytes }) => [
      path.slice(directory.length + 1),
      { size: bytes.length, digest: createHash("sha256").update(bytes).digest("hex") },
    ]),
  );

/** "of 5 files 1 is gone and 2 are others, n bytes became m"; undefined when nothing differs. */
export function difference(before: Digests, after: Digests): string | undefined {
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const fresh = [...after.keys()].filter((path) => !before.has(path));
  const other = [...before].filter(([path, { digest }]) => {
    const now = after.get(path);
    return now !== undefined && now.digest !== digest;
  });
  if (gone.length + fresh.length + other.length === 0) return undefined;
  const size = (digests: Digests): number => [...digests.values()].reduce((sum, one) => sum + one.size, 0);
  const named = other.length === 0 ? "" : ` (${other.map(([path]) => path).join(", ")})`;
  return `of ${before.size} files ${gone.length} gone, ${other.length} with another digest${named}, ${fresh.length} new; ${size(before)} bytes became ${size(after)}`;
}
