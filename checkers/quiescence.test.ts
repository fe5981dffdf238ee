import { describe, expect, test } from "vitest";
import { versionDagOf } from "./graph/version-dag.ts";
import { historyIn } from "./history/notated.fixture.ts";
import { lateVersions, stuckNodes, unrest } from "./quiescence.ts";

const write = "p1 put a 1.1 [] -> ok n1\n";

describe("unrest", () => {
  test.each([
    ["", "Nobody looked whether the cluster had come to rest."],
    ["calm all", undefined],
    ["calm n1,n2 quiet", "n3 was not looked at after the heal."],
    ["calm n1,n2 quiet\ncalm n3 late hints=2", "n3 had not come to rest: it held 2 hints."],
    ["calm n1,n2 quiet\ncalm n3 late unreachable=n1", "n3 had not come to rest: it could not reach n1."],
    ["calm all late\ncalm all", undefined],
  ])("after %j is %j", (looks, reason) => {
    expect(unrest(historyIn(write + looks))).toBe(reason);
  });
});

const isLate = (looks: string): boolean => {
  const history = historyIn(`${write}${looks}`);
  return lateVersions(
    history,
    versionDagOf(history).key(history.keys.find("a")),
  )(history.versions.find("1.1"));
};

describe("a version that no read shows", () => {
  test.each([
    ["", false],
    ["calm all", false],
    ["calm n1,n2 quiet", true],
    ["calm n1,n2 quiet\ncalm n3 late hints=1", true],
    ["calm n1,n2 quiet\ncalm n3 late", false],
    ["calm n1,n2 quiet\ncalm n3 late\ndump n3 a 1.1", true],
    ["calm all\ndump n3 a 1.1", false],
  ])("may be late after %j: %s", (looks, expected) => {
    expect(isLate(looks)).toBe(expected);
  });
});

describe("a node is stuck", () => {
  test.each([
    [
      "when two looks 10 s apart are the same",
      "calm n3 late hints=1 at=0\ncalm n3 late hints=1 at=10000",
      ["n3"],
    ],
    ["not after one look", "calm n3 late hints=1 at=0", []],
    ["not sooner", "calm n3 late hints=1 at=0\ncalm n3 late hints=1 at=9000", []],
    ["not while its hints get fewer", "calm n3 late hints=2 at=0\ncalm n3 late hints=1 at=10000", []],
    ["not while its trees change", "calm n3 late roots=p:a at=0\ncalm n3 late roots=p:b at=10000", []],
    [
      "not while a peer is away",
      "calm n3 late unreachable=n1 at=0\ncalm n3 late unreachable=n1 at=10000",
      [],
    ],
    ["not when it is quiet in the end", "calm n3 late hints=1 at=0\ncalm n3 quiet at=10000", []],
  ])("%s", (_, looks, nodes) => {
    expect(stuckNodes(historyIn(write + looks))).toEqual(nodes);
  });
});
