import { expect, it } from "vitest";
import { historyOf } from "../../checkers/history/history.ts";
import type { StoredRun } from "../../results/comparison/fingerprint.ts";
import { slowedEvents } from "../../results/fixture/slowed-events.ts";
import { stagedHistory } from "../../results/fixture/staged-history.ts";
import { stagedRun } from "../../results/fixture/staged-run.ts";
import { type DecisionWish, decidedPairs } from "./decided-pairs.ts";

const rate = 10;
const { record } = stagedRun({ rate });
const events = stagedHistory({ rate }).filter(({ type }) => type !== "load");

const slowed = (factor: number): StoredRun => ({ record, history: historyOf(slowedEvents(events, factor)) });
const usual = slowed(1);
const slower = slowed(1.4);
const empty: StoredRun = { record, history: historyOf([]) };

const wish = (run: DecisionWish["run"], rest: Partial<DecisionWish> = {}): DecisionWish => ({
  sides: { baseline: { label: "A", bundle: "a" }, candidate: { label: "B", bundle: "b" } },
  count: 10,
  firstSeed: 1,
  lagMs: 1_000,
  rate: 200,
  bootstrapSeed: 1,
  matters: 0.05,
  run,
  say: () => undefined,
  tick: () => undefined,
  nowMs: () => 0,
  ...rest,
});

const isFirstSet = (seed: number): boolean => seed <= 16;

it("believes a regression that both sets of pairs say", async () => {
  const ended = await decidedPairs(wish(async ({ label }) => (label === "B" ? slower : usual)));

  expect(ended).toMatchObject({ setCount: 2, result: { verdict: "regression" } });
  expect("all" in ended && ended.all).toHaveLength(20);
});

it("cannot tell when the second set says otherwise, or is not whole", async () => {
  const otherwise = await decidedPairs(
    wish(async ({ label }, seed) => (label === "B" && isFirstSet(seed) ? slower : usual)),
  );
  let runCount = 0;
  const broken = await decidedPairs(
    wish(async ({ label }, seed) => {
      // Nine pairs of the second set count, and every one after them is void.
      runCount += isFirstSet(seed) ? 0 : 1;
      return runCount > 18 ? empty : label === "B" ? slower : usual;
    }),
  );

  expect(otherwise).toMatchObject({ setCount: 2, result: { verdict: "inconclusive" } });
  expect(broken).toMatchObject({ setCount: 2, result: { verdict: "inconclusive" } });
});

it("says what to change when pairs are void", async () => {
  const ended = await decidedPairs(wish(async () => empty));

  expect("result" in ended && ended.result.notes[0]).toBe(
    "6 pairs were void and 0 of 10 counted: this machine has no room for 200 requests/s. Give it less (--rate 100) or " +
      "nothing else to do; where it is never alone, --lag 5000ms lets busier pairs count.",
  );
});

it("says how many pairs would do when they scatter, and when none would", async () => {
  const ended = await Promise.all(
    [1.06, 1.4].map((wide) => {
      const factorOf = (seed: number): number => (seed % 2 === 0 ? wide : 1 / wide);
      const runs = new Map([wide, 1 / wide].map((one) => [one, slowed(one)]));
      return decidedPairs(
        wish(async ({ label }, seed) => (label === "B" ? (runs.get(factorOf(seed)) ?? usual) : usual)),
      );
    }),
  );
  const [some, none] = ended.map((one) => ("result" in one ? one.result.notes.at(-1) : ""));

  expect(some).toMatch(
    /^The noise is too large for 10 pairs: some \d\d like these would do \(--pairs \d\d\)/,
  );
  expect(none).toMatch(/^The noise is too large for any number of pairs: .*--rate 100.*--matters 10%/);
});
