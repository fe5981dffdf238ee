/**
 * Who belongs to the cluster (Dynamo §4.8.1): a history of changes, each made by an operator at some node.
 *
 * A change says what became of one node under one incarnation, and is numbered: higher than all that its issuer knew
 * of that node. No clock decides anything; the time of issue is for people. The history is a set, so merging two is
 * their union, and what it means is read off it the same way everywhere:
 *
 * - `removed` and `replaced` end an incarnation for ever, whatever number some other change of it has;
 * - of an incarnation that has not ended, the change of the highest number counts, ties by state and then by text;
 * - of several living incarnations of a node, again the highest number counts.
 *
 * A cluster begins with the list that its first nodes were configured with: changes numbered 0, of no incarnation,
 * since nobody knows any yet. A node's first start fills in its own. `origin` tells apart the beginnings of groups that
 * were started separately and met later.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";

/** In the order in which ties are decided. The first two are placed on the ring. */
export const memberStates = ["joining", "valid", "leaving", "replaced", "removed"] as const;
export type MemberState = (typeof memberStates)[number];

export type NodeAddress = { readonly host: string; readonly rpcPort: number; readonly httpPort: number };

export type Change = {
  readonly nodeId: NodeId;
  /** "" before the node's first start: any incarnation may be meant. */
  readonly incarnation: string;
  readonly sequence: number;
  readonly state: MemberState;
  /** Where the node listens, as it says itself. Null: everybody was configured with it. */
  readonly address: NodeAddress | null;
  /** Share of the partitions relative to the other members, > 0. */
  readonly capacity: number;
  readonly dc: string;
  readonly rack: string;
  /** Its place in the plan of its data centre: at a join `nextSeat`, and then as `withSeats` says (seats.ts). */
  readonly seat: number;
  /** Which beginning of a cluster this belongs to; "" for all but the first list. */
  readonly origin: string;
  readonly issuedBy: NodeId;
  /** By the issuer's wall clock; for people only. */
  readonly issuedAtMs: number;
};

/** Change id -> change. */
export type History = ReadonlyMap<string, Change>;

/** A node that belongs to the cluster now, by its last change. */
export type Member = Change & { readonly state: "joining" | "valid" | "leaving" };

export const emptyHistory: History = new Map();

/** Equal for equal changes and for no others; sorts by node, then number. */
export function changeIdOf(change: Change): string {
  const { nodeId, incarnation, sequence, state, address, capacity, dc, rack, seat } = change;
  const { origin, issuedBy, issuedAtMs } = change;
  const content = [incarnation, state, address, capacity, dc, rack, seat, origin, issuedBy, issuedAtMs];
  const digest = hash("md5", JSON.stringify(content), "hex").slice(0, 12);
  return `${nodeId}/${String(sequence).padStart(8, "0")}/${memberStates.indexOf(state)}/${digest}`;
}

export function historyOf(changes: Iterable<Change>): History {
  return new Map([...changes].map((change) => [changeIdOf(change), change]));
}

/** Commutative, associative, idempotent. `ours` itself when nothing is new. */
export function mergeHistories(ours: History, theirs: History): History {
  const isNew = [...theirs.keys()].some((id) => !ours.has(id));
  return isNew ? new Map([...ours, ...theirs]) : ours;
}

/** Node -> its living member, ascending by node id. */
export function membersOf(history: History): ReadonlyMap<NodeId, Member> {
  const members = new Map<NodeId, Member>();
  for (const [nodeId, changes] of changesByNode(history)) {
    const lives = livesOf(changes).filter((life) => isMember(life.last));
    const [latest] = lives.map(({ last }) => last).toSorted((a, b) => -compareChanges(a, b));
    if (latest !== undefined && isMember(latest)) members.set(nodeId, latest);
  }
  return members;
}

/** The members that are placed on the ring: all but those that are leaving. */
export function placedOf(members: ReadonlyMap<NodeId, Member>): readonly Member[] {
  return [...members.values()].filter(({ state }) => state !== "leaving");
}

/** Whether this incarnation was removed or replaced. */
export function isEnded(history: History, nodeId: NodeId, incarnation: string): boolean {
  return [...history.values()].some(
    (change) => change.nodeId === nodeId && change.incarnation === incarnation && isFinal(change.state),
  );
}

/** The number for the next change of a node. */
export function nextSequence(history: History, nodeId: NodeId): number {
  let last = -1;
  for (const change of history.values()) {
    if (change.nodeId === nodeId) last = Math.max(last, change.sequence);
  }
  return last + 1;
}

export function isFinal(state: MemberState): boolean {
  return state === "removed" || state === "replaced";
}

type Life = { readonly incarnation: string; readonly last: Change };

/**
 * The last change of each incarnation of one node. Lives that are not later than the end of the unnamed one are what
 * it named, and ended with it.
 */
function livesOf(changes: readonly Change[]): readonly Life[] {
  const byIncarnation = new Map<string, Change>();
  for (const change of changes.toSorted(compareChanges)) {
    const earlier = byIncarnation.get(change.incarnation);
    if (earlier === undefined || !isFinal(earlier.state)) byIncarnation.set(change.incarnation, change);
  }
  const unnamed = byIncarnation.get("");
  const endedAt = unnamed !== undefined && isFinal(unnamed.state) ? unnamed.sequence : -1;
  return [...byIncarnation]
    .filter(([incarnation, last]) => incarnation === "" || last.sequence > endedAt)
    .filter(([incarnation]) => incarnation !== "" || byIncarnation.size === 1)
    .map(([incarnation, last]) => ({ incarnation, last }));
}

function changesByNode(history: History): readonly (readonly [NodeId, readonly Change[]])[] {
  const byNode = new Map<NodeId, Change[]>();
  for (const change of history.values()) {
    const changes = byNode.get(change.nodeId);
    if (changes === undefined) byNode.set(change.nodeId, [change]);
    else changes.push(change);
  }
  return [...byNode].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** What ends an incarnation comes first, so that nothing after it counts. */
function compareChanges(a: Change, b: Change): number {
  const isFinalA = isFinal(a.state);
  if (isFinalA !== isFinal(b.state)) return isFinalA ? -1 : 1;
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  const states = memberStates.indexOf(a.state) - memberStates.indexOf(b.state);
  if (states !== 0) return states;
  return changeIdOf(a) < changeIdOf(b) ? -1 : 1;
}

function isMember(change: Change): change is Member {
  return !isFinal(change.state);
}
