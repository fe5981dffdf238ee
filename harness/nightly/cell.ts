/** One cell of a night: a run that is fully said by its workload and flags, checked before anything starts. */
import { Command, CommanderError } from "commander";
import { declareRunFlags, optionsOf, type RunFlags } from "../commands/run-options.ts";
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
  const words = [
    ...Object.entries(flags).map(([flag, value]) => (value === true ? `--${flag}` : `--${flag}=${value}`)),
    `--seed=${seed}`,
  ];
  const options = parsed(workload, words, seed);
  if ("exit" in options) return options;
  return { id, workload, seed, words };
}

function parsed(workload: string, words: readonly string[], seed: number): Refusal | object {
  const command = declareRunFlags(new Command("run"))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  try {
    const options = optionsOf(workload, command.parse([...words], { from: "user" }).opts<RunFlags>(), seed);
    return "type" in options ? options : planOf(options);
  } catch (thrown) {
    if (thrown instanceof CommanderError)
      return refuse(
        "usage",
        `${thrown.message
          .replace(/^error: /, "")
          .replace(/\s+/g, " ")
          .replace(/\.$/, "")}.`,
      );
    throw thrown;
  }
}
