/** Which cells of a night one machine runs. Every n-th, so that neighbours, which are alike, are spread. */
import type { Shard } from "../../results/nightly/nightly-record.ts";

/** "2/8": the second of eight. Undefined for anything else. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = /^(\d{1,3})\/(\d{1,3})$/.exec(text)?.map(Number) ?? [];
  return index === undefined || count === undefined || index < 1 || index > count
    ? undefined
    : { index, count };
}

/** Every cell is in exactly one of the shards 1/n to n/n. */
export const inShard = <T>(cells: readonly T[], { index, count }: Shard): readonly T[] =>
  cells.filter((_, place) => place % count === index - 1);
