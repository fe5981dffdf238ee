import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stagedRun } from "../../results/fixture/staged-run.ts";
import { carryOutCells, type Night } from "./carry-out-cells.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tipcart-night-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program in place of the command line that ends as the workload's name says. */
const program = (): string => {
  const path = join(folder, "stub.mjs");
  const { record } = stagedRun();
  const answer = JSON.stringify({ schema: 1, exitCode: 0, ended: "passed", folder: "/runs/x", record });
  writeFileSync(
    path,
    `const how = process.argv[3];
if (how === "passes") process.stdout.write(${JSON.stringify(answer)});
if (how === "refuses") { process.stdout.write(JSON.stringify({ ended: "unavailable", sentence: "No clock." })); process.exitCode = 69; }
if (how === "dies") { process.stderr.write("out of memory\\n"); process.kill(process.pid, "SIGKILL"); }
if (how === "hangs") setInterval(() => undefined, 1000);
`,
  );
  return path;
};

const night = (workloads: readonly string[], rest: Partial<Night> = {}): Night => ({
  cells: workloads.map((workload, index) => ({
    id: `${index} ${workload}`,
    workload,
    seed: index,
    words: [],
  })),
  timeLimitMs: 600_000,
  program: program(),
  runs: folder,
  progress: { step: () => undefined, tick: () => undefined, done: () => undefined },
  interruption: new AbortController().signal,
  now: () => performance.now(),
  ...rest,
});

it("runs every cell, whatever happened to the one before", async () => {
  const results = await carryOutCells(night(["dies", "refuses", "passes"]));

  expect(results.map(({ state, verdict }) => [state, verdict])).toEqual([
    ["failed", "inconclusive"],
    ["failed", "inconclusive"],
    ["judged", stagedRun().record.verdict],
  ]);
  expect(results[0]?.sentence).toBe("The run ended without an answer. out of memory");
  expect(results[1]?.sentence).toBe("No clock.");
  expect(Object.keys(results[2]?.figures ?? {})).toContain("get p50");
});

it("leaves out what the time limit does not reach, and says so", async () => {
  let elapsed = 0;
  const results = await carryOutCells(
    night(["passes", "passes"], { timeLimitMs: 30_000, now: () => (elapsed += 8_000) }),
  );

  expect(results.map(({ state }) => state)).toEqual(["judged", "not-run"]);
  expect(results[1]).toMatchObject({
    verdict: "inconclusive",
    sentence: "The time limit of the night was reached before.",
  });
});

it("ends a cell that is still going when it is interrupted, and begins no other", async () => {
  const controller = new AbortController();
  const progress = { step: () => controller.abort(), tick: () => undefined, done: () => undefined };

  const results = await carryOutCells(
    night(["hangs", "passes"], { progress, interruption: controller.signal }),
  );

  expect(results.map(({ state }) => state)).toEqual(["failed", "not-run"]);
});
