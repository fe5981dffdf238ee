/**
 * What a change of members would move (Dynamo §4.9), reckoned before anybody gives the order: which partition to whom,
 * from whom, and how much it is; and how many copies each node has before and after.
 *
 * Placement is a function of the members alone, so the future is as certain as the present: the same functions are
 * asked twice. Only sizes come from outside, and a tree whose size nobody told counts as unknown, not as empty.
 */
import type { NodeId } from "../ports/network.ts";

/** One tree (a partition at one number of copies) before and after the change. */
export type TreeChange = {
  readonly partition: number;
  readonly copies: number;
  readonly homesBefore: readonly NodeId[];
  readonly homesAfter: readonly NodeId[];
  /** Who holds some of it when the order has been given; a node that is removed holds nothing. */
  readonly holders: readonly NodeId[];
  /** Homes after the change that have to be given it, whether by this change or by one that is under way. */
  readonly lacking: readonly NodeId[];
};

/** `byteCount` is an estimate where the keys are many. */
export type TreeSize = { readonly keyCount: number; readonly byteCount: number };

/** One copy of one tree that has to be made. */
export type Move = {
  readonly partition: number;
  readonly copies: number;
  readonly to: NodeId;
  /** Who gives it up for this, else who has it first; null: nobody has it any more, and it begins empty. */
  readonly from: NodeId | null;
  /** Whether `from` keeps its own copy. */
  readonly isKept: boolean;
  /** Null: unknown. */
  readonly keyCount: number | null;
  readonly byteCount: number | null;
};

/** `before` and `after`: of how many trees the node is a home. */
export type NodeShare = {
  readonly nodeId: NodeId;
  readonly before: number;
  readonly after: number;
  readonly takes: number;
  readonly gives: number;
  readonly takesBytes: number;
  readonly givesBytes: number;
};

export type TransferPlan = {
  /** By partition, then copies, then the order of the preference list. */
  readonly moves: readonly Move[];
  /** Every node that is a home before or after, ascending. */
  readonly nodes: readonly NodeShare[];
  /** Sums over the moves whose size is known, and the number of the others. */
  readonly keyCount: number;
  readonly byteCount: number;
  readonly unknownCount: number;
  /** The fewest nodes that are left to hold some tree; 0 means that its data is gone with the change. */
  readonly fewestHolders: number;
};

/** `sizes`: `partition/copies` -> size. */
export function transferPlanOf(
  changes: readonly TreeChange[],
  sizes: ReadonlyMap<string, TreeSize>,
): TransferPlan {
  const moves = changes
    .toSorted((a, b) => a.partition - b.partition || a.copies - b.copies)
    .flatMap((change) => movesOf(change, sizes.get(`${change.partition}/${change.copies}`)));
  return {
    moves,
    nodes: sharesOf(changes, moves),
    keyCount: sum(moves.map(({ keyCount }) => keyCount ?? 0)),
    byteCount: sum(moves.map(({ byteCount }) => byteCount ?? 0)),
    unknownCount: moves.filter(({ keyCount }) => keyCount === null).length,
    fewestHolders: changes.length === 0 ? 0 : Math.min(...changes.map(({ holders }) => holders.length)),
  };
}

/** Those who come are paired with those who go, in order; whoever is left over copies from the first holder. */
function movesOf(
  { partition, copies, homesAfter, holders, lacking }: TreeChange,
  size: TreeSize | undefined,
): readonly Move[] {
  const leaving = holders.filter((node) => !homesAfter.includes(node));
  return lacking.map((to, index) => {
    const gives = leaving[index];
    const from = gives ?? holders.find((node) => node !== to) ?? null;
    const { keyCount, byteCount } = from === null ? nothing : (size ?? unknown);
    return { partition, copies, to, from, isKept: gives === undefined, keyCount, byteCount };
  });
}

const nothing = { keyCount: 0, byteCount: 0 };
const unknown = { keyCount: null, byteCount: null };

function sharesOf(changes: readonly TreeChange[], moves: readonly Move[]): readonly NodeShare[] {
  const homes = changes.flatMap(({ homesBefore, homesAfter }) => [...homesBefore, ...homesAfter]);
  return [...new Set(homes)].toSorted().map((nodeId) => {
    const taken = moves.filter(({ to }) => to === nodeId);
    const given = moves.filter(({ from, isKept }) => from === nodeId && !isKept);
    return {
      nodeId,
      before: changes.filter(({ homesBefore }) => homesBefore.includes(nodeId)).length,
      after: changes.filter(({ homesAfter }) => homesAfter.includes(nodeId)).length,
      takes: taken.length,
      gives: given.length,
      takesBytes: sum(taken.map(({ byteCount }) => byteCount ?? 0)),
      givesBytes: sum(given.map(({ byteCount }) => byteCount ?? 0)),
    };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
