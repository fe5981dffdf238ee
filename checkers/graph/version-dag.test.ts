import { describe, expect, test } from "vitest";
import { type History } from "../history/history.ts";
import { historyIn } from "../history/notated.fixture.ts";
import type { Intervals } from "./intervals.ts";
import { type KeyDag, versionDagOf } from "./version-dag.ts";

const dagOf = (history: History, key: string): KeyDag => versionDagOf(history).key(history.keys.find(key));

const coverOf = (history: History, dag: KeyDag, write: string): string[] => {
  const cover: Intervals = dag.coverOf([history.versions.find(write)]);
  return dag.versions
    .filter((version) => dag.covers(cover, version))
    .map((version) => history.written.name(version));
};

describe("the cover of a version", () => {
  test("is the version and all its ancestors, on every branch", () => {
    const history = historyIn(`
      p1 put a 1.1 [] -> ok
      p1 put a 1.2 [1.1] -> ok
      p2 put a 2.1 [1.1] -> ok
      p3 put a 3.1 [1.2,2.1] -> ok
      p4 put a 4.1 [2.1] -> ok`);
    const dag = dagOf(history, "a");

    expect(coverOf(history, dag, "3.1")).toEqual(["1.1", "1.2", "2.1", "3.1"]);
    expect(coverOf(history, dag, "4.1")).toEqual(["1.1", "2.1", "4.1"]);
  });

  test("leaves out an earlier write of the same writer that was not seen", () => {
    const history = historyIn(`
      p1 put a 1.1 [] -> ok
      p1 put a 1.2 [] -> ok
      p1 put a 1.3 [1.2] -> ok`);

    expect(coverOf(history, dagOf(history, "a"), "1.3")).toEqual(["1.2", "1.3"]);
  });

  test("knows nothing of other keys, nor of versions that nobody wrote", () => {
    const history = historyIn(`
      p1 put a 1.1 [] -> ok
      p1 put b 1.2 [1.1,9.9] -> ok`);

    expect(coverOf(history, dagOf(history, "b"), "1.2")).toEqual(["1.2"]);
    expect(coverOf(history, dagOf(history, "b"), "1.1")).toEqual([]);
  });

  test("follows the graph where a damaged history names parents from the future, and ends in a cycle", () => {
    const history = historyIn(`
      p1 put a 1.1 [1.2] -> ok
      p1 put a 1.2 [1.3] -> ok
      p1 put a 1.3 [1.2] -> ok
      p1 put a 1.4 [1.1] -> ok`);
    const dag = dagOf(history, "a");

    expect(coverOf(history, dag, "1.4")).toEqual(["1.1", "1.2", "1.3", "1.4"]);
    expect([...dag.reached([history.versions.find("1.4")])]).toEqual([1, 1, 1, 1]);
  });

  test("of a chain of ten thousand versions is one interval", () => {
    const history = historyIn(`
      p1 put a 1.0 [] -> ok
      10000x/1 p2 put a 2.% [1.0] @10..10.5 -> ok`);
    const dag = dagOf(history, "a");

    expect(dag.hasCovers()).toBe(true);
    expect(Array.from(dag.cover(10_000))).toEqual([0, 1, 10_000, 10_001]);
  });
});
