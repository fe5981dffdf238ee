import * as fc from "fast-check";
import { expect, test } from "vitest";
import { contains, eachMissing, type Intervals, including, isSubset, union } from "./intervals.ts";

const numRuns = process.env["TIPCART_DEEP"] === "1" ? 20_000 : 500;
const members = fc.array(fc.nat(30), { maxLength: 20 });

const setOf = (numbers: readonly number[]): Intervals =>
  numbers.reduce((set: Intervals, number) => including(set, number), []);

const membersOf = (set: Intervals): number[] =>
  Array.from({ length: 40 }, (_, n) => n).filter((n) => contains(set, n));

const sorted = (numbers: Iterable<number>): number[] => [...new Set(numbers)].toSorted((a, b) => a - b);

test("an interval set holds exactly what was put in, in as few intervals as can be", () => {
  fc.assert(
    fc.property(members, (numbers) => {
      const set = setOf(numbers);

      const distinct = sorted(numbers);
      const runs = distinct.filter((number) => !distinct.includes(number - 1)).length;
      expect(membersOf(set)).toEqual(distinct);
      expect(set.length).toBe(runs * 2);
    }),
    { numRuns },
  );
});

test("union, missing and subset are those of sets", () => {
  fc.assert(
    fc.property(members, members, (left, right) => {
      const missing: number[] = [];
      eachMissing(setOf(left), setOf(right), (member) => missing.push(member) > 0);

      expect(membersOf(union(setOf(left), setOf(right)))).toEqual(sorted([...left, ...right]));
      expect(missing).toEqual(sorted(left.filter((number) => !right.includes(number))));
      expect(isSubset(setOf(left), setOf(right))).toBe(missing.length === 0);
    }),
    { numRuns },
  );
});

test("a visitor that returns false is not called again", () => {
  const visited: number[] = [];

  eachMissing([0, 5], [1, 2], (member) => {
    visited.push(member);
    return member < 2;
  });

  expect(visited).toEqual([0, 2]);
});
