/**
 * Whether a mutant of the judge or of the harness is noticed: the tests that must notice it run with it, in a process
 * of their own, until the first of them fails. For the judge these are golden histories and histories broken on
 * purpose. A mutant that makes a test hang is noticed by the time it takes.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { projectRoot } from "../bundle/project-root.ts";
import type { Replacement } from "../bundle/replacement.ts";

export type TestedMutant = {
  readonly id: string;
  readonly name: string;
  readonly change: Replacement;
  /** The tests that must notice it, as paths (default: every history whose verdict is known). */
  readonly noticedBy?: readonly string[];
};

/** The tests that may notice a mutant of the judge: each takes a history whose verdict is known. */
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

export type TestedDetection = {
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

export async function detectByTests({
  id,
  name,
  change,
  noticedBy = known,
}: TestedMutant): Promise<TestedDetection> {
  const before = performance.now();
  const outputFile = join(projectRoot(), ".build", "mutants", `${id}.json`);
  await rm(outputFile, { force: true });
  const { timedOut } = await execa(
    process.execPath,
    [vitestProgram(), "run", ...options, `--outputFile=${outputFile}`, ...noticedBy],
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
