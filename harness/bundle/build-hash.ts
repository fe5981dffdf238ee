/** The hash that names a build: the same when a program is bundled and when it is found on a disk later. */
import { createHash } from "node:crypto";

/** SHA-256 in hex. */
export const contentHash = (content: Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/** Of several contents' hashes, in any order; sixteen digits, short enough to read aloud. */
export const buildHash = (parts: readonly string[]): string =>
  contentHash(Buffer.from(parts.toSorted().join("\n"))).slice(0, 16);
