import { expect, test } from "vitest";
import { dottedVersions } from "./dotted-versions.ts";
import { decodeKeyState, encodeKeyState } from "./key-state-codec.ts";
import { isOwn, ownedState } from "./owned-state.ts";
import { statesAgree } from "./state-hash.ts";
import { emptyContext, emptyKeyState, type KeyState } from "./versions.ts";

/** A sibling that has superseded another one, as it comes out of a long piece of a stream. */
function arrived(): KeyState {
  const write = { context: emptyContext, actor: "a~1~0", wallMs: 1 };
  const one = dottedVersions.update(emptyKeyState, { ...write, writeId: "one", value: new Uint8Array(300) });
  const context = dottedVersions.contextOf(one.state);
  const two = { ...write, context, writeId: "two", value: new Uint8Array(300).fill(7) };
  const bytes = encodeKeyState(dottedVersions.update(one.state, two).state);
  const stream = new Uint8Array(65_536);
  stream.set(bytes, 1000);
  const decoded = decodeKeyState(stream.subarray(1000, 1000 + bytes.length));
  if (decoded.type === "fail") throw new Error(decoded.reason);
  return decoded.value;
}

test("a state that is kept says the same as the one that arrived, and lets go of the piece it came in", () => {
  const state = arrived();

  const kept = ownedState(state);

  expect(statesAgree(kept, state)).toBe(true);
  expect(kept.recent.equals(state.recent)).toBe(true);
  const parts = [kept.recent.bytes, ...kept.siblings.flatMap(({ value }) => value ?? [])];
  expect(parts).toHaveLength(2);
  expect(parts.map(isOwn)).toEqual([true, true]);
});

test("a state that keeps nothing else alive is kept as it is", () => {
  const kept = ownedState(arrived());

  expect(ownedState(kept)).toBe(kept);
  expect(ownedState(emptyKeyState)).toBe(emptyKeyState);
});
