/**
 * `tipcart bench`: measures parts of Tipcart itself, each by its name. A suite is one row here; it runs its cases,
 * hands each result over as soon as it is there, and is printed as a line or as JSON.
 */
import { type BenchResult, benchCases, benchCheckers } from "../../checkers/bench.ts";
import { benchServer, serverBenchCases, serverBenchLine } from "../../server/bench/server-bench.ts";
import { experiments } from "../../server/paper/experiments.ts";
import { bundlePath } from "../bundle/project-root.ts";
import { exitCodes } from "../outcome.ts";

export type BenchFlags = { readonly only?: string; readonly json?: boolean; readonly quick?: boolean };

/** One measured case: its name and what was measured, in the order in which it is shown. */
type Measured = { readonly name: string; readonly line: string; readonly data: object };

type Suite = {
  readonly about: string;
  readonly cases: readonly string[];
  /** Runs the cases whose name contains `only`; `isQuick` asks for a short version, where there is one. */
  readonly run: (
    report: (measured: Measured) => void,
    only: string,
    isQuick: boolean,
  ) => void | Promise<void>;
};

const checkersLine = (result: BenchResult): string =>
  `${result.name}: read ${result.readSeconds.toFixed(2)} s, judged ${result.judgeSeconds.toFixed(2)} s of CPU, ` +
  `${result.residentMegabytes} MB, ${result.verdict} (aim: ${result.aim})`;

export const suites: ReadonlyMap<string, Suite> = new Map([
  [
    "checkers",
    {
      about: "reading and judging generated histories; seconds are of CPU, of all threads",
      cases: benchCases.map(({ name }) => name),
      run: (report, only) =>
        benchCheckers(
          (result) => report({ name: result.name, line: checkersLine(result), data: result }),
          only,
        ),
    } satisfies Suite,
  ],
  [
    "server",
    {
      about: "three nodes on loopback, beside the bare storage engine; CPU per request is over all nodes",
      cases: serverBenchCases,
      run: (report, only, isQuick) =>
        benchServer(
          {
            programs: { server: bundlePath("server"), client: bundlePath("server-bench-client") },
            isQuick,
            only,
          },
          (result) => report({ name: result.name, line: serverBenchLine(result), data: result }),
        ),
    } satisfies Suite,
  ],
  [
    "paper",
    {
      about: "figures of the Dynamo paper, in a simulated world and with real processes; ratios and shares",
      cases: experiments.map(({ name }) => name),
      run: benchPaper,
    } satisfies Suite,
  ],
]);

async function benchPaper(
  report: (measured: Measured) => void,
  only: string,
  isQuick: boolean,
): Promise<void> {
  const programs = { server: bundlePath("server"), front: bundlePath("front") };
  for (const { name, run } of experiments.filter((experiment) => experiment.name.includes(only)))
    for await (const { line, figures } of run({ programs, isQuick }))
      report({ name, line: `${name}: ${line}`, data: { name, ...figures } });
}

/** Runs one suite. Bad names end as bad usage, with the names that there are. */
export async function benchCommand(name: string, flags: BenchFlags): Promise<number> {
  const suite = suites.get(name);
  if (suite === undefined)
    return complain(`No benchmark is called "${name}"; there are ${[...suites.keys()].join(", ")}.`);
  const only = flags.only ?? "";
  if (!suite.cases.some((one) => one.includes(only)))
    return complain(`--only is "${only}", which no case contains: ${suite.cases.join("; ")}.`);
  const measured: object[] = [];
  await suite.run(
    ({ line, data }) => {
      measured.push(data);
      (flags.json === true ? process.stderr : process.stdout).write(`${line}\n`);
    },
    only,
    flags.quick === true,
  );
  if (flags.json === true)
    process.stdout.write(`${JSON.stringify({ schema: 1, suite: name, cases: measured })}\n`);
  return exitCodes.passed.code;
}

function complain(sentence: string): number {
  process.stderr.write(`tipcart: ${sentence}\n`);
  return exitCodes.usage.code;
}
