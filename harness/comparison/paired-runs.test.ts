import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { historyOf } from "../../checkers/history/history.ts";
import type { StoredRun } from "../../results/comparison/fingerprint.ts";
import { stagedHistory } from "../../results/fixture/staged-history.ts";
import { stagedRun } from "../../results/fixture/staged-run.ts";
import { projectRoot } from "../bundle/project-root.ts";
import { replaceOnce } from "../bundle/replacement.ts";
import { refuse } from "../outcome.ts";
import { type PairWish, runPairs, voidPairsMax } from "./paired-runs.ts";
import { slowerServer } from "./slower-server.ts";

const rate = 20;
/** A staged run without the generator's own stalls, which it has plenty of. */
const good: StoredRun = {
  record: stagedRun({ rate }).record,
  history: historyOf(stagedHistory({ rate }).filter(({ type }) => type !== "load")),
};
const empty: StoredRun = { ...good, history: historyOf([]) };
const violated: StoredRun = { ...good, record: { ...good.record, verdict: "violated" } };

const wish = (run: PairWish["run"], rest: Partial<PairWish> = {}): PairWish => ({
  sides: { baseline: { label: "A", bundle: "a" }, candidate: { label: "B", bundle: "b" } },
  count: 4,
  firstSeed: 100,
  lagMs: 1_000,
  run,
  say: () => undefined,
  tick: () => undefined,
  nowMs: () => 0,
  ...rest,
});

it("runs pairs in the order ABBA, with one seed a pair", async () => {
  const order: string[] = [];
  const ended = await runPairs(
    wish(async ({ label }, seed) => {
      order.push(`${label}${seed}`);
      return good;
    }),
  );

  expect(order).toEqual(["A100", "B100", "B101", "A101", "A102", "B102", "B103", "A103"]);
  expect(ended).toMatchObject({ isComplete: true, voided: [] });
});

it("runs a void pair again with another seed", async () => {
  const ended = await runPairs(wish(async (_, seed) => (seed === 101 ? empty : good)));

  expect(ended).toMatchObject({
    isComplete: true,
    voided: ["The pair with seed 101 is void. Baseline: It has no request. Candidate: It has no request."],
  });
});

it("says what runs and how long the rest will take, void pairs included", async () => {
  const said: string[] = [];
  let nowMs = 0;
  const run: PairWish["run"] = async (_, seed) => {
    nowMs += 15_000;
    return seed === 101 ? empty : good;
  };

  await runPairs(
    wish(run, {
      count: 2,
      nowMs: () => nowMs,
      say: (sentence) => said.push(sentence),
      tick: (sentence) => said.push(sentence),
    }),
  );

  expect(said).toEqual([
    "Pair 1 of 2: the baseline runs, seed 100.",
    "Pair 1 of 2: the candidate runs, seed 100.",
    "Pair 1 of 2 counts; 30.0 s a pair, about 30.0 s left.",
    "Pair 2 of 2: the candidate runs, seed 101.",
    "Pair 2 of 2: the baseline runs, seed 101.",
    expect.stringMatching(/^The pair with seed 101 is void\. .* 30\.0 s a pair, about 30\.0 s left\.$/),
    "Pair 2 of 2: the baseline runs, seed 102.",
    "Pair 2 of 2: the candidate runs, seed 102.",
    "Pair 2 of 2 counts; 30.0 s a pair.",
  ]);
});

it("gives up when too many pairs are void, and is not complete", async () => {
  const ended = await runPairs(wish(async () => empty));

  expect(ended).toMatchObject({ isComplete: false, pairs: [], shown: { baseline: empty } });
  expect("voided" in ended && ended.voided).toHaveLength(voidPairsMax + 1);
});

it("remembers which side broke a promise", async () => {
  const ended = await runPairs(
    wish(async ({ label }, seed) => (label === "B" && seed === 102 ? violated : good)),
  );

  expect(ended).toMatchObject({ isViolated: { baseline: false, candidate: true } });
});

it("ends with the first run that came to no verdict", async () => {
  const ended = await runPairs(wish(async () => refuse("internal", "No node started.")));

  expect(ended).toMatchObject({ exit: "internal", sentence: "No node started." });
});

it("has a slower server to find, made of the sources as they are", () => {
  const source = readFileSync(join(projectRoot(), slowerServer.file), "utf8");

  expect(replaceOnce(source, slowerServer)).toMatchObject({ type: "replaced" });
});
