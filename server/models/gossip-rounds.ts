/**
 * How fast gossip spreads a change, and what full tables cost (Dynamo §4.8.1, §6.6): in each round every
 * node, in turn, picks a peer by chance and both end up with what either knew.
 */
import { type Chance, pick } from "./chance.ts";

/** Rounds until all of `nodeCount` nodes know what one knew. */
export function roundsToAll(nodeCount: number, chance: Chance): number {
  const knows = Array.from({ length: nodeCount }, (_, node) => node === 0);
  let rounds = 0;
  while (knows.includes(false)) {
    rounds += 1;
    for (let node = 0; node < nodeCount; node++) {
      const peer = (node + 1 + pick(chance, nodeCount - 1)) % nodeCount;
      const either = knows[node] === true || knows[peer] === true;
      knows[node] = either;
      knows[peer] = either;
    }
  }
  return rounds;
}

/**
 * Bytes a node sends in a round if whole tables are exchanged: its own and, on average, one answer. A member
 * costs `recordBytes`, each of its tokens 16.
 */
export function tableBytesPerRound(
  nodeCount: number,
  { recordBytes, tokensPerNode }: { readonly recordBytes: number; readonly tokensPerNode: number },
): number {
  return 2 * nodeCount * (recordBytes + 16 * tokensPerNode);
}
