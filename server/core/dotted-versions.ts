/**
 * `dvv`: dotted version vector sets (Preguiça, Baquero, Almeida et al., 2012 and 2014), with write ids.
 *
 * A key state is a set of known events (`clock` and `cloud`) and the siblings that are alive. An event that
 * is known and has no sibling was superseded with knowledge, so whoever meets a copy of it drops it. Since
 * every write gets a dot of its own, two writes from one context through one coordinator stay apart, which
 * the paper's version vectors cannot express.
 *
 * A retry that reaches another coordinator before the first copy does gets a second dot. The two copies carry
 * one write id and become one sibling with both dots; superseding either dot supersedes the write, and so does a
 * context that names it.
 */
import { eventCount, highestCounter, knows, knowsAll, mergeContexts, withDot } from "./causal-context.ts";
import { mergeMemories, rememberWrites, writesSeenAfter, writesSeenIn } from "./recent-writes.ts";

import { compareSiblings, dotOfWrite, mergeCopies } from "./siblings.ts";
import type { CausalContext, ClientContext, Dot, KeyState, Sibling, Update, Versions } from "./versions.ts";

export const dottedVersions: Versions = {
  mode: "dvv",
  update: updateDotted,
  sync: syncDotted,
  contextOf: (state) => ({ ...knownEvents(state), writes: writesSeenIn(state) }),
  contextAfter: contextAfterDotted,
  covers: (state, context) => knowsAll(knownEvents(state), context),
};

function updateDotted(state: KeyState, update: Update): { state: KeyState; dot: Dot; isRetry: boolean } {
  const { context, actor, writeId, value, wallMs } = update;
  const earlier = dotOfWrite(state, writeId);
  if (earlier !== undefined) return { state, dot: earlier, isRetry: true };

  const seen = mergeContexts(knownEvents(state), context);
  const dot: Dot = { actor, counter: highestCounter(seen, actor) + 1 };
  const known = withDot(seen, dot);
  const written: Sibling = { dots: [dot], writeId, value, rank: eventCount(known), wallMs };
  const superseded = state.siblings.filter((sibling) => hasSeen(context, sibling));
  const kept = state.siblings.filter((sibling) => !superseded.includes(sibling));
  return {
    state: {
      clock: known.vector,
      cloud: known.cloud,
      siblings: [...kept, written].toSorted(compareSiblings),
      recent: rememberWrites(state.recent, context.writes, superseded),
    },
    dot,
    isRetry: false,
  };
}

/** By a dot of it, or by its name: a late copy of a retried write has a dot that no client ever saw. */
function hasSeen(context: ClientContext, sibling: Sibling): boolean {
  return (
    sibling.dots.some((one) => knows(context, one)) ||
    context.writes.some(({ writeId }) => writeId === sibling.writeId)
  );
}

function contextAfterDotted(
  context: ClientContext,
  { writeId, dot }: { readonly writeId: string; readonly dot: Dot },
): ClientContext {
  const known = withDot(context, dot);
  const written = { writeId, dots: [dot], rank: eventCount(known) };
  return { ...known, writes: writesSeenAfter(context.writes, written) };
}

function syncDotted(a: KeyState, b: KeyState): KeyState {
  if (a === b) return a;
  const known = mergeContexts(knownEvents(a), knownEvents(b));
  const kept: Sibling[] = [];
  const superseded: Sibling[] = [];
  for (const sibling of unionByWriteId(a.siblings, b.siblings)) {
    const isSuperseded = isSupersededIn(a, sibling) || isSupersededIn(b, sibling);
    (isSuperseded ? superseded : kept).push(sibling);
  }
  return {
    clock: known.vector,
    cloud: known.cloud,
    siblings: kept.toSorted(compareSiblings),
    recent: mergeMemories(a.recent, b.recent, superseded),
  };
}

/** All events the state knows of; the whole of what a client has seen that was given all its siblings. */
function knownEvents(state: KeyState): CausalContext {
  return { vector: state.clock, cloud: state.cloud };
}

/** Each write once, with all dots that either side knows it by. */
function unionByWriteId(a: readonly Sibling[], b: readonly Sibling[]): readonly Sibling[] {
  const union = [...a];
  for (const sibling of b) {
    const index = a.findIndex((one) => one.writeId === sibling.writeId);
    const copy = a[index];
    if (copy === undefined) union.push(sibling);
    else union[index] = mergeCopies(copy, sibling);
  }
  return union;
}

/**
 * Whether `state` knows that the write is over: by a dot that is known and no longer alive, or by its name.
 */
function isSupersededIn(state: KeyState, write: Sibling): boolean {
  const events = knownEvents(state);
  if (write.dots.some((dot) => knows(events, dot) && !isAliveIn(state, dot))) return true;
  return state.recent.find(write.writeId) !== undefined;
}

function isAliveIn(state: KeyState, dot: Dot): boolean {
  return state.siblings.some((sibling) =>
    sibling.dots.some((one) => one.counter === dot.counter && one.actor === dot.actor),
  );
}
