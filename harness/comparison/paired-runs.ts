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
  /** The last pair that counts, for the plots. */
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
  readonly say: (sentence: string) => void;
};

/** Refused as the first run that does not end in a verdict. */
export async function runPairs(wish: PairWish): Promise<PairedRuns | Refusal> {
  const { sides, count, firstSeed, lagMs, run, say } = wish;
  const pairs: RunPair[] = [];
  const latencies: LatencyPair[] = [];
  const voided: string[] = [];
  const isViolated = { baseline: false, candidate: false };
  let shown: PairedRuns["shown"];
  while (pairs.length < count && voided.length <= voidPairsMax) {
    const place = pairs.length + voided.length;
    const seed = firstSeed + place;
    const order =
      place % 2 === 0 ? (["baseline", "candidate"] as const) : (["candidate", "baseline"] as const);
    const runs = new Map<"baseline" | "candidate", StoredRun>();
    for (const side of order) {
      const ended = await run(sides[side], seed);
      if ("exit" in ended) return ended;
      runs.set(side, ended);
      if (ended.record.verdict === "violated") isViolated[side] = true;
    }
    const [baseline, candidate] = [runs.get("baseline"), runs.get("candidate")];
    if (baseline === undefined || candidate === undefined) continue;
    const doubts = [baseline, candidate].flatMap(({ history }) => screenOf(history, lagMs));
    if (doubts.length > 0) {
      voided.push(`The pair with seed ${seed} is void: ${doubts.join(" ")}`);
      say(voided.at(-1) ?? "");
      continue;
    }
    pairs.push({ baseline: measuresOf(baseline.history), candidate: measuresOf(candidate.history) });
    latencies.push({
      baseline: steadyLatencies(baseline.history),
      candidate: steadyLatencies(candidate.history),
    });
    shown = { baseline, candidate };
    say(`Pair ${pairs.length} of ${count} counts.`);
  }
  const isComplete = pairs.length >= count;
  return { pairs, latencies, voided, isComplete, isViolated, ...(shown === undefined ? {} : { shown }) };
}
