/**
 * `tipcart compare`: two stored runs, or several of each build, with what their statistics allow to say. Runs of
 * different machines or plans are shown and not judged.
 */
import type { Command } from "commander";
import { historyFromJournal } from "../../checkers/history/history.ts";
import type { Comparison, DifferenceVerdict, Side } from "../../results/comparison/comparison.ts";
import { comparisonJunit } from "../../results/comparison/comparison-junit.ts";
import { comparisonPage } from "../../results/comparison/comparison-page.ts";
import { comparisonText } from "../../results/comparison/comparison-text.ts";
import { differencesOf, type StoredRun } from "../../results/comparison/fingerprint.ts";
import { machineName, readSelfTests } from "../../results/comparison/self-tests.ts";
import { decideStored, repeatsMax } from "../../results/comparison/stored.ts";
import { figuresOfRun } from "../../results/report/figures-of-run.ts";
import { defaultRunsDirectory, openRunStore, type RunStore } from "../../results/store.ts";
import { replaceFile } from "../../results/whole-file.ts";
import { exitCodes, type Refusal, refuse } from "../outcome.ts";
import { journalChunks } from "../run/journal-file.ts";

export type ComparisonFlags = {
  readonly html?: string;
  readonly junit?: string;
  readonly json?: boolean;
  readonly inconclusive: string;
  readonly runs?: string;
};

/** What the bootstrap draws; the same runs say the same every time. */
export const bootstrapSeed = 2_007;

/** The flags that every comparison has. */
export const declareComparisonFlags = (command: Command): Command =>
  command
    .option("--html <file>", "write the page of the comparison there")
    .option("--junit <file>", "the verdict and every compared figure as JUnit XML")
    .option("--json", "print the result as one JSON object on standard output")
    .option(
      "--inconclusive <way>",
      "fail (exit code 2) or warn (0) when the measurements cannot tell",
      "fail",
    )
    .option("--runs <directory>", "where runs are kept (default: results/runs)");

export function declareCompareCommand(program: Command, end: (exitCode: number) => void): void {
  declareComparisonFlags(program.command("compare"))
    .description("two stored runs, or seven and more of each build")
    .argument("<baseline>", "a run as elsewhere; several with commas; name/* for all of a name")
    .argument("<candidate>", "the same")
    .action(async (baseline: string, candidate: string, flags: ComparisonFlags) =>
      end(await compareCommand(baseline, candidate, flags)),
    );
}

/** Looked at before anything is measured. */
export const inconclusiveMistake = ({ inconclusive }: ComparisonFlags): Refusal | undefined =>
  inconclusive === "fail" || inconclusive === "warn"
    ? undefined
    : refuse("usage", `--inconclusive is "${inconclusive}"; it must be one of fail, warn.`);

async function compareCommand(baseline: string, candidate: string, flags: ComparisonFlags): Promise<number> {
  const mistake = inconclusiveMistake(flags);
  if (mistake !== undefined) return sayRefusal(mistake);
  const store = openRunStore(flags.runs ?? defaultRunsDirectory(process.cwd()));
  const baselines = await storedRuns(store, baseline);
  if ("exit" in baselines) return sayRefusal(baselines);
  const candidates = await storedRuns(store, candidate);
  if ("exit" in candidates) return sayRefusal(candidates);
  const [one, other] = [baselines[0], candidates[0]];
  if (one === undefined || other === undefined)
    return sayRefusal(
      refuse("usage", `There is no judged run in "${one === undefined ? baseline : candidate}".`),
    );
  if (Math.max(baselines.length, candidates.length) > repeatsMax)
    return sayRefusal(refuse("usage", `At most ${repeatsMax} runs a side are compared; name fewer.`));
  const differences = [
    ...new Set([...baselines.slice(1), ...candidates].flatMap((run) => differencesOf(one, run))),
  ];
  const decided = decideStored(baselines, candidates, bootstrapSeed);
  const verdict = differences.length > 0 ? "inconclusive" : decided.verdict;
  const comparison: Comparison = {
    baseline: sideOf(baseline, one),
    candidate: sideOf(candidate, other),
    method: decided.method,
    verdict,
    metrics: decided.metrics,
  };
  const isViolated = candidates.some(({ record }) => record.verdict === "violated");
  return await tellComparison({ comparison, notes: [...differences, ...decided.notes], isViolated }, flags);
}

/** All judged runs that `which` names, with their histories. */
async function storedRuns(store: RunStore, which: string): Promise<readonly StoredRun[] | Refusal> {
  const runs: StoredRun[] = [];
  for (const word of which.split(",")) {
    const names = word.endsWith("/*") ? await allOf(store, word.slice(0, -2)) : [word];
    for (const name of names) {
      const found = await store.find(name);
      if (found.type === "failed") return refuse("usage", found.reason);
      const record = await store.readVerdict(found.value);
      if (record.type === "failed") return refuse("usage", record.reason);
      const history = await historyFromJournal(journalChunks(found.value.journal));
      runs.push({ record: record.value, history });
    }
  }
  return runs;
}

async function allOf(store: RunStore, name: string): Promise<readonly string[]> {
  const listed = await store.list();
  if (listed.type === "failed") return [];
  return listed.value
    .filter((entry) => entry.name === name && entry.hasVerdict)
    .map((entry) => `${entry.name}/${entry.start}`);
}

/** One run of a side, for the plots. */
export const sideOf = (label: string, { record, history }: StoredRun): Side => ({
  label,
  record,
  figures: figuresOfRun(history, record),
});

export type Told = {
  readonly comparison: Comparison;
  readonly notes: readonly string[];
  /** Whether the candidate broke a promise: that is worse than being slow. */
  readonly isViolated: boolean;
};

/** Prints, writes the page, and returns the exit code. */
export async function tellComparison(
  { comparison: decided, notes, isViolated }: Told,
  flags: ComparisonFlags,
): Promise<number> {
  const inconclusive = flags.inconclusive === "warn" ? "warn" : "fail";
  const runs = flags.runs ?? defaultRunsDirectory(process.cwd());
  const selfTests = await readSelfTests(runs, machineName(decided.baseline.record));
  const comparison: Comparison = { ...decided, notes, selfTests };
  const files = [
    [flags.html, () => comparisonPage(comparison)],
    [flags.junit, () => comparisonJunit({ comparison, notes, isViolated, inconclusive })],
  ] as const;
  for (const [path, text] of files) {
    if (path === undefined) continue;
    const kept = await replaceFile(path, text());
    if (kept.type === "failed") return sayRefusal(refuse("internal", kept.reason));
  }
  const exitCode = exitCodeOfComparison(comparison.verdict ?? "inconclusive", isViolated, inconclusive);
  const { verdict, method, metrics, spreads } = comparison;
  if (flags.json === true)
    process.stdout.write(
      `${JSON.stringify({ schema: 1, exitCode, verdict, method, isViolated, notes, metrics, spreads, selfTests })}\n`,
    );
  else {
    const broken = isViolated ? ["The candidate broke a promise; see its runs."] : [];
    process.stdout.write(comparisonText(comparison, [...notes, ...broken]));
  }
  return exitCode;
}

export function exitCodeOfComparison(
  verdict: DifferenceVerdict,
  isViolated: boolean,
  inconclusive: "fail" | "warn",
): number {
  if (isViolated) return exitCodes.violated.code;
  switch (verdict) {
    case "regression":
      return exitCodes.regression.code;
    case "inconclusive":
      return inconclusive === "fail" ? exitCodes.inconclusive.code : exitCodes.passed.code;
    case "improvement":
    case "no change":
      return exitCodes.passed.code;
  }
}

export function sayRefusal({ exit, sentence }: Refusal): number {
  process.stderr.write(`tipcart: ${sentence}\n`);
  return exitCodes[exit].code;
}
