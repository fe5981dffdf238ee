import { expect, it } from "vitest";
import type { Completion, Invocation } from "../../checkers/history/event.ts";
import { LoadTally } from "./load-tally.ts";

function ended(tally: LoadTally, key: string, count: number): void {
  const invocation = { key, intended: 0 } as Invocation;
  const completion = { type: "ok", at: 1_000 } as Completion;
  for (let turn = 0; turn < count; turn += 1) tally.completed(invocation, completion);
}

it("the busiest key is that of the last seconds, and of nothing before the first request", () => {
  const tally = new LoadTally();

  const atFirst = tally.takeBusiestKey();
  ended(tally, "early", 8);
  ended(tally, "late", 3);
  const then = tally.takeBusiestKey();
  ended(tally, "late", 3);
  const later = tally.takeBusiestKey();

  expect([atFirst, then, later]).toEqual([undefined, "early", "late"]);
});

it("a key that nobody asks for any more is forgotten", () => {
  const tally = new LoadTally();
  ended(tally, "__proto__", 5);

  const seconds = Array.from({ length: 6 }, () => tally.takeBusiestKey());

  expect(seconds[0]).toBe("__proto__");
  expect(seconds.at(-1)).toBeUndefined();
});
