/** One cell of a night: a run that is fully said by its workload and flags, checked before anything starts. */
import { flagsOfWords, wordsOf } from "../commands/planned.ts";
import { optionsOf } from "../commands/run-options.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { planOf } from "../test-plan.ts";

/** Flags of `tipcart run` without their dashes; true for one that takes no value. */
export type CellFlags = Readonly<Record<string, string | number | true>>;

export type Cell = {
  readonly id: string;
  readonly workload: string;
  readonly seed: number;
  /** For `tipcart run`, after the workload. */
  readonly words: readonly string[];
};

export type CellDraft = Omit<Cell, "words"> & { readonly flags: CellFlags };

/** Where the result goes is the night's business, so no cell may say it. */
const ownFlags = ["name", "json", "runs", "help", "seed"];

/** Refused with the sentence that `tipcart run` would say of these flags. */
export function cellOf({ id, workload, seed, flags }: CellDraft): Cell | Refusal {
  const taken = ownFlags.find((flag) => Object.hasOwn(flags, flag));
  if (taken !== undefined) return refuse("usage", `flags.${taken} is set by the night itself.`);
  const words = [...wordsOf(flags), `--seed=${seed}`];
  const options = parsed(workload, words, seed);
  if ("exit" in options) return options;
  return { id, workload, seed, words };
}

function parsed(workload: string, words: readonly string[], seed: number): Refusal | object {
  const flags = flagsOfWords(words);
  const options = "type" in flags ? flags : optionsOf(workload, flags, seed);
  return "type" in options ? options : planOf(options);
}
