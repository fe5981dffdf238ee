import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepSelfTest, readSelfTests, type SelfTest, selfTestSentence, selfTestsFile } from "./self-tests.ts";

const test = (given: Partial<SelfTest> = {}): SelfTest => ({
  schema: 1,
  startedWallMs: Date.UTC(2026, 10, 22, 3, 4, 5),
  build: "main (0123456789)",
  way: "equal",
  pairCount: 10,
  verdict: "no change",
  machine: "2 × one",
  ...given,
});

describe("the record of self-tests", () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tipcart-self-tests-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it("is empty where none was made", async () => {
    expect(await readSelfTests(join(directory, "nowhere"), "2 × one")).toEqual([]);
    expect(selfTestSentence([])).toMatch(/^No comparison of a build with itself is known/);
  });

  it("holds those of the machine, and leaves out what is none", async () => {
    const runs = join(directory, "runs");
    await keepSelfTest(runs, test());
    await appendFile(join(runs, selfTestsFile), 'half a line\n{"schema":2}\n\n');
    await keepSelfTest(runs, test({ machine: "64 × another" }));
    await keepSelfTest(runs, test({ verdict: "inconclusive" }));

    expect(await readSelfTests(runs, "2 × one")).toEqual([test(), test({ verdict: "inconclusive" })]);
  });

  it("keeps the newest when the file has grown beyond what is read", async () => {
    const runs = join(directory, "long");
    await keepSelfTest(runs, test({ build: "old" }));
    await appendFile(join(runs, selfTestsFile), `${JSON.stringify(test({ build: "x".repeat(300_000) }))}\n`);
    await keepSelfTest(runs, test({ build: "new" }));

    expect((await readSelfTests(runs, "2 × one")).map(({ build }) => build)).toEqual(["new"]);
  });

  it("says where it could not be kept", async () => {
    await appendFile(join(directory, "file"), "");

    expect(await keepSelfTest(join(directory, "file"), test())).toMatchObject({ type: "failed" });
  });
});

it("self-tests are told by what they should have said", () => {
  const tests = [
    test(),
    test({ verdict: "regression" }),
    test({ verdict: "inconclusive" }),
    test({ way: "slower", verdict: "regression", pairCount: 20 }),
  ];

  expect(selfTestSentence(tests)).toBe(
    "3 comparisons of a build with itself: 1 false alarm, 1 could not tell. 1 with every answer a fifth later: 1 found, " +
      "0 could not tell. The last one: 2026-11-22 03:04:05 UTC, main (0123456789) against itself a fifth slower, 20 pairs: regression.",
  );
});
