/**
 * `tipcart ab`: two builds of the server, run in interleaved pairs until their difference, or its absence, is more than
 * chance. With `--self-test` a build is compared with itself, which shows how often this machine makes a false alarm.
 */
import type { Command } from "commander";
import { execa } from "execa";
import * as z from "zod";
import { historyFromJournal } from "../../checkers/history/history.ts";
import type { Comparison } from "../../results/comparison/comparison.ts";
import type { StoredRun } from "../../results/comparison/fingerprint.ts";
import { keptPairs } from "../../results/comparison/kept-pairs.ts";
import { percentileBands } from "../../results/comparison/percentile-band.ts";
import { keepSelfTest, machineName } from "../../results/comparison/self-tests.ts";
import { spreadsOf } from "../../results/comparison/spread.ts";
import { defaultRunsDirectory, openRunStore } from "../../results/store.ts";
import { counted } from "../../results/units.ts";
import { replaceFile } from "../../results/whole-file.ts";
import { bundlePath } from "../bundle/project-root.ts";
import { type Build, buildOf } from "../comparison/build.ts";
import { type DecidedPairs, type DecisionWish, decidedPairs, pairsMax } from "../comparison/decided-pairs.ts";
import { slowerServer } from "../comparison/slower-server.ts";
import { parseDuration } from "../fault-notation.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { journalChunks } from "../run/journal-file.ts";
import { terminalProgress } from "../run/progress.ts";
import {
  bootstrapSeed,
  type ComparisonFlags,
  declareComparisonFlags,
  inconclusiveMistake,
  sayRefusal,
  sideOf,
  tellComparison,
} from "./compare.ts";

type AbFlags = ComparisonFlags & {
  readonly selfTest?: true | string;
  readonly keep?: string;
  readonly pairs: string;
  readonly seconds: string;
  readonly lag: string;
  readonly matters: string;
  readonly rate: string;
  readonly workload: string;
  readonly faults: string;
  readonly seed: string;
};

export function declareAbCommand(program: Command, end: (exitCode: number) => void): void {
  declareComparisonFlags(program.command("ab"))
    .description("two builds of the server in interleaved pairs of runs: is one slower?")
    .argument("<baseline>", "a git revision, or the path of a bundle")
    .argument("[candidate]", "the same; left out with --self-test")
    .option(
      "--self-test [way]",
      "the baseline against itself: equal, or slower, with every answer of the candidate a fifth later",
    )
    .option("--pairs <count>", "pairs that must count; a regression is confirmed by as many again", "10")
    .option("--seconds <number>", "measured in each run, after two that are not", "15")
    .option("--lag <time>", "p99 of the generator's own lag from which on a pair is void", "2ms")
    .option("--matters <percent>", "so much slower a median is of interest; a tail may be twice that", "5%")
    .option("--rate <requests/s>", "offered load; a comparison needs room, see below", "200")
    .option("--workload <name>", "as in tipcart run", "shopping-cart")
    .option("--faults <list>", "as in tipcart run", "none")
    .option("--keep <file>", "write what was measured of every pair there, for tipcart trust")
    .option("--seed <number>", "of the first pair; the next count up", "1")
    .addHelpText("after", rateHelp)
    .action(async (baseline: string, candidate: string | undefined, flags: AbFlags) =>
      end(await abCommand(baseline, candidate, flags)),
    );
}

/** Shown by --help. */
const rateHelp = `
Why 200 requests/s: five nodes at 500 leave two cores no room, and then a pair measures how they waited for each other.
At 200 the median and the processor time of a request say the same of a build, and pairs agree. A pair takes fifty
seconds; on a machine with more cores raise --rate, and --seconds for the tail.
Why 10 pairs: of sixty runs of one build on such a machine, comparisons of ten found a build that is slower by a fifth
99 times in a hundred, and never alarmed at equals. To prove that equals differ by less than 5 % takes more; ab says how many.

Exit codes: 0 no change or an improvement, 1 the candidate broke a promise, 2 the measurements cannot tell (or 0 with
--inconclusive warn), 4 a regression that a second set of pairs confirmed.
`;

async function abCommand(
  baselineWish: string,
  candidateWish: string | undefined,
  flags: AbFlags,
): Promise<number> {
  const wish = inconclusiveMistake(flags) ?? wishOf(flags);
  if ("exit" in wish) return sayRefusal(wish);
  const baseline = await buildOf(baselineWish);
  if ("exit" in baseline) return sayRefusal(baseline);
  const candidate = await candidateOf(baselineWish, candidateWish, flags);
  if ("exit" in candidate) return sayRefusal(candidate);

  const progress = terminalProgress(process.stderr);
  const ended = await decidedPairs({
    ...wish,
    bootstrapSeed,
    sides: { baseline, candidate },
    run: (build, seed) => runOnce(build, seed, flags),
    say: (sentence) => progress.step(sentence),
    tick: (sentence) => progress.tick(sentence),
    nowMs: () => performance.now(),
  });
  progress.done();
  if ("exit" in ended) return sayRefusal(ended);
  const { runs, result } = ended;
  if (flags.keep !== undefined) {
    const kept = await replaceFile(flags.keep, `${JSON.stringify(keptPairs(ended.all))}\n`);
    if (kept.type === "failed") return sayRefusal(refuse("internal", kept.reason));
  }
  if (runs.shown === undefined) return sayRefusal(refuse("inconclusive", "No pair was run."));
  const comparison: Comparison = {
    baseline: sideOf(baseline.label, runs.shown.baseline),
    candidate: sideOf(candidate.label, runs.shown.candidate),
    method: methodOf(ended, wish),
    verdict: result.verdict,
    metrics: result.metrics,
    bands: percentileBands(runs.latencies, bootstrapSeed),
    spreads: spreadsOf(runs.latencies, bootstrapSeed),
  };
  if (flags.selfTest !== undefined) {
    const kept = await keepSelfTest(flags.runs ?? defaultRunsDirectory(process.cwd()), {
      schema: 1,
      startedWallMs: runs.shown.baseline.record.startedWallMs,
      build: baseline.label,
      way: flags.selfTest === "slower" ? "slower" : "equal",
      pairCount: ended.all.length,
      verdict: result.verdict,
      machine: machineName(runs.shown.baseline.record),
    });
    if (kept.type === "failed") return sayRefusal(refuse("internal", kept.reason));
  }
  const notes = [...runs.voided, ...result.notes];
  return await tellComparison({ comparison, notes, isViolated: runs.isViolated.candidate }, flags);
}

function candidateOf(
  baselineWish: string,
  candidateWish: string | undefined,
  { selfTest }: AbFlags,
): Promise<Build | Refusal> {
  const given = [candidateWish, selfTest].filter((one) => one !== undefined);
  if (given.length !== 1)
    return Promise.resolve(refuse("usage", "Two builds are compared, or one with --self-test."));
  switch (selfTest) {
    case undefined:
      return buildOf(candidateWish ?? baselineWish);
    case true:
    case "equal":
      return buildOf(baselineWish);
    case "slower":
      return buildOf(baselineWish, { name: "slower", replace: slowerServer });
    default:
      return Promise.resolve(refuse("usage", `--self-test is "${selfTest}"; it is equal or slower.`));
  }
}

/** Counts, rate, seed and bound, checked. */
function wishOf(
  flags: AbFlags,
): Pick<DecisionWish, "count" | "rate" | "firstSeed" | "lagMs" | "matters"> | Refusal {
  const [count, seconds, firstSeed] = [flags.pairs, flags.seconds, flags.seed].map(Number);
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > pairsMax)
    return refuse("usage", `--pairs is ${flags.pairs}; it must be a whole number from 1 to ${pairsMax}.`);
  const rate = Number(flags.rate);
  if (!(rate >= 1 && rate <= 50_000))
    return refuse("usage", `--rate is "${flags.rate}"; it must be a number from 1 to 50000.`);
  if (seconds === undefined || !Number.isInteger(seconds) || seconds < 1 || seconds > 600)
    return refuse("usage", `--seconds is ${flags.seconds}; it must be a whole number from 1 to 600.`);
  if (firstSeed === undefined || !Number.isInteger(firstSeed) || firstSeed < 0 || firstSeed > 2 ** 30)
    return refuse("usage", `--seed is ${flags.seed}; it must be a whole number up to ${2 ** 30}.`);
  const lagMs = parseDuration(flags.lag);
  if (lagMs === undefined || lagMs <= 0)
    return refuse("usage", `--lag is "${flags.lag}"; it must be a time such as 2ms.`);
  const matters = Number(/^(\d+(?:\.\d+)?)%$/.exec(flags.matters)?.[1]) / 100;
  if (!(matters >= 0.01 && matters <= 1))
    return refuse("usage", `--matters is "${flags.matters}"; it must be a share from 1% to 100%.`);
  return { count, rate, firstSeed, lagMs, matters };
}

const methodOf = (
  { runs: { pairs }, setCount }: DecidedPairs,
  { lagMs, matters }: Pick<DecisionWish, "lagMs" | "matters">,
): string =>
  `${counted(pairs.length, "interleaved pair")} of runs with the same seed${setCount === 2 ? ", the second such set" : ""}: exact signed ranks, Holm's correction, intervals over pairs. A change of a median matters from ${Math.round(100 * matters)} % on. Pairs whose generator lagged by more than ${lagMs} ms (p99) were void.`;

const answerSchema = z.object({
  ended: z.string(),
  sentence: z.string().optional(),
  folder: z.string().optional(),
});

/** A process of its own; refused when it came to no verdict. */
async function runOnce(build: Build, seed: number, flags: AbFlags): Promise<StoredRun | Refusal> {
  const runs = flags.runs ?? defaultRunsDirectory(process.cwd());
  const { stdout, stderr } = await execa(
    process.execPath,
    [
      bundlePath("cli"),
      "run",
      flags.workload,
      "--name=ab",
      `--seed=${seed}`,
      `--server=${build.bundle}`,
      "--no-calibrate",
      "--warm-up=2s",
      `--steady=${flags.seconds}s`,
      "--closing=0s",
      `--rate=${flags.rate}`,
      `--faults=${flags.faults}`,
      `--runs=${runs}`,
      "--json",
    ],
    { reject: false, stdin: "ignore" },
  );
  const answer = answerSchema.safeParse(jsonOf(stdout));
  const { folder, sentence } = answer.data ?? {};
  if (folder === undefined)
    return refuse(
      "internal",
      `${build.label}: ${sentence ?? stderr.trim().split("\n").at(-1) ?? "no answer"}`,
    );
  const store = openRunStore(runs);
  const found = await store.find(folder);
  if (found.type === "failed") return refuse("internal", found.reason);
  const record = await store.readVerdict(found.value);
  if (record.type === "failed") return refuse("internal", record.reason);
  return { record: record.value, history: await historyFromJournal(journalChunks(found.value.journal)) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
