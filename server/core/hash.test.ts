import { describe, expect, it } from "vitest";
import { numberOf, partitionOf, positionAt, positionOf, wordOf } from "./hash.ts";

const hexOf = (position: string) => numberOf(position).toString(16).padStart(32, "0");

describe("positionOf", () => {
  it("is the MD5 of bucket, zero byte and key in UTF-8", () => {
    expect(hexOf(positionOf("carts", "cart/1/1"))).toBe("a1c6907271d3848df37f8bfcffbdc641");
    expect(hexOf(positionOf("carts", "ключ"))).toBe("4cbd67557c3f4c1589a1ac05a6fc0e7a");
    expect(hexOf(positionOf("carts", ""))).toBe("ca810c4d9599ebc689d20c76e766f85e");
  });

  it("keeps bucket and key apart", () => {
    expect(hexOf(positionOf("a", "bc"))).toBe("a5f5d1ebd362d6639389a7e1fede534d");
    expect(hexOf(positionOf("ab", "c"))).toBe("cf1aa1426d75f0e4c1a49da3b28808ef");
  });

  it("orders like the numbers", () => {
    expect(positionAt(255n) < positionAt(256n)).toBe(true);
    expect(positionAt(2n ** 127n) < positionAt(2n ** 128n - 1n)).toBe(true);
  });
});

describe("partitionOf", () => {
  const width = 2n ** 128n / 64n;

  it("finds the partition of known keys", () => {
    expect(partitionOf(positionOf("carts", "cart/1/1"), 64)).toBe(40);
    expect(partitionOf(positionOf("carts", "cart/1/1"), 4096)).toBe(2588);
    expect(partitionOf(positionOf("carts", "cart/1/1"), 60)).toBe(37);
  });

  it("closes each partition on the right", () => {
    expect(partitionOf(positionAt(width - 1n), 64)).toBe(0);
    expect(partitionOf(positionAt(width), 64)).toBe(0);
    expect(partitionOf(positionAt(width + 1n), 64)).toBe(1);
    expect(partitionOf(positionAt(63n * width), 64)).toBe(62);
    expect(partitionOf(positionAt(63n * width + 1n), 64)).toBe(63);
  });

  it("wraps: the first position is the end of the last partition", () => {
    expect(partitionOf(positionAt(0n), 64)).toBe(63);
    expect(partitionOf(positionAt(1n), 64)).toBe(0);
    expect(partitionOf(positionAt(2n ** 128n - 1n), 64)).toBe(63);
  });

  it("knows one partition only where there is one", () => {
    expect(partitionOf(positionAt(0n), 1)).toBe(0);
    expect(partitionOf(positionAt(2n ** 127n), 1)).toBe(0);
  });
});

describe("wordOf", () => {
  it("reads four bytes, most significant first", () => {
    const position = positionAt(0x80000001_00000002_00000003_ffffffffn);

    expect([0, 4, 8, 12].map((index) => wordOf(position, index))).toEqual([0x80000001, 2, 3, 0xffffffff]);
  });
});
