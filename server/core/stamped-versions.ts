/**
 * `lww`: the version with the latest wall clock wins (Dynamo §2.3, 6), here to show what it loses.
 *
 * A version's dot is its coordinator and the stamp that coordinator gave it, so a context says which stamp a client
 * has seen and needs no form of its own. Versions are ordered by stamp, then actor, then bytes, which is total, so
 * replicas agree whatever the order in which they hear of each other; nothing is asked of contexts. That is also why
 * any node may coordinate: it need not know what is there. Of concurrent writes all but one are lost although they
 * were acknowledged, and so is a write that comes after one whose clock was ahead.
 *
 * As in the paper's scheme, only `update` knows write ids: a retry that reaches a node which remembers the write
 * changes nothing, one that reaches another is a new version with a later stamp.
 */
import { compareDots } from "./causal-context.ts";
import { mergeMemories } from "./recent-writes.ts";
import { compareValues, dotOfWrite, firstDot } from "./siblings.ts";
import {
  type ClientContext,
  type Dot,
  emptyKeyState,
  type KeyState,
  type Sibling,
  type Update,
  type Versions,
  type VersionVector,
} from "./versions.ts";

export const stampedVersions: Versions = {
  mode: "lww",
  update: updateStamped,
  sync: syncStamped,
  contextOf: ({ clock }) => ({ vector: clock, cloud: [], writes: [] }),
  contextAfter,
  covers: ({ clock }, context) => latestStamp(clock) >= latestStamp(context.vector),
};

/** How far the latest version of `state` is ahead of `wallMs`; 0 or less when it is not, or nothing is there. */
export function stampLead({ siblings }: KeyState, wallMs: number): number {
  return siblings.reduce((lead, sibling) => Math.max(lead, sibling.wallMs - wallMs), 0);
}

function updateStamped(state: KeyState, update: Update): { state: KeyState; dot: Dot; isRetry: boolean } {
  const { actor, writeId, value, wallMs } = update;
  const earlier = dotOfWrite(state, writeId);
  if (earlier !== undefined) return { state, dot: earlier, isRetry: true };

  const dot: Dot = { actor, counter: wallMs };
  const written: Sibling = { dots: [dot], writeId, value, rank: wallMs, wallMs };
  return {
    state: latestOf([...state.siblings, written], state.recent, emptyKeyState.recent),
    dot,
    isRetry: false,
  };
}

function syncStamped(a: KeyState, b: KeyState): KeyState {
  if (a === b) return a;
  return latestOf([...a.siblings, ...b.siblings], a.recent, b.recent);
}

function latestOf(
  versions: readonly Sibling[],
  recentA: KeyState["recent"],
  recentB: KeyState["recent"],
): KeyState {
  const ordered = versions.toSorted(compareStamps);
  const latest = ordered.at(-1);
  if (latest === undefined) return { ...emptyKeyState, recent: mergeMemories(recentA, recentB, []) };
  const superseded = ordered.filter((one) => one.writeId !== latest.writeId);
  const { actor, counter } = firstDot(latest.dots);
  return {
    clock: new Map([[actor, counter]]),
    cloud: [],
    siblings: [latest],
    recent: mergeMemories(recentA, recentB, superseded),
  };
}

function compareStamps(a: Sibling, b: Sibling): number {
  if (a.wallMs !== b.wallMs) return a.wallMs - b.wallMs;
  const byDot = compareDots(firstDot(a.dots), firstDot(b.dots));
  if (byDot !== 0) return byDot;
  const byValue = compareValues(a.value, b.value);
  if (byValue !== 0) return byValue;
  return a.writeId < b.writeId ? -1 : a.writeId > b.writeId ? 1 : 0;
}

function contextAfter(context: ClientContext, { dot }: { readonly dot: Dot }): ClientContext {
  if (latestStamp(context.vector) > dot.counter) return context;
  return { vector: new Map([[dot.actor, dot.counter]]), cloud: [], writes: [] };
}

function latestStamp(vector: VersionVector): number {
  let latest = 0;
  for (const stamp of vector.values()) latest = Math.max(latest, stamp);
  return latest;
}
