import { describe, expect, test } from "vitest";
import { stampedVersions, stampLead } from "./stamped-versions.ts";
import { emptyContext, emptyKeyState, type KeyState } from "./versions.ts";

const { update, sync, contextOf, contextAfter, covers } = stampedVersions;

const write = (state: KeyState, { by, id, at }: { by: string; id: string; at: number }) =>
  update(state, { context: emptyContext, value: Buffer.from(id), writeId: id, actor: by, wallMs: at });

const alive = (state: KeyState) => state.siblings.map(({ writeId }) => writeId);

describe("stamped versions", () => {
  test("keep the latest and lose the rest, whatever their contexts say", () => {
    const first = write(emptyKeyState, { by: "x", id: "first", at: 10 }).state;
    const second = write(emptyKeyState, { by: "y", id: "second", at: 11 }).state;

    expect(alive(sync(first, second))).toEqual(["second"]);
    expect(alive(sync(second, first))).toEqual(["second"]);
  });

  test("lose a write that comes after one whose clock was ahead", () => {
    const ahead = write(emptyKeyState, { by: "x", id: "by a fast clock", at: 90 }).state;

    const later = write(ahead, { by: "y", id: "acknowledged", at: 10 });

    expect(alive(later.state)).toEqual(["by a fast clock"]);
  });

  test("of one stamp keep the greater actor, and of one actor the greater bytes", () => {
    const x = write(emptyKeyState, { by: "x", id: "x's", at: 10 }).state;
    const y = write(emptyKeyState, { by: "y", id: "y's", at: 10 }).state;
    const alsoX = write(emptyKeyState, { by: "x", id: "zzz", at: 10 }).state;

    expect(alive(sync(x, y))).toEqual(["y's"]);
    expect(alive(sync(y, x))).toEqual(["y's"]);
    expect(alive(sync(x, alsoX))).toEqual(["zzz"]);
    expect(alive(sync(alsoX, x))).toEqual(["zzz"]);
  });

  test("recognise a retry where the write was, alive or superseded", () => {
    const first = write(emptyKeyState, { by: "x", id: "w", at: 10 });
    const over = write(first.state, { by: "x", id: "next", at: 11 }).state;

    expect(write(first.state, { by: "x", id: "w", at: 12 })).toEqual({ ...first, isRetry: true });
    expect(write(over, { by: "x", id: "w", at: 12 })).toEqual({ state: over, dot: first.dot, isRetry: true });
  });

  test("give a context that a state covers from its stamp on", () => {
    const first = write(emptyKeyState, { by: "x", id: "first", at: 10 });
    const second = write(emptyKeyState, { by: "y", id: "second", at: 11 });
    const seenBoth = contextAfter(contextOf(first.state), { writeId: "second", dot: second.dot });

    expect(covers(first.state, contextOf(first.state))).toBe(true);
    expect(covers(first.state, seenBoth)).toBe(false);
    expect(covers(second.state, seenBoth)).toBe(true);
    expect(covers(emptyKeyState, emptyContext)).toBe(true);
    expect(contextAfter(seenBoth, { writeId: "first", dot: first.dot })).toBe(seenBoth);
  });

  test("say how far they are ahead of a clock", () => {
    const { state } = write(emptyKeyState, { by: "x", id: "w", at: 1000 });

    expect([stampLead(state, 400), stampLead(state, 2000), stampLead(emptyKeyState, 0)]).toEqual([600, 0, 0]);
  });
});
