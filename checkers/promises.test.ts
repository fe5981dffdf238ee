import { describe, expect, test } from "vitest";
import { historyIn } from "./history/notated.fixture.ts";
import { classOf, gradeOf, isStrict, showsOf } from "./promises.ts";

const sloppy = { n: 3, r: 2, w: 2, pr: 0, pw: 0, sloppy: true, versions: "dvv", codec: "tagged" };

describe("a quorum", () => {
  test.each([
    [{ sloppy: false }, true],
    [{}, false],
    [{ pr: 2, pw: 2 }, true],
    [{ sloppy: false, r: 1, w: 3 }, true],
    [{ sloppy: false, r: 1, w: 1 }, false],
  ])("with %j is strict: %s", (change, expected) => {
    expect(isStrict({ ...sloppy, ...change })).toBe(expected);
  });
});

describe("a grade", () => {
  test.each([
    ["run", "P1", "hard"],
    ["run versions=vv-max", "P1", "expected"],
    ["run versions=vv-max", "P14", "hard"],
    ["run versions=vv-increment", "P14", "expected"],
    ["run versions=lww", "P2", "expected"],
    ["run versions=lww\nfault f1 kill n1 active 1..2", "P14", "hard"],
    ["run versions=lww\nfault f1 clock n1 active 1..2", "P14", "expected"],
    ["run", "P13", "metric"],
    ["run strict", "P13", "hard"],
    ["run strict\nfault f1 wipe n1 active 1..2", "P13", "hard"],
    ["run strict\nfault f1 corruption n1 active 1..2", "P13", "hard"],
    ["run strict\nfault f1 power-cut n1 active 1..2", "P13", "hard"],
    ["run w=1\nfault f1 wipe n1 active 1..2", "P1", "expected"],
    ["run w=2\nfault f1 wipe n1 active 1..2", "P1", "hard"],
    ["run w=1\nfault f1 wipe n1 skipped 1", "P1", "hard"],
    ["run w=1\nfault f1 wipe n1 ineffective 1", "P1", "expected"],
    ["run w=1\nfault f1 kill n1 active 1..2", "P1", "hard"],
    ["run codec=union", "P4", "metric"],
    ["run codec=union", "P4k", "hard"],
  ] as const)("of %j: %s is %s", (text, property, grade) => {
    expect(gradeOf(historyIn(text), property)).toBe(grade);
  });

  test.each([
    ["run w=1\nfault f1 power-cut n1 active 1..2", "flipped", "P1", "expected"],
    ["run strict\nfault f1 power-cut n1 active 1..2", "flipped", "P13", "hard"],
    ["run w=1\nfault f1 disk n1 active 1..2", "restore-backup", "P1", "expected"],
    ["run strict\nfault f1 disk n1 active 1..2", "wipe", "P13", "hard"],
    ["run\nfault f1 disk n1 active 1..2", "corruption", "P1", "hard"],
  ] as const)("of %j whose fault also did %s: %s is %s", (text, harm, property, grade) => {
    const history = historyIn(text);

    const harmed = { ...history, faults: history.faults.map((fault) => ({ ...fault, harm })) };

    expect(gradeOf(harmed, property)).toBe(grade);
  });

  test("is hard for a history that names no run", () => {
    expect(gradeOf({ ...historyIn("run"), run: undefined }, "P13")).toBe("hard");
    expect(classOf({ run: undefined, faults: [] })).toBeUndefined();
  });
});

describe("what a run is bound to show", () => {
  test.each([
    ["run versions=vv-max\nfault f1 kill n1 active 1..2", ["P1", "P2"]],
    ["run versions=vv-max", []],
    ["run versions=vv-max\nfault f1 kill n1 skipped 1", []],
    ["run r=1 w=1\nfault f1 kill n1 active 1..2", ["P13"]],
    ["run codec=union\nfault f1 kill n1 active 1..2", ["P4"]],
    ["run\nfault f1 kill n1 active 1..2", []],
  ] as const)("%j: %j", (text, shown) => {
    expect(showsOf(historyIn(text))).toEqual(shown);
  });
});
