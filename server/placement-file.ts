/**
 * How data is placed, as a configuration file says it: `{"strategy": 1, "tokensPerNode": 16}`, `{"strategy":
 * 2, "tokensPerNode": 16, "partitions": 64}` or `{"strategy": 3, "partitions": 64}`; and what of it makes no
 * sense together.
 */
import * as z from "zod";
import type { Member } from "./config.ts";
import type { Strategy } from "./core/strategy.ts";
import { tokensOf } from "./core/tokens.ts";

export const partitionCountMax = 4096;
const defaultPartitionCount = 64;
const defaultTokensPerNode = 16;

export const partitionNumber = z
  .number()
  .refine(
    (count) => count <= partitionCountMax && Number.isInteger(Math.log2(count)),
    `must be a power of two, at most ${partitionCountMax}`,
  );

export const placementSchema = z.strictObject({
  strategy: z.literal([1, 2, 3]),
  tokensPerNode: z.int("must be a whole number from 1 to 1024").min(1).max(1024).optional(),
  partitions: partitionNumber.optional(),
});

type PlacementFile = z.infer<typeof placementSchema>;

/** The strategy, with what the file leaves out filled in. `partitionCount` is the file's short form for strategy 3. */
export function strategyOf(file: PlacementFile | undefined, partitionCount: number | undefined): Strategy {
  const partitions = file?.partitions ?? partitionCount ?? defaultPartitionCount;
  const tokensPerNode = file?.tokensPerNode ?? defaultTokensPerNode;
  switch (file?.strategy ?? 3) {
    case 1:
      return { strategy: 1, tokensPerNode };
    case 2:
      return { strategy: 2, tokensPerNode, partitions };
    case 3:
      return { strategy: 3, partitions };
  }
}

/** How many ranges the ring will have. */
export function rangeCountOf(strategy: Strategy, members: readonly Member[]): number {
  if (strategy.strategy !== 1) return strategy.partitions;
  return members.reduce((sum, member) => sum + tokensOf(member, strategy.tokensPerNode).length, 0);
}

/** One sentence for each field that the strategy has no use for, and for a ring of too many ranges. */
export function placementMistakes(
  file: PlacementFile | undefined,
  partitionCount: number | undefined,
  members: readonly Member[],
): readonly string[] {
  const mistakes: string[] = [];
  if (file?.strategy === 3 && file.tokensPerNode !== undefined) {
    mistakes.push("The placement strategy 3 has no tokens; leave tokensPerNode out.");
  }
  if (file?.strategy === 1 && (file.partitions ?? partitionCount) !== undefined) {
    mistakes.push(
      "The placement strategy 1 has the ranges between its tokens; leave the number of partitions out.",
    );
  }
  if (file?.partitions !== undefined && partitionCount !== undefined && file.partitions !== partitionCount) {
    mistakes.push("The fields partitionCount and placement.partitions say different numbers; leave one out.");
  }
  const rangeCount = rangeCountOf(strategyOf(file, partitionCount), members);
  if (rangeCount > partitionCountMax) {
    mistakes.push(
      `The members have ${rangeCount} tokens together, but there can be at most ${partitionCountMax} ranges.`,
    );
  }
  return mistakes;
}
