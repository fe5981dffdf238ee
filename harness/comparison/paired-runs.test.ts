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
    voided: ["The pair with seed 101 is void: It has no request. It has no request."],
  });
});

it("gives up when too many pairs are void, and is not complete", async () => {
  const ended = await runPairs(wish(async () => empty));

  expect(ended).toMatchObject({ isComplete: false, pairs: [] });
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
