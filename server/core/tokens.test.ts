import { describe, expect, it } from "vitest";
import { numberOf, positionAt } from "./hash.ts";
import { preferenceList } from "./preference-list.ts";
import { partitionAt } from "./ring.ts";
import { ringFor } from "./strategy.ts";
import { tokensOf } from "./tokens.ts";

const last = 2n ** 128n - 1n;
const hex = (number: bigint): string => number.toString(16).padStart(32, "0");

/** a at 100 and 400, b at 200, c at 300. */
const members = [
  { nodeId: "a", tokens: [hex(100n), hex(400n)] },
  { nodeId: "b", tokens: [hex(200n)] },
  { nodeId: "c", tokens: [hex(300n)] },
];
const ring = ringFor(members, { strategy: 1, tokensPerNode: 1 }, 3);
const homesAt = (number: bigint): string =>
  preferenceList(ring, partitionAt(ring, positionAt(number)), 2).homes.join("");

const quarter = 2n ** 126n;
const placed = (tokens: readonly bigint[]) =>
  ringFor(
    tokens.map((token, index) => ({ nodeId: "abc"[index] ?? "", tokens: [hex(token)] })),
    { strategy: 2, tokensPerNode: 1, partitions: 4 },
    3,
  );

describe("strategy 1", () => {
  it("gives a position to the next token clockwise, and one exactly on a token to that token", () => {
    expect([199n, 200n, 201n].map(homesAt)).toEqual(["bc", "bc", "ca"]);
  });

  it("wraps: behind the last token and at 0 begins the range of the first", () => {
    expect([401n, last, 0n, 1n, 100n].map(homesAt)).toEqual(["ab", "ab", "ab", "ab", "ab"]);
    expect(homesAt(101n)).toBe("bc");
  });

  it("takes a node once, whose second token the walk meets too", () => {
    expect(homesAt(400n)).toBe("ab");
    expect(preferenceList(ring, partitionAt(ring, positionAt(350n)), 3).homes).toEqual(["a", "b", "c"]);
  });

  it("gives a node of twice the capacity twice the tokens, the same at every start", () => {
    const tokens = tokensOf({ nodeId: "n", capacity: 2 }, 8);

    expect(new Set(tokens).size).toBe(16);
    expect(tokensOf({ nodeId: "n" }, 8)).toEqual(tokens.slice(0, 8));
  });

  it("gives a token that two nodes name to the lower id", () => {
    const twice = [
      { nodeId: "b", tokens: [hex(5n)] },
      { nodeId: "a", tokens: [hex(5n), hex(9n)] },
    ];

    expect(ringFor(twice, { strategy: 1, tokensPerNode: 1 }, 2).owners).toEqual(["a", "a"]);
  });
});

describe("strategy 2", () => {
  it("places a partition by the first token at its end or behind it", () => {
    expect(placed([quarter, 2n * quarter + 1n, 3n * quarter]).owners).toEqual(["a", "b", "c", "a"]);
  });

  it("changes the placement and not the partitions when a node comes", () => {
    const before = placed([quarter, 3n * quarter]);

    const after = placed([quarter, 3n * quarter, 2n * quarter]);

    expect([before.ends, after.ends, before.partitionCount]).toEqual([null, null, 4]);
    expect(before.owners).toEqual(["a", "b", "b", "a"]);
    expect(after.owners).toEqual(["a", "c", "b", "a"]);
    expect(numberOf(positionAt(quarter))).toBe(quarter);
  });
});
