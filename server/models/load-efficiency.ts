/**
 * Figure 8 of the paper: how evenly the three strategies spread load, as mean load over greatest load of S
 * nodes that keep N copies each, against the size of the membership data (tokens or partitions).
 *
 * Keys are spread evenly over the ring, so a range's load is its width, and each of its N homes bears all of
 * it. The tokens are those of the server. Strategy 3 is that of the paper, which hands tokens out at random;
 * the server's own plan keeps copies as even as partitions, and the test shows it beside.
 */
import { numberOf } from "../core/hash.ts";
import { tokensOf } from "../core/tokens.ts";
import { type Chance, shuffled } from "./chance.ts";

export type Cluster = { readonly nodeCount: number; readonly copies: number };

/** Where a range ends on a ring of length 1, and whose token that is. */
type Token = { readonly at: number; readonly node: number };

/** Strategy 1: T tokens a node, ranges between them. `seed` names the nodes. */
export function tokenRangeEfficiency(cluster: Cluster, tokensPerNode: number, seed: number): number {
  const tokens = tokensByPlace(cluster, tokensPerNode, seed);
  const loads = tokens.map(({ at }, index) => at - (tokens[index - 1]?.at ?? (tokens.at(-1)?.at ?? 1) - 1));
  return efficiency(cluster, tokens, loads);
}

/** Strategy 2: equal partitions, each on the first N distinct nodes from its end. */
export function tokenPlacedEfficiency(
  cluster: Cluster,
  tokensPerNode: number,
  partitions: { readonly count: number; readonly seed: number },
): number {
  const tokens = tokensByPlace(cluster, tokensPerNode, partitions.seed);
  const loads = tokens.map(() => 0);
  for (let partition = 1; partition <= partitions.count; partition++) {
    const found = tokens.findIndex(({ at }) => at >= partition / partitions.count);
    const index = Math.max(found, 0);
    loads[index] = (loads[index] ?? 0) + 1;
  }
  return efficiency(cluster, tokens, loads);
}

/** Strategy 3 of the paper: Q equal partitions, Q / S for each node, by chance. */
export function evenEfficiency(cluster: Cluster, partitionCount: number, chance: Chance): number {
  const owners = Array.from({ length: partitionCount }, (_, index) => index % cluster.nodeCount);
  const tokens = shuffled(chance, owners).map((node, index) => ({ at: index, node }));
  return efficiency(
    cluster,
    tokens,
    tokens.map(() => 1),
  );
}

/** One token a node, counting the first copy alone: what consistent hashing began with (§4.2). */
export function primaryEfficiency(nodeCount: number, seed: number): number {
  return tokenRangeEfficiency({ nodeCount, copies: 1 }, 1, seed);
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Mean over greatest load, when load `loads[i]` is borne by the first N distinct nodes from token `i` on. */
function efficiency(
  { nodeCount, copies }: Cluster,
  tokens: readonly Token[],
  loads: readonly number[],
): number {
  const borne = Array.from({ length: nodeCount }, () => 0);
  loads.forEach((load, start) => {
    const homes = new Set<number>();
    for (let step = 0; homes.size < copies && step < tokens.length; step++) {
      homes.add(tokens[(start + step) % tokens.length]?.node ?? 0);
    }
    for (const home of homes) borne[home] = (borne[home] ?? 0) + load;
  });
  return mean(borne) / Math.max(...borne);
}

function tokensByPlace({ nodeCount }: Cluster, tokensPerNode: number, seed: number): readonly Token[] {
  return Array.from({ length: nodeCount }, (_, node) =>
    tokensOf({ nodeId: `${seed}-${node}` }, tokensPerNode).map((position) => {
      return { at: Number(numberOf(position)) / 2 ** 128, node };
    }),
  )
    .flat()
    .toSorted((a, b) => a.at - b.at);
}
