/**
 * Where the keys of one tree belong and where they are: its homes under the present ring, and the nodes that hold it.
 * While the two differ the tree is moving, and this says who is written to and who is read from meanwhile.
 *
 *     holders  {A B C}         homes {A B X}     X has joined, C has to go
 *     written  {A B C X}       a quorum of the holders and a quorum of the homes
 *     read     {A B C}         a quorum of the holders, until every home holds the tree; then the homes alone
 *
 * A holder says of itself that it holds, so C counts until it has let go, and it lets go last. When X holds the tree
 * and C still does, four hold it; a quorum of them is one more than of three, so that it meets every quorum of A, B
 * and C that was ever taken. Nothing here depends on who learns what first: a node that knows less asks more nodes.
 */
import type { NodeId } from "../ports/network.ts";
import type { PreferenceList } from "./preference-list.ts";
import type { QuorumGroup } from "./quorum.ts";

/** Whom a request goes to, and in which groups its quorum must be met. */
export type Roster = PreferenceList & { readonly groups: readonly QuorumGroup[] };

export type Occupancy = {
  readonly homes: readonly NodeId[];
  /** Origin -> who holds that origin's part of the tree, ascending. Usually there is one origin. */
  readonly holders: ReadonlyMap<string, readonly NodeId[]>;
  readonly writing: Roster;
  readonly reading: Roster;
  /** Homes that lack some of the tree, in order. */
  readonly lacking: readonly NodeId[];
  /** Holders that are no homes, ascending. */
  readonly outgoing: readonly NodeId[];
};

/** `copies` is N. `list` is the tree's preference list under the present ring. */
export function occupancyOf(
  list: PreferenceList,
  copies: number,
  holders: ReadonlyMap<string, readonly NodeId[]>,
): Occupancy {
  const { homes } = list;
  const lacking = homes.filter((node) => [...holders.values()].some((held) => !held.includes(node)));
  const everyHolder = [...new Set([...holders.values()].flat())].toSorted();
  const outgoing = everyHolder.filter((node) => !homes.includes(node));
  const present = rosterOf(list, homes, [{ nodes: homes, extra: 0 }]);
  if (lacking.length === 0 && outgoing.length === 0) {
    return { homes, holders, writing: present, reading: present, lacking, outgoing };
  }
  const past = [...holders.values()]
    .filter((held) => held.length > 0)
    .map((nodes) => ({ nodes, extra: Math.max(0, nodes.length - copies) }));
  // Whoever holds the tree comes first: it coordinates a write knowing what is there.
  const settled = homes.filter((node) => !lacking.includes(node));
  const written = [...settled, ...outgoing, ...lacking];
  const writing = rosterOf(list, written, [...past, { nodes: homes, extra: 0 }]);
  const fromPast = [...settled, ...everyHolder.filter((node) => !settled.includes(node))];
  const reading = lacking.length === 0 || past.length === 0 ? present : rosterOf(list, fromPast, past);
  return { homes, holders, writing, reading, lacking, outgoing };
}

/**
 * Of how many holders of one origin a new home must have been given everything before it may be read from: then it
 * has at least one copy of each write that `w` of the N had acknowledged. A holder that is gone for good may have
 * been one of those, so fewer holders than N must all have handed over.
 */
export function handoversNeeded({
  holders,
  copies,
  w,
}: {
  readonly holders: number;
  readonly copies: number;
  readonly w: number;
}): number {
  return Math.min(holders, Math.max(copies, holders) - w + 1);
}

function rosterOf(
  { homes, fallbacks }: PreferenceList,
  asked: readonly NodeId[],
  groups: readonly QuorumGroup[],
): Roster {
  const others = [...homes, ...fallbacks].filter((node) => !asked.includes(node));
  return { homes: asked, fallbacks: others, groups };
}
