/**
 * Who mints events, and when a node must take a new name for it.
 *
 * A dot is only worth something if no two writes ever get the same. A node that forgot its own events,
 * because a disk was lost, a record was unreadable or a file was restored, would count again from where it
 * remembers, and replicas that know the older dots would drop the new writes as already superseded. So an
 * actor is node, incarnation and epoch, and a node goes on under an epoch only for a key whose record says
 * what this node itself minted last, and only if nobody shows a higher counter. In all other cases it takes a
 * fresh epoch. Epochs come from a counter leased in blocks: the end of the block is on disk before the first
 * epoch of it is used.
 */
import { highestCounter } from "./causal-context.ts";
import type { Actor, CausalContext, Dot, KeyState } from "./versions.ts";

export type ActorName = { readonly nodeId: string; readonly incarnation: string; readonly epoch: number };

/** `node~incarnation~epoch`. Neither node id nor incarnation may hold a tilde. */
export function actorOf({ nodeId, incarnation, epoch }: ActorName): Actor {
  return `${nodeId}~${incarnation}~${epoch}`;
}

/** The parts of an actor, or undefined if the text is none. */
export function parseActor(actor: Actor): ActorName | undefined {
  const [nodeId, incarnation, digits, ...more] = actor.split("~");
  if (!nodeId || !incarnation || digits === undefined || more.length > 0) return undefined;
  if (!/^(0|[1-9][0-9]{0,15})$/.test(digits)) return undefined;
  return { nodeId, incarnation, epoch: Number(digits) };
}

export type EpochReason =
  | "first-coordination"
  | "unreadable-record"
  | "forgotten-events"
  | "other-incarnation";

/**
 * What the coordinator's own store says of the key. `minted` is the last dot this node itself gave to the
 * key.
 */
export type OwnKnowledge =
  | { readonly type: "absent" }
  | { readonly type: "unreadable" }
  | { readonly type: "found"; readonly state: KeyState; readonly minted: Dot | undefined };

export type EpochDecision =
  | { readonly type: "continue"; readonly actor: Actor }
  | { readonly type: "new-epoch"; readonly reason: EpochReason };

/** Whether `self` may go on counting for this key, given what it remembers and what the client has seen. */
export function decideEpoch(
  self: { readonly nodeId: string; readonly incarnation: string },
  own: OwnKnowledge,
  context: CausalContext,
): EpochDecision {
  if (own.type === "unreadable") return { type: "new-epoch", reason: "unreadable-record" };
  if (own.type === "absent" || own.minted === undefined) {
    return { type: "new-epoch", reason: "first-coordination" };
  }
  const { actor, counter } = own.minted;
  if (!actor.startsWith(`${self.nodeId}~${self.incarnation}~`)) {
    return { type: "new-epoch", reason: "other-incarnation" };
  }
  const shown = Math.max(
    highestCounter({ vector: own.state.clock, cloud: own.state.cloud }, actor),
    highestCounter(context, actor),
  );
  if (shown > counter) return { type: "new-epoch", reason: "forgotten-events" };
  return { type: "continue", actor };
}

/** Epochs `next` to `end` - 1 may be used without touching the disk. */
export type EpochLease = { readonly next: number; readonly end: number };

/** Epochs in one block. More cost fewer syncs and leave larger holes after a crash, which cost nothing. */
export const leaseSize = 10_000;

/**
 * The lease after a start, from the end of the last block on disk (0 at first). `end` must be on disk,
 * synced, before `next` is used.
 */
export function leaseAfter(lastEnd: number): EpochLease {
  return { next: lastEnd, end: lastEnd + leaseSize };
}

/** The next epoch and what is left, or `exhausted`: then take `leaseAfter(lease.end)` and sync it first. */
export function takeEpoch(
  lease: EpochLease,
):
  | { readonly type: "taken"; readonly epoch: number; readonly lease: EpochLease }
  | { readonly type: "exhausted" } {
  if (lease.next >= lease.end) return { type: "exhausted" };
  return { type: "taken", epoch: lease.next, lease: { next: lease.next + 1, end: lease.end } };
}
