/**
 * The tally of replies to one request (Dynamo §4.5): waiting, met or impossible.
 *
 * Only distinct physical nodes count, each once, whatever is repeated or arrives twice. A node that was given
 * up and answers after all still counts. Fallbacks count toward the total unless the bucket says otherwise;
 * homes alone count toward `homes`, synced replies alone toward `synced`.
 *
 * While a partition moves, its old homes and its new ones are two groups, and a request needs a quorum in each: one
 * counted over the union of both may lie wholly in copies that are about to go.
 */
import type { NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";

export type Role = "home" | "fallback";

/**
 * Nodes of which a quorum is needed for themselves. `extra` is by how many they are more than N; so many more must
 * reply, and then as few may be missing as ever, and any two quorums still meet. Fallbacks count in every group.
 */
export type QuorumGroup = { readonly nodes: readonly NodeId[]; readonly extra: number };

/** A quorum is met when all three are, in every group. `fallbacksCount` false: fallbacks count toward nothing. */
export type QuorumNeeds = {
  readonly total: number;
  readonly homes: number;
  readonly synced: number;
  readonly fallbacksCount: boolean;
  /** Left out: everybody is one group. */
  readonly groups?: readonly QuorumGroup[];
};

export type QuorumState =
  | { readonly type: "waiting" }
  | { readonly type: "met" }
  /** Even if every node still asked replied, `what` would not be reached; `had` counts replies so far. */
  | { readonly type: "impossible"; readonly what: Need; readonly needed: number; readonly had: number };

export type Need = "total" | "homes" | "synced";

/** The total first: it is the one that people understand. */
const everyNeed: readonly Need[] = ["total", "homes", "synced"];

export type QuorumReply = { readonly node: NodeId; readonly role: Role; readonly durability: Durability };

export type Quorum = {
  readonly needs: QuorumNeeds;
  readonly replies: readonly QuorumReply[];
  /** Asked and neither answered nor given up. */
  readonly pending: readonly { readonly node: NodeId; readonly role: Role }[];
  readonly state: QuorumState;
};

/** The tally before anything was sent; `waiting` until told otherwise, since nodes may still be asked. */
export function openQuorum(needs: QuorumNeeds): Quorum {
  return { needs, replies: [], pending: [], state: { type: "waiting" } };
}

/** A request went out to `node`. Asking a node that is pending or has replied changes nothing. */
export function addAsked(quorum: Quorum, node: NodeId, role: Role): Quorum {
  if (isPending(quorum, node) || hasReplied(quorum, node)) return quorum;
  return judged(quorum.needs, quorum.replies, [...quorum.pending, { node, role }]);
}

/** `node` did what was asked. Its second reply changes nothing. For reads `durability` is `buffered`. */
export function addReply(quorum: Quorum, node: NodeId, role: Role, durability: Durability): Quorum {
  if (hasReplied(quorum, node)) return quorum;
  return judged(
    quorum.needs,
    [...quorum.replies, { node, role, durability }],
    quorum.pending.filter((asked) => asked.node !== node),
  );
}

/** `node` refused, failed or is given up. */
export function addFailure(quorum: Quorum, node: NodeId): Quorum {
  return judged(
    quorum.needs,
    quorum.replies,
    quorum.pending.filter((asked) => asked.node !== node),
  );
}

/**
 * What is needed and had of the first need that is short, the total before the others; for an error's
 * sentence.
 */
export function shortfall(quorum: Quorum): { what: Need; needed: number; had: number } | undefined {
  const { needs, replies } = quorum;
  for (const group of groupsOf(needs)) {
    const had = countReplies(needs, group, replies);
    for (const what of everyNeed) {
      const needed = neededIn(group, needs, what);
      if (had[what] < needed) return { what, needed, had: had[what] };
    }
  }
  return undefined;
}

function judged(needs: QuorumNeeds, replies: Quorum["replies"], pending: Quorum["pending"]): Quorum {
  return { needs, replies, pending, state: stateOf(needs, replies, pending) };
}

function stateOf(needs: QuorumNeeds, replies: Quorum["replies"], pending: Quorum["pending"]): QuorumState {
  let isMet = true;
  for (const group of groupsOf(needs)) {
    const had = countReplies(needs, group, replies);
    const hoped = countHopes(needs, group, pending);
    for (const what of everyNeed) {
      const needed = neededIn(group, needs, what);
      if (had[what] + hoped[what] < needed) return { type: "impossible", what, needed, had: had[what] };
      if (had[what] < needed) isMet = false;
    }
  }
  return isMet ? { type: "met" } : { type: "waiting" };
}

const everybody: readonly (QuorumGroup | undefined)[] = [undefined];

/** `undefined` stands for the group of everybody. */
function groupsOf({ groups }: QuorumNeeds): readonly (QuorumGroup | undefined)[] {
  return groups === undefined || groups.length === 0 ? everybody : groups;
}

/** What is not asked for is not asked for of a larger group either. */
function neededIn(group: QuorumGroup | undefined, needs: QuorumNeeds, what: Need): number {
  return needs[what] === 0 ? 0 : needs[what] + (group?.extra ?? 0);
}

function isIn(
  group: QuorumGroup | undefined,
  { node, role }: { readonly node: NodeId; readonly role: Role },
): boolean {
  return group === undefined || role === "fallback" || group.nodes.includes(node);
}

function countReplies(
  needs: QuorumNeeds,
  group: QuorumGroup | undefined,
  replies: Quorum["replies"],
): Record<Need, number> {
  const count = { total: 0, homes: 0, synced: 0 };
  for (const reply of replies) {
    if ((reply.role === "fallback" && !needs.fallbacksCount) || !isIn(group, reply)) continue;
    count.total++;
    if (reply.role === "home") count.homes++;
    if (reply.durability === "synced") count.synced++;
  }
  return count;
}

/** What the pending nodes would add if all of them answered, and synced. */
function countHopes(
  needs: QuorumNeeds,
  group: QuorumGroup | undefined,
  pending: Quorum["pending"],
): Record<Need, number> {
  const count = { total: 0, homes: 0, synced: 0 };
  for (const asked of pending) {
    if ((asked.role === "fallback" && !needs.fallbacksCount) || !isIn(group, asked)) continue;
    count.total++;
    if (asked.role === "home") count.homes++;
    count.synced++;
  }
  return count;
}

function isPending(quorum: Quorum, node: NodeId): boolean {
  return quorum.pending.some((asked) => asked.node === node);
}

function hasReplied(quorum: Quorum, node: NodeId): boolean {
  return quorum.replies.some((reply) => reply.node === node);
}
