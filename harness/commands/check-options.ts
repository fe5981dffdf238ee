/**
 * `tipcart check` and its flags. Three things it can be asked for: to judge a stored run again, to judge a history of
 * any store (`--workload`), and to write a stored run as EDN (`--export-edn`).
 */
import type { Command } from "commander";
import { foreignWorkloads } from "../../checkers/foreign-history.ts";
import { type CheckFlags, checkCommand } from "./check.ts";
import { type CheckHistoryFlags, checkHistoryCommand } from "./check-history.ts";
import { type ExportFlags, exportEdnCommand } from "./export-edn.ts";
import { type SmallestFlags, smallestRunCommand } from "./smallest-run.ts";

type AllFlags = CheckFlags & Partial<CheckHistoryFlags & ExportFlags & SmallestFlags>;

const examples = `
Histories are JSON lines, EDN (one map after another, or a vector of maps), text logs of Jepsen, or a journal of
Tipcart; which one shows in the first bytes. "-" is standard input.

Examples:
  tipcart check                                                judge the latest run again
  tipcart check shopping-cart/2026-11-22T10-00-00              judge that one
  tipcart check --workload list-append history.edn             is it strict-serializable?
  tipcart check --workload list-append --expect snapshot-isolation --drawing cycles.svg history.edn
  tipcart check --workload rw-register --linearizable-keys history.jsonl
  tipcart check --workload register --keyed --json history.jsonl
  tipcart check --workload register --time-limit 10s --memory 512 etcd_007.log
  tipcart check --export-edn run.edn latest                    a run of ours, for other checkers
  tipcart check --smallest few.journal latest                  a few requests instead of thousands
  tipcart check --export-edn - --as set-full latest | gzip > run.edn.gz
`;

export function declareCheckFlags(command: Command, end: (exitCode: number) => void): Command {
  return command
    .description("judge a stored run again, or a history of any store")
    .argument("[history]", "latest, a run's name, name/start, a folder; with --workload a file", "latest")
    .option("--runs <directory>", "where runs are kept (default: results/runs)")
    .option("--json", "print the result as one JSON object on standard output")
    .option("--workload <name>", `what the history is of: ${foreignWorkloads.join(", ")}`)
    .option("--expect <models>", "models it should be of, separated by commas (default: the usual one)")
    .option("--drawing <file>", "draw the anomalies: .svg, or .dot for Graphviz")
    .option("--time-limit <duration>", "for searches; beyond it a register is inconclusive", "60s")
    .option("--memory <megabytes>", "for the search of one register; beyond it inconclusive", "256")
    .option("--keyed", "of a register: values are [key, value]")
    .option("--sequential-keys", "of rw-register: each key is promised to be sequentially consistent")
    .option("--linearizable-keys", "of rw-register: each key is promised to be linearizable")
    .option("--initial-state", "of rw-register: what nobody wrote was there before the history began")
    .option("--export-edn <file>", "write the run as EDN instead of judging it")
    .option("--as <shape>", "of --export-edn: register or set-full", "register")
    .option(
      "--smallest <file>",
      "write the smallest part of the run that still breaks a promise, as a journal",
    )
    .addHelpText("after", examples)
    .action(async (history: string, flags: AllFlags) => end(await checked(history, flags)));
}

function checked(history: string, flags: AllFlags): Promise<number> {
  const { workload, exportEdn, smallest, timeLimit = "60s", memory = "256", as = "register" } = flags;
  if (exportEdn !== undefined) return exportEdnCommand(history, { ...flags, exportEdn, as });
  if (smallest !== undefined) return smallestRunCommand(history, { ...flags, smallest });
  if (workload !== undefined) return checkHistoryCommand(history, { ...flags, workload, timeLimit, memory });
  return checkCommand(history, flags);
}
