/** `tipcart trust`: from pairs of runs of one build, how often a comparison would be wrong on this machine. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { parseKeptPairs } from "../../results/comparison/kept-pairs.ts";
import { trustOf } from "../../results/comparison/trust.ts";
import { percent } from "../../results/units.ts";
import { diskSentence } from "../../results/whole-file.ts";
import { exitCodes, refuse } from "../outcome.ts";
import { bootstrapSeed, sayRefusal } from "./compare.ts";

type TrustFlags = {
  readonly pairs: string;
  readonly comparisons: string;
  readonly factor: string;
  readonly json?: boolean;
};

export function declareTrustCommand(program: Command, end: (exitCode: number) => void): void {
  program
    .command("trust")
    .description(
      "how often a comparison would alarm falsely here, and how often it would find a slower build",
    )
    .argument("<file>", "pairs of equals, from tipcart ab --self-test --pairs 30 --keep <file>")
    .option("--pairs <count>", "of each comparison that is drawn, and of its confirmation", "10")
    .option("--comparisons <count>", "how many are drawn", "500")
    .option("--factor <number>", "how much slower the build is that must be found", "1.2")
    .option("--json", "print the result as one JSON object on standard output")
    .action(async (file: string, flags: TrustFlags) => end(await trustCommand(file, flags)));
}

async function trustCommand(file: string, flags: TrustFlags): Promise<number> {
  const [pairCount = 0, comparisonCount = 0, factor = 0] = [flags.pairs, flags.comparisons, flags.factor].map(
    Number,
  );
  if (!Number.isInteger(pairCount) || pairCount < 7 || pairCount > 40)
    return sayRefusal(refuse("usage", `--pairs is ${flags.pairs}; it must be a whole number from 7 to 40.`));
  if (!Number.isInteger(comparisonCount) || comparisonCount < 1 || comparisonCount > 10_000)
    return sayRefusal(
      refuse("usage", `--comparisons is ${flags.comparisons}; it must be a whole number from 1 to 10,000.`),
    );
  if (!(factor > 1 && factor <= 10))
    return sayRefusal(refuse("usage", `--factor is ${flags.factor}; it must be above 1 and at most 10.`));
  const text = await readFile(file, "utf8").catch((cause: unknown) =>
    refuse("usage", `${file} could not be read: ${diskSentence(cause)}`),
  );
  if (typeof text !== "string") return sayRefusal(text);
  const pool = parseKeptPairs(text);
  if (typeof pool === "string") return sayRefusal(refuse("usage", `${file}: ${pool}`));
  if (pool.length < 2 * pairCount)
    return sayRefusal(
      refuse(
        "usage",
        `${file} holds ${pool.length} pairs; ${2 * pairCount} are needed for ${pairCount} and as many to confirm.`,
      ),
    );

  const trust = trustOf(pool, { pairCount, comparisonCount, factor, seed: bootstrapSeed });
  const { suspicionCount, falseAlarmCount, foundCount } = trust;
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ schema: 1, poolCount: pool.length, pairCount, factor, ...trust })}\n`
      : `${comparisonCount} comparisons of ${pairCount} pairs drawn from ${pool.length}: ` +
          `${falseAlarmCount} false alarms (${percent(falseAlarmCount / comparisonCount)}), ` +
          `${suspicionCount} that a second set of pairs was needed to dispel or confirm, ` +
          `${foundCount} found ${factor}× (${percent(foundCount / comparisonCount)}).\n`,
  );
  return exitCodes.passed.code;
}
