/**
 * What a read found out: the merged state, and which home nodes are behind it (Dynamo §5).
 *
 * A stale home is sent the merged state and merges it in turn; nothing is overwritten and no winner is
 * chosen, for which of two concurrent versions counts is the client's to say. Fallbacks are not repaired:
 * they give up what they hold as soon as it is delivered.
 */
import type { NodeId } from "../ports/network.ts";
import { statesAgree } from "./state-hash.ts";
import type { KeyState, Versions } from "./versions.ts";

export type ReadReply = { readonly node: NodeId; readonly isHome: boolean; readonly state: KeyState };

export type Reconciled = {
  readonly merged: KeyState;
  /** Homes whose state differs from `merged`, in order of reply; each is to be sent `merged`. */
  readonly behind: readonly NodeId[];
  /** Repliers, homes or not, whose state is `merged` already. */
  readonly holderCount: number;
};

/** Merges at least one reply. */
export function reconcile(versions: Versions, replies: readonly ReadReply[]): Reconciled {
  const [first, ...others] = replies;
  if (first === undefined) throw new Error("no reply to reconcile");
  // Nearly always: nobody is behind, and merging would make the same state anew.
  if (others.every(({ state }) => isSame(first.state, state))) {
    return { merged: first.state, behind: [], holderCount: replies.length };
  }
  const merged = others.reduce((state, reply) => versions.sync(state, reply.state), first.state);
  const stale = replies.filter(({ state }) => !statesAgree(state, merged));
  const behind = stale.filter(({ isHome }) => isHome).map(({ node }) => node);
  return { merged, behind, holderCount: replies.length - stale.length };
}

/** With the same memory of superseded writes too, which a merge would unite. */
function isSame(a: KeyState, b: KeyState): boolean {
  return statesAgree(a, b) && a.recent.equals(b.recent);
}
