/**
 * Pairs of runs of two builds: the same seed within a pair, another one in the next; baseline first, then candidate
 * first (ABBA), so that a machine that drifts harms both alike. Each run has processes of its own. A pair with a run
 * that cannot be believed is void and run again, a few times at most.
 */
import type { StoredRun } from "../../results/comparison/fingerprint.ts";
import { measuresOf } from "../../results/comparison/measures.ts";
import type { RunPair } from "../../results/comparison/paired.ts";
import { screenOf } from "../../results/comparison/screen.ts";
import { type LatencyPair, steadyLatencies } from "../../results/comparison/spread.ts";
import { duration } from "../../results/units.ts";
import type { Refusal } from "../outcome.ts";
import type { Build } from "./build.ts";

export type Sides = { readonly baseline: Build; readonly candidate: Build };

export type PairedRuns = {
  readonly pairs: readonly RunPair[];
  /** Of the same pairs. */
  readonly latencies: readonly LatencyPair[];
  /** Why pairs were void, a sentence each. */
  readonly voided: readonly string[];
  /** Whether all pairs that were asked for are there. */
  readonly isComplete: boolean;
  /** Both runs of the last pair that counts, or of the last void one where none does; absent when none was run. */
  readonly shown?: { readonly baseline: StoredRun; readonly candidate: StoredRun };
  /** Whether a run of that side broke a promise, in a void pair or not. */
  readonly isViolated: { readonly baseline: boolean; readonly candidate: boolean };
};

/** Pairs that are run again because one of their runs could not be believed. */
export const voidPairsMax = 5;

export type PairWish = {
  readonly sides: Sides;
  readonly count: number;
  readonly firstSeed: number;
  /** Bound of the generator's lag; see screen.ts. */
  readonly lagMs: number;
  /** One run of a build, judged. */
  readonly run: (build: Build, seed: number) => Promise<StoredRun | Refusal>;
  /** What became of a pair, and how long the rest will take. */
  readonly say: (sentence: string) => void;
  /** What runs now; replaced by the next sentence. */
  readonly tick: (sentence: string) => void;
  readonly nowMs: () => number;
};

/** Refused as the first run that does not end in a verdict. */
export async function runPairs(wish: PairWish): Promise<PairedRuns | Refusal> {
  const { count, firstSeed, lagMs, say } = wish;
  const pairs: RunPair[] = [];
  const latencies: LatencyPair[] = [];
  const voided: string[] = [];
  const isViolated = { baseline: false, candidate: false };
  let shown: PairedRuns["shown"];
  const startedMs = wish.nowMs();
  const timeLeft = (): string => {
    const msPerPair = (wish.nowMs() - startedMs) / (pairs.length + voided.length);
    const left = pairs.length >= count ? "" : `, about ${duration(msPerPair * (count - pairs.length))} left`;
    return `${duration(msPerPair)} a pair${left}.`;
  };
  while (pairs.length < count && voided.length <= voidPairsMax) {
    const place = pairs.length + voided.length;
    const ran = await runPair(wish, place, `Pair ${pairs.length + 1} of ${count}`);
    if ("exit" in ran) return ran;
    for (const side of sideNames) if (ran[side].record.verdict === "violated") isViolated[side] = true;
    const doubts = sideNames.flatMap((side) => {
      const found = screenOf(ran[side].history, lagMs);
      return found.length === 0 ? [] : [`${sideWords[side]}: ${found.join(" ")}`];
    });
    if (doubts.length > 0) {
      voided.push(`The pair with seed ${firstSeed + place} is void. ${doubts.join(" ")}`);
      if (pairs.length === 0) shown = ran;
      say(`${voided.at(-1) ?? ""} ${timeLeft()}`);
      continue;
    }
    pairs.push({ baseline: measuresOf(ran.baseline.history), candidate: measuresOf(ran.candidate.history) });
    latencies.push({
      baseline: steadyLatencies(ran.baseline.history),
      candidate: steadyLatencies(ran.candidate.history),
    });
    shown = ran;
    say(`Pair ${pairs.length} of ${count} counts; ${timeLeft()}`);
  }
  const isComplete = pairs.length >= count;
  return { pairs, latencies, voided, isComplete, isViolated, ...(shown === undefined ? {} : { shown }) };
}

const sideNames = ["baseline", "candidate"] as const;
const sideWords = { baseline: "Baseline", candidate: "Candidate" } as const;

/** Both runs, one after the other; whose turn is first goes with the pair's place. */
async function runPair(
  { sides, firstSeed, run, tick }: PairWish,
  place: number,
  name: string,
): Promise<NonNullable<PairedRuns["shown"]> | Refusal> {
  const seed = firstSeed + place;
  const ranAs = async (side: keyof Sides): Promise<StoredRun | Refusal> => {
    tick(`${name}: the ${side} runs, seed ${seed}.`);
    return await run(sides[side], seed);
  };
  const isTurned = place % 2 === 1;
  const first = await ranAs(isTurned ? "candidate" : "baseline");
  if ("exit" in first) return first;
  const second = await ranAs(isTurned ? "baseline" : "candidate");
  if ("exit" in second) return second;
  return isTurned ? { baseline: second, candidate: first } : { baseline: first, candidate: second };
}
