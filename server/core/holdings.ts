/**
 * Which node holds which partitions whole, said by the holder alone.
 *
 * Where keys belong follows from the members; where they are is another matter, and takes time to follow. Each node
 * keeps one record of what it holds, numbered by itself and on its disk before anybody hears of it, so merging two
 * views takes the later record of each node and needs no agreement. Between the two lies every transfer: who should
 * hold a tree and does not is to be given it, who does and should not may drop it once the others have it all.
 *
 * A tree is named `partition/copies`, and is held on behalf of one origin: when two clusters that were started apart
 * unite, each has half of the data, and only who has taken over both halves holds the tree.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";

export type Holding = {
  readonly nodeId: NodeId;
  readonly incarnation: string;
  readonly version: number;
  /** `origin|partition/copies` of every tree held whole, ascending. */
  readonly trees: readonly string[];
};

/** `nodeId/incarnation` -> the latest record known. */
export type Holdings = ReadonlyMap<string, Holding>;

export const noHoldings: Holdings = new Map();

export function holderOf({ nodeId, incarnation }: Pick<Holding, "nodeId" | "incarnation">): string {
  return `${nodeId}/${incarnation}`;
}

export function heldTree(origin: string, treeId: string): string {
  return `${origin}|${treeId}`;
}

/** Commutative, associative, idempotent. `ours` itself when nothing is new. */
export function mergeHoldings(ours: Holdings, theirs: Holdings): Holdings {
  const news = [...theirs].filter(([holder, holding]) => isLater(holding, ours.get(holder)));
  return news.length === 0 ? ours : new Map([...ours, ...news]);
}

/** Later by number; a number used twice, which only a disk that was put back can do, by content. */
export function isLater(holding: Holding, known: Holding | undefined): boolean {
  if (known === undefined) return true;
  if (holding.version !== known.version) return holding.version > known.version;
  return stampOf(holding) > stampOf(known);
}

/** `version.digest`: equal for equal records of one holder. */
export function stampOf({ version, trees }: Holding): string {
  return `${version}.${hash("md5", trees.join("\n"), "hex").slice(0, 8)}`;
}
