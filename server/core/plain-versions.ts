/**
 * `vv-max`: the version vectors of the paper (Dynamo §4.4), here to show what they lose.
 *
 * A version's clock is the client's context with the coordinator's entry raised to one more than the
 * coordinator has ever used for the key. Of two writes with one context through one coordinator the second
 * gets a clock that descends from the first, so the first is dropped although no client ever saw it. That is
 * the anomaly.
 *
 * Versions with equal clocks are one version to this scheme; the one with the lesser write id is kept, so
 * that at least the replicas agree. `sync` knows nothing of write ids otherwise, as in the paper; only
 * `update` does.
 */
import { mergeMemories, rememberWrites } from "./recent-writes.ts";
import { compareSiblings, dotOfWrite, mergeCopies } from "./siblings.ts";
import { compare, covers, merge, raise } from "./version-vector.ts";
import {
  type Dot,
  emptyContext,
  type KeyState,
  type Sibling,
  type Update,
  type Versions,
  type VersionVector,
} from "./versions.ts";

export const plainVersions: Versions = {
  mode: "vv-max",
  update: updatePlain,
  sync: syncPlain,
  contextOf: (state) => ({ vector: state.clock, cloud: [], writes: [] }),
  contextAfter: (context, { dot }) => ({
    vector: raise(context.vector, dot.actor, dot.counter),
    cloud: [],
    writes: [],
  }),
  covers: (state, context) => covers(state.clock, context.vector),
};

function updatePlain(state: KeyState, update: Update): { state: KeyState; dot: Dot; isRetry: boolean } {
  const { context, actor, writeId, value, wallMs } = update;
  const earlier = dotOfWrite(state, writeId);
  if (earlier !== undefined) return { state, dot: earlier, isRetry: true };

  const highest = Math.max(state.clock.get(actor) ?? 0, context.vector.get(actor) ?? 0);
  const dot: Dot = { actor, counter: highest + 1 };
  const clock = raise(context.vector, actor, dot.counter);
  const written: Sibling = { dots: [dot], writeId, value, rank: countEvents(clock), wallMs, clock };
  const superseded = state.siblings.filter((sibling) => covers(clock, clockOf(sibling)));
  const kept = state.siblings.filter((sibling) => !superseded.includes(sibling));
  return {
    state: stateOf([...kept, written], rememberWrites(state.recent, [], superseded)),
    dot,
    isRetry: false,
  };
}

function syncPlain(a: KeyState, b: KeyState): KeyState {
  if (a === b) return a;
  const versions = unionByClock(a.siblings, b.siblings);
  const superseded = versions.filter((one) => versions.some((other) => isDescendant(other, one)));
  const kept = versions.filter((one) => !superseded.includes(one));
  return stateOf(kept, mergeMemories(a.recent, b.recent, superseded));
}

function stateOf(siblings: Sibling[], recent: KeyState["recent"]): KeyState {
  const clock = siblings.reduce((all, sibling) => merge(all, clockOf(sibling)), emptyContext.vector);
  return { clock, cloud: [], siblings: siblings.toSorted(compareSiblings), recent };
}

/** Each clock once. */
function unionByClock(a: readonly Sibling[], b: readonly Sibling[]): readonly Sibling[] {
  const union = [...a];
  for (const sibling of b) {
    const index = a.findIndex((one) => compare(clockOf(one), clockOf(sibling)) === "equal");
    const twin = a[index];
    if (twin === undefined) union.push(sibling);
    else union[index] = keepOne(twin, sibling);
  }
  return union;
}

function keepOne(a: Sibling, b: Sibling): Sibling {
  if (a.writeId === b.writeId) return mergeCopies(a, b);
  return a.writeId < b.writeId ? a : b;
}

function isDescendant(later: Sibling, earlier: Sibling): boolean {
  return compare(clockOf(later), clockOf(earlier)) === "after";
}

/** A version that came without a clock descends from nothing. */
function clockOf(sibling: Sibling): VersionVector {
  return sibling.clock ?? emptyContext.vector;
}

function countEvents(clock: VersionVector): number {
  let count = 0;
  for (const counter of clock.values()) count += counter;
  return count;
}
