import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../bundle/bundle.ts";
import { entries } from "../bundle/entry.ts";
import { reportOf, shapes } from "./seed-report.ts";
import { seedReports } from "./seed-runs.ts";

beforeAll(async () => {
  await bundle(entries.filter(({ name }) => name === "simulation-worker"));
}, 60_000);

let leftOver: AsyncGenerator<unknown> | undefined;
afterAll(() => leftOver?.return(undefined));

test("two processes tell of each seed what one tells, in order of seed", async () => {
  const shape = shapes.get("short");
  if (shape === undefined) throw new Error("there is no short shape");
  const expected = [await reportOf(3, shape), await reportOf(4, shape), await reportOf(5, shape)];

  const told: unknown[] = [];
  const reports = seedReports({ runs: 3, firstSeed: 3, shape: "short", jobs: 2 });
  leftOver = reports;
  for await (const report of reports) told.push(report);

  expect(told).toEqual(expected);
}, 60_000);

test("a judged run passes every checker, as it does under test", async () => {
  const judged = shapes.get("judged");
  if (judged === undefined) throw new Error("there is no judged shape");

  const report = await reportOf(2, judged);

  expect(report.faults).toEqual([]);
  expect(report.acknowledgedCount).toBeGreaterThan(50);
}, 60_000);

test("a run that breaks off is its own fault", async () => {
  const report = await reportOf(9, () => Promise.reject(new Error("seed 9: nothing is left to happen")));

  expect(report).toEqual({ seed: 9, faults: ["seed 9: nothing is left to happen"], acknowledgedCount: 0 });
});

test("a process that ends is the fault of the seeds it was given", async () => {
  const reports = seedReports({ runs: 2, firstSeed: 1, shape: "no such shape", jobs: 1 });
  leftOver = reports;

  const told: unknown[] = [];
  for await (const report of reports) told.push(report);

  const faults = ["the process that simulated it ended"];
  expect(told).toEqual([1, 2].map((seed) => ({ seed, faults, acknowledgedCount: 0 })));
}, 60_000);
