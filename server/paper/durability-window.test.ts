import { describe, expect, test } from "vitest";
import { acceptedShare, lostShare } from "./durability-window.ts";

const trials = process.env["TIPCART_DEEP"] === undefined ? 20 : 500;
const one = { machineCount: 1, underWay: "lost" } as const;

describe("a write that is acknowledged by W nodes, of which one is destroyed", () => {
  test("is lost with W = 1 when that happens at once, and less often the later it happens", async () => {
    const [at0 = 0, at10 = 0, at100 = 0] = [
      await lostShare({ ...one, w: 1, afterMs: 0 }, trials),
      await lostShare({ ...one, w: 1, afterMs: 10 }, trials),
      await lostShare({ ...one, w: 1, afterMs: 100 }, trials),
    ];

    expect(at0).toBeGreaterThan(0.1);
    expect(at10).toBeLessThan(at0 / 5);
    expect(at100).toBe(0);
  });

  test("is never lost with W = 2 or W = 3", async () => {
    expect(await lostShare({ ...one, w: 2, afterMs: 0 }, trials)).toBe(0);
    expect(await lostShare({ ...one, w: 3, afterMs: 0 }, trials)).toBe(0);
  });

  test("is not even lost with W = 1 if what had been sent arrives", async () => {
    expect(await lostShare({ w: 1, machineCount: 1, afterMs: 0, underWay: "arrives" }, trials)).toBe(0);
  });
});

test("two destroyed machines take a write of W = 2 with them, and none of W = 3", async () => {
  const both = { machineCount: 2, underWay: "lost", afterMs: 0 } as const;

  expect(await lostShare({ ...both, w: 2 }, trials)).toBeGreaterThan(0);
  expect(await lostShare({ ...both, w: 3 }, trials)).toBe(0);
});

test("with W = 1 one node of five that is up takes every write, with W = 2 none and two of them every one", async () => {
  expect(await acceptedShare(1, 1, 20)).toBe(1);
  expect(await acceptedShare(2, 1, 20)).toBe(0);
  expect(await acceptedShare(2, 2, 20)).toBe(1);
});
