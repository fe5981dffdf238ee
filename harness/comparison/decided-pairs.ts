/**
 * Two builds decided by pairs of runs: one set, and a second one when the first says regression, since only what both
 * say is believed. What cannot be decided comes with what to change about the comparison.
 */
import {
  confirmed,
  decidePairs,
  leftOpen,
  type PairedResult,
  type RunPair,
} from "../../results/comparison/paired.ts";
import { counted } from "../../results/units.ts";
import type { Refusal } from "../outcome.ts";
import { type PairedRuns, type PairWish, runPairs, voidPairsMax } from "./paired-runs.ts";

/** The most pairs that a comparison may be asked for. */
export const pairsMax = 40;

export type DecidedPairs = {
  /** Of the last set. */
  readonly runs: PairedRuns;
  readonly result: PairedResult;
  /** Of both sets. */
  readonly all: readonly RunPair[];
  readonly setCount: 1 | 2;
};

export type DecisionWish = PairWish & {
  /** Requests a second of each run. */
  readonly rate: number;
  readonly bootstrapSeed: number;
  /** The share by which a median has to change to be of interest. */
  readonly matters: number;
};

/** Refused as the first run that does not end in a verdict. */
export async function decidedPairs(wish: DecisionWish): Promise<DecidedPairs | Refusal> {
  const runs = await runPairs(wish);
  if ("exit" in runs) return runs;
  const first = judged(runs, wish);
  if (first.verdict !== "regression") return { runs, result: first, all: runs.pairs, setCount: 1 };
  wish.say(`A regression, if a second set of ${counted(wish.count, "pair")} confirms it.`);
  const again = await runPairs({ ...wish, firstSeed: wish.firstSeed + wish.count + voidPairsMax + 1 });
  if ("exit" in again) return again;
  return {
    runs: {
      ...again,
      voided: [...runs.voided, ...again.voided],
      isViolated: {
        baseline: runs.isViolated.baseline || again.isViolated.baseline,
        candidate: runs.isViolated.candidate || again.isViolated.candidate,
      },
    },
    result: confirmed(first, judged(again, wish)),
    all: [...runs.pairs, ...again.pairs],
    setCount: 2,
  };
}

/** Pairs that are missing leave the whole open, whatever the others say. */
function judged(runs: PairedRuns, wish: DecisionWish): PairedResult {
  const result = decidePairs(runs.pairs, wish.bootstrapSeed, wish.matters);
  if (!runs.isComplete) return leftOpen(result, missingSentence(runs, wish));
  const advice = result.pairsWanted === 0 ? [] : [noiseSentence(result.pairsWanted, wish)];
  return { ...result, notes: [...result.notes, ...advice] };
}

const missingSentence = ({ voided, pairs }: PairedRuns, { count, rate, lagMs }: DecisionWish): string =>
  `${counted(voided.length, "pair")} were void and ${pairs.length} of ${count} counted: this ` +
  `machine has no room for ${rate} requests/s. Give it less (--rate ${halved(rate)}) or nothing else to do; ` +
  `where it is never alone, --lag ${Math.ceil(5 * lagMs)}ms lets busier pairs count.`;

const noiseSentence = (wanted: number, { count, rate, matters }: DecisionWish): string =>
  wanted <= pairsMax
    ? `The noise is too large for ${counted(count, "pair")}: some ${wanted} like these would do (--pairs ${wanted}), or fewer on a quieter machine, at a lower rate (--rate ${halved(rate)}), or where only more matters (--matters ${doubled(matters)}).`
    : `The noise is too large for any number of pairs: a quieter machine, a lower rate (--rate ${halved(rate)}) or longer runs (--seconds) are needed, or only larger changes matter (--matters ${doubled(matters)}).`;

const halved = (rate: number): number => Math.max(1, Math.round(rate / 2));
const doubled = (matters: number): string => `${Math.round(200 * matters)}%`;
