/**
 * Where a key lies on the ring (Dynamo §4.1, 4.2): the MD5 of its bucket and name, a number of 128 bits.
 *
 * The ring is cut into Q equal partitions, closed on the right as in the paper's figure: a position that is
 * exactly the boundary belongs to the partition that ends there, and position 0 to the last one.
 *
 *     0        W        2W       3W            2^128 = 0        W = 2^128 / Q
 *     |---p0---]---p1---]---p2---] ... ---pQ-1-]
 */
import { hash } from "node:crypto";

/** Sixteen characters of one byte each, most significant first; `<` orders positions as numbers. */
export type Position = string;

/** Positions lately asked for: one write asks for its key's a dozen times, on its way through ring, tree and context. */
const known = new Map<string, Position>();
const knownCountMax = 10_000;

/**
 * The position of a key. The zero byte keeps `a` + `bc` and `ab` + `c` apart; a bucket name never holds one.
 */
export function positionOf(bucket: string, key: string): Position {
  const name = `${bucket}\0${key}`;
  const again = known.get(name);
  if (again !== undefined) return again;
  const position = hash("md5", name, "binary");
  if (known.size >= knownCountMax) known.clear();
  known.set(name, position);
  return position;
}

/** The partition, 0 to `partitionCount` - 1, that holds a position: ceil(position * Q / 2^128) - 1. */
export function partitionOf(position: Position, partitionCount: number): number {
  const scaled = wordOf(position, 0) * partitionCount;
  const rest = scaled % 2 ** 32;
  // The lower 96 bits add less than Q to `rest`; only near a boundary can they, or their absence, matter.
  if (rest > 0 && rest + partitionCount <= 2 ** 32) return Math.floor(scaled / 2 ** 32);
  return exactPartitionOf(position, partitionCount);
}

/** Four bytes of a position as an unsigned number. */
export function wordOf(position: Position, byteIndex: number): number {
  return (
    position.charCodeAt(byteIndex) * 2 ** 24 +
    position.charCodeAt(byteIndex + 1) * 2 ** 16 +
    position.charCodeAt(byteIndex + 2) * 2 ** 8 +
    position.charCodeAt(byteIndex + 3)
  );
}

/** A position as the number it is. */
export function numberOf(position: Position): bigint {
  return BigInt(`0x${Buffer.from(position, "latin1").toString("hex")}`);
}

/** The position of a number from 0 to 2^128 - 1. */
export function positionAt(number: bigint): Position {
  return Buffer.from(number.toString(16).padStart(32, "0"), "hex").toString("latin1");
}

function exactPartitionOf(position: Position, partitionCount: number): number {
  const ring = 2n ** 128n;
  const ceiling = (numberOf(position) * BigInt(partitionCount) + ring - 1n) / ring;
  return ceiling === 0n ? partitionCount - 1 : Number(ceiling) - 1;
}
