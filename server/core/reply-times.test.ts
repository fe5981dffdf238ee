import { describe, expect, test } from "vitest";
import { ReplyTimes } from "./reply-times.ts";

const usualMs = 80;

describe("the patience with a peer", () => {
  test("is the usual one while little is known of it", () => {
    const times = new ReplyTimes();
    for (let count = 0; count < 7; count += 1) times.observe(1);

    expect(times.patienceMs(usualMs)).toBe(usualMs);
  });

  test("lies above nearly all that was seen of it", () => {
    const times = new ReplyTimes();
    const seen = Array.from({ length: 1000 }, (_, index) => 30 + ((index * 7919) % 40));
    let lateCount = 0;
    for (const tookMs of seen) {
      if (tookMs > times.patienceMs(usualMs)) lateCount += 1;
      times.observe(tookMs);
    }

    expect(lateCount).toBeLessThan(30);
    expect(times.patienceMs(usualMs)).toBeLessThan(150);
  });

  test("never leaves the bounds, however fast or slow it is", () => {
    const fast = new ReplyTimes();
    const slow = new ReplyTimes();
    for (let count = 0; count < 100; count += 1) {
      fast.observe(0.1);
      slow.observe(5000);
    }

    expect(fast.patienceMs(usualMs)).toBe(20);
    expect(slow.patienceMs(usualMs)).toBe(320);
  });

  test("grows within a few replies when the peer slows down, so that slowness is not answered with load", () => {
    const times = new ReplyTimes();
    for (let count = 0; count < 100; count += 1) times.observe(2);
    for (let count = 0; count < 4; count += 1) times.observe(100);

    expect(times.patienceMs(usualMs)).toBeGreaterThan(100);
  });
});
