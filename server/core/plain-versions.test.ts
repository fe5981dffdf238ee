import { describe, expect, it } from "vitest";
import { plainVersions } from "./plain-versions.ts";
import { type ClientContext, emptyContext, emptyKeyState, type KeyState } from "./versions.ts";

const { update, sync, contextOf, contextAfter } = plainVersions;

const write = (
  state: KeyState,
  { by, id, context = emptyContext }: { by: string; id: string; context?: ClientContext },
) => update(state, { context, value: Buffer.from(id), writeId: id, actor: by, wallMs: 0 });

const clocks = (state: KeyState) =>
  state.siblings.map(({ writeId, clock }) => {
    return `${writeId}[${[...(clock ?? [])].map(([actor, counter]) => `${actor}${counter}`).join(" ")}]`;
  });

describe("plain versions", () => {
  it("tell the paper's figure 3", () => {
    const d1 = write(emptyKeyState, { by: "x", id: "D1" }).state;
    const d2 = write(d1, { by: "x", id: "D2", context: contextOf(d1) }).state;
    const d3 = write(d2, { by: "y", id: "D3", context: contextOf(d2) }).state;
    const d4 = write(d2, { by: "z", id: "D4", context: contextOf(d2) }).state;
    const both = sync(d3, d4);
    const d5 = write(both, { by: "x", id: "D5", context: contextOf(both) }).state;

    expect(clocks(d1)).toEqual(["D1[x1]"]);
    expect(clocks(d2)).toEqual(["D2[x2]"]);
    expect(clocks(both)).toEqual(["D3[x2 y1]", "D4[x2 z1]"]);
    expect(clocks(d5)).toEqual(["D5[x3 y1 z1]"]);
    expect(clocks(sync(d1, d3))).toEqual(["D3[x2 y1]"]);
  });

  it("lose the first of two writes from one context through one coordinator", () => {
    const base = write(emptyKeyState, { by: "x", id: "base" }).state;
    const context = contextOf(base);

    const first = write(base, { by: "x", id: "first", context }).state;
    const second = write(first, { by: "x", id: "second", context }).state;

    expect(clocks(second)).toEqual(["second[x3]"]);
    expect(clocks(sync(second, first))).toEqual(["second[x3]"]);
  });

  it("keep both when the coordinators differ", () => {
    const base = write(emptyKeyState, { by: "x", id: "base" }).state;
    const context = contextOf(base);

    const first = write(base, { by: "y", id: "first", context }).state;
    const second = write(base, { by: "z", id: "second", context }).state;

    expect(clocks(sync(first, second))).toEqual(["first[x1 y1]", "second[x1 z1]"]);
  });

  it("never count below what the coordinator has used, whatever the context says", () => {
    const used = write(write(emptyKeyState, { by: "x", id: "1" }).state, { by: "x", id: "2" });

    const ahead = write(emptyKeyState, { by: "x", id: "3", context: contextOf(used.state) });

    expect(used.dot.counter).toBe(2);
    expect(ahead.dot.counter).toBe(3);
  });

  it("recognise a retry by its write id", () => {
    const done = write(emptyKeyState, { by: "x", id: "w" });

    expect(write(done.state, { by: "x", id: "w" })).toEqual({ ...done, isRetry: true });
  });

  it("say to the writer what its version's clock says", () => {
    const base = write(emptyKeyState, { by: "x", id: "base" });

    const after = contextAfter(contextOf(base.state), { writeId: "w", dot: { actor: "y", counter: 4 } });

    expect([...after.vector]).toEqual([
      ["x", 1],
      ["y", 4],
    ]);
  });
});
