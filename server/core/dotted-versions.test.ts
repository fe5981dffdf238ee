import { describe, expect, it } from "vitest";
import { dottedVersions } from "./dotted-versions.ts";
import { type ClientContext, emptyContext, emptyKeyState, type KeyState } from "./versions.ts";
import { recentCountMax } from "./write-memory.ts";

const { update, sync, contextOf, contextAfter } = dottedVersions;

type Written = { state: KeyState; dot: string; isRetry: boolean };

const write = (
  state: KeyState,
  { by, id, context = emptyContext }: { by: string; id: string; context?: ClientContext },
): Written => {
  const done = update(state, { context, value: Buffer.from(id), writeId: id, actor: by, wallMs: 0 });
  return { state: done.state, dot: `${done.dot.actor}${done.dot.counter}`, isRetry: done.isRetry };
};

const alive = (state: KeyState) => state.siblings.map(({ writeId }) => writeId);
const dots = (state: KeyState) =>
  state.siblings.map((sibling) => sibling.dots.map(({ actor, counter }) => `${actor}${counter}`).join("="));

describe("dotted versions", () => {
  it("tell the paper's figure 3: dots x1, x2, y1, z1, x3", () => {
    const d1 = write(emptyKeyState, { by: "x", id: "D1" });
    const d2 = write(d1.state, { by: "x", id: "D2", context: contextOf(d1.state) });
    const d3 = write(d2.state, { by: "y", id: "D3", context: contextOf(d2.state) });
    const d4 = write(d2.state, { by: "z", id: "D4", context: contextOf(d2.state) });
    const both = sync(d3.state, d4.state);
    const d5 = write(both, { by: "x", id: "D5", context: contextOf(both) });

    expect([d1.dot, d2.dot, d3.dot, d4.dot, d5.dot]).toEqual(["x1", "x2", "y1", "z1", "x3"]);
    expect(alive(both)).toEqual(["D3", "D4"]);
    expect([...contextOf(both).vector]).toEqual([
      ["x", 2],
      ["y", 1],
      ["z", 1],
    ]);
    expect(alive(d5.state)).toEqual(["D5"]);
    expect(alive(sync(d1.state, d3.state))).toEqual(["D3"]);
    expect(alive(sync(d4.state, d2.state))).toEqual(["D4"]);
  });

  it("keep both of two writes from one context through one coordinator", () => {
    const base = write(emptyKeyState, { by: "x", id: "base" }).state;
    const context = contextOf(base);

    const first = write(base, { by: "x", id: "first", context }).state;
    const second = write(first, { by: "x", id: "second", context }).state;

    expect(alive(second)).toEqual(["first", "second"]);
  });

  it("set a blind write beside what is there", () => {
    const there = write(emptyKeyState, { by: "x", id: "there" }).state;

    expect(alive(write(there, { by: "x", id: "blind" }).state)).toEqual(["there", "blind"]);
  });

  it("take a delete for a write: it supersedes what it saw and stands beside the rest", () => {
    const seen = write(emptyKeyState, { by: "x", id: "seen" }).state;
    const more = write(seen, { by: "x", id: "unseen" }).state;
    const removal = { value: null, writeId: "delete", actor: "y", wallMs: 0, context: contextOf(seen) };

    const { state } = update(more, removal);

    expect(alive(state)).toEqual(["unseen", "delete"]);
    expect(state.siblings[1]?.value).toBeNull();
  });

  it("let a client that wrote blindly supersede its own write and nothing else", () => {
    const others = write(write(emptyKeyState, { by: "x", id: "1" }).state, { by: "x", id: "2" }).state;
    const mine = update(others, { context: emptyContext, value: null, writeId: "3", actor: "x", wallMs: 0 });

    const next = write(emptyKeyState, {
      by: "y",
      id: "4",
      context: contextAfter(emptyContext, { writeId: "3", dot: mine.dot }),
    });

    expect(alive(sync(mine.state, next.state))).toEqual(["1", "2", "4"]);
  });

  describe("and retries", () => {
    it("answer a retry with the dot it already has, and change nothing", () => {
      const done = write(emptyKeyState, { by: "x", id: "w" });

      expect(write(done.state, { by: "x", id: "w" })).toEqual({ ...done, isRetry: true });
    });

    it("recognise a late retry of a write that is superseded, here or by way of another node", () => {
      const first = write(emptyKeyState, { by: "x", id: "w" });
      const removed = write(first.state, { by: "x", id: "gone", context: contextOf(first.state) });
      const elsewhere = sync(emptyKeyState, removed.state);

      expect(write(removed.state, { by: "x", id: "w" })).toMatchObject({ dot: "x1", isRetry: true });
      expect(write(elsewhere, { by: "y", id: "w" })).toMatchObject({ dot: "x1", isRetry: true });
      expect(alive(elsewhere)).toEqual(["gone"]);
    });

    it("make one sibling of two copies coordinated at two nodes", () => {
      const atX = write(emptyKeyState, { by: "x", id: "w" }).state;
      const atY = write(emptyKeyState, { by: "y", id: "w" }).state;

      const both = sync(atX, atY);

      expect(dots(both)).toEqual(["x1=y1"]);
    });

    it("supersede a write by any of its dots", () => {
      const atX = write(emptyKeyState, { by: "x", id: "w" }).state;
      const atY = write(emptyKeyState, { by: "y", id: "w" }).state;
      const removedAtX = write(atX, { by: "x", id: "gone", context: contextOf(atX) }).state;

      expect(alive(sync(removedAtX, atY))).toEqual(["gone"]);
      expect(alive(sync(sync(atX, atY), removedAtX))).toEqual(["gone"]);
    });

    it("supersede a late copy through a node that never had the write, by the name in the context", () => {
      const atX = write(emptyKeyState, { by: "x", id: "w" }).state;
      const lateAtY = write(emptyKeyState, { by: "y", id: "w" }).state;
      const next = write(emptyKeyState, { by: "z", id: "next", context: contextOf(atX) });
      const afterNext = contextAfter(contextOf(atX), { writeId: "next", dot: { actor: "z", counter: 1 } });

      expect(alive(sync(lateAtY, next.state))).toEqual(["next"]);
      expect(alive(write(lateAtY, { by: "y", id: "next", context: contextOf(atX) }).state)).toEqual(["next"]);
      expect(alive(write(lateAtY, { by: "y", id: "more", context: afterNext }).state)).toEqual(["more"]);
    });

    it("remember the latest superseded writes by causality, whatever the coordinator", () => {
      let state = emptyKeyState;
      for (let count = 0; count < recentCountMax + 4; count++) {
        const by = count < recentCountMax ? "x" : "a fresh coordinator";
        state = write(state, { by, id: `w${count}`, context: contextOf(state) }).state;
      }

      const remembered = state.recent.latest().map(({ writeId }) => writeId);

      expect(remembered).toEqual(Array.from({ length: recentCountMax }, (_, index) => `w${index + 3}`));
    });
  });
});
