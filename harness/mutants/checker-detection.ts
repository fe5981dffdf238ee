/**
 * Whether a mutant of the judge is noticed: the golden histories and the histories broken on purpose are judged by
 * it, in a process of its own, until the first of them gets another verdict than it must. A mutant that makes a
 * checker hang is noticed by the time it takes.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { projectRoot } from "../bundle/project-root.ts";
import type { CheckerMutant } from "./checker-mutant.ts";

/** The tests that may notice: each takes a history whose verdict is known. */
const known = [
  "checkers/golden/",
  "checkers/broken-history.property.test.ts",
  "checkers/exercised.test.ts",
  "checkers/transactions/list-anomalies.test.ts",
  "checkers/transactions/spoiled-history.property.test.ts",
  "checkers/linearizability/",
  "checkers/objects/",
];
const options = ["--config", ".config/vitest-mutant.ts", "--reporter=json"];
const timeLimitMs = 180_000;

export type CheckerDetection = {
  readonly id: string;
  readonly name: string;
  readonly isCaught: boolean;
  /** The first test that failed; why there was none. */
  readonly caughtBy: string;
  readonly seconds: number;
};

const reportSchema = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

export async function detectInChecker({ id, name, change }: CheckerMutant): Promise<CheckerDetection> {
  const before = performance.now();
  const outputFile = join(projectRoot(), ".build", "mutants", `${id}.json`);
  await rm(outputFile, { force: true });
  const { timedOut } = await execa(
    process.execPath,
    [vitestProgram(), "run", ...options, `--outputFile=${outputFile}`, ...known],
    {
      cwd: projectRoot(),
      env: { TIPCART_MUTANT: JSON.stringify(change) },
      reject: false,
      stdin: "ignore",
      timeout: timeLimitMs,
    },
  );
  const seconds = Math.round((performance.now() - before) / 1000);
  const caughtBy = timedOut ? "it took too long" : firstFailure(await readFile(outputFile, "utf8"));
  return { id, name, isCaught: caughtBy !== undefined, caughtBy: caughtBy ?? "nothing failed", seconds };
}

const vitestProgram = (): string => join(projectRoot(), "node_modules", "vitest", "vitest.mjs");

/** Undefined when all passed. Throws when the tests did not run at all, since that is nobody's catch. */
function firstFailure(text: string): string | undefined {
  const report = reportSchema.parse(JSON.parse(text));
  const failed = report.testResults.find(({ status }) => status === "failed");
  if (failed === undefined) {
    if (report.numTotalTests === 0) throw new Error("No test ran.");
    return undefined;
  }
  const test = failed.assertionResults.find(({ status }) => status === "failed");
  if (test === undefined) throw new Error(`${failed.name} did not run: ${failed.message.split("\n")[0]}`);
  return test.fullName;
}
