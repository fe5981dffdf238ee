import { describe, expect, it } from "vitest";
import { dottedVersions } from "./dotted-versions.ts";
import { reconcile } from "./read-repair.ts";
import { emptyContext, emptyKeyState, type KeyState } from "./versions.ts";

const { update, contextOf } = dottedVersions;

const write = (state: KeyState, writeId: string, actor: string, context = emptyContext): KeyState =>
  update(state, { context, value: Buffer.from(writeId), writeId, actor, wallMs: 0 }).state;

const home = (node: string, state: KeyState) => ({ node, isHome: true, state });

const old = write(emptyKeyState, "old", "x");
const next = write(old, "next", "x", contextOf(old));

describe("reconcile", () => {
  it("finds nobody behind when all agree", () => {
    const copy = { ...next, siblings: next.siblings.map((sibling) => ({ ...sibling })) };

    expect(reconcile(dottedVersions, [home("a", next), home("b", copy)])).toEqual({
      merged: next,
      behind: [],
      holderCount: 2,
    });
  });

  it("finds the home that missed a write, and the one that has nothing", () => {
    const { merged, behind } = reconcile(dottedVersions, [
      home("a", old),
      home("b", next),
      home("c", emptyKeyState),
    ]);

    expect(merged).toEqual(next);
    expect(behind).toEqual(["a", "c"]);
  });

  it("keeps concurrent versions, and then everybody is behind", () => {
    const branch = write(old, "branch", "y", contextOf(old));

    const { merged, behind } = reconcile(dottedVersions, [home("a", next), home("b", branch)]);

    expect(merged.siblings.map(({ writeId }) => writeId)).toEqual(["next", "branch"]);
    expect(behind).toEqual(["a", "b"]);
  });

  it("does not repair a fallback", () => {
    const replies = [home("a", next), { node: "d", isHome: false, state: old }];

    expect(reconcile(dottedVersions, replies).behind).toEqual([]);
  });

  it("sees different bytes under one dot", () => {
    const damaged = {
      ...next,
      siblings: next.siblings.map((sibling) => ({ ...sibling, value: Buffer.from("naxt") })),
    };

    expect(reconcile(dottedVersions, [home("a", next), home("b", damaged)]).behind).toEqual(["b"]);
  });
});
