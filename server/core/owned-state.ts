/**
 * A key state that keeps no memory alive but its own.
 *
 * What arrives in a message is a view of the piece of the stream that it came in, up to 64 KiB with a hundred other
 * messages. While a request lasts that saves a copy. In a cache it would keep the whole piece, and a bound on what the
 * records measure would be no bound on what they hold: one key that is seldom written among many that are written all
 * the time costs a hundred times its size. So whatever keeps much more alive than itself is copied before it is kept.
 */
import type { KeyState, Sibling } from "./versions.ts";

/** So much more may hang on a view before it is copied: allocations have overhead of their own. */
const slackBytes = 1024;

/** `state` itself where there is nothing to copy. */
export function ownedState(state: KeyState): KeyState {
  const recent = state.recent.owned();
  const isOwned = state.siblings.every(({ value }) => value === null || isOwn(value));
  if (isOwned && recent === state.recent) return state;
  return { ...state, siblings: isOwned ? state.siblings : state.siblings.map(ownedSibling), recent };
}

/** Whether these bytes are most of the memory that they keep alive. */
export function isOwn(bytes: Uint8Array): boolean {
  return bytes.buffer.byteLength <= 2 * bytes.byteLength + slackBytes;
}

function ownedSibling(sibling: Sibling): Sibling {
  const { value } = sibling;
  return value === null || isOwn(value) ? sibling : { ...sibling, value: new Uint8Array(value) };
}
