/** `tipcart mutants`: puts known bugs into the server, or into the judge, one at a time, and says what catches them. */
import { randomInt } from "node:crypto";
import { defaultRunsDirectory } from "../../results/store.ts";
import { mutants } from "../mutants/catalog.ts";
import { detectInChecker } from "../mutants/checker-detection.ts";
import { evidenceMutants } from "../mutants/checker-mutants-evidence.ts";
import { judgementMutants } from "../mutants/checker-mutants-judgement.ts";
import { type Detection, detect } from "../mutants/detection.ts";
import { exitCodes } from "../outcome.ts";

export type MutantsFlags = {
  /** Whose bugs: "server" or "checkers". */
  readonly of: string;
  readonly tries: string;
  readonly seed?: string;
  readonly runs?: string;
  readonly json?: boolean;
};

/** Passed when each was caught by a checker that claims it; violated, meaning the harness failed, when one was not. */
export async function mutantsCommand(ids: readonly string[], flags: MutantsFlags): Promise<number> {
  if (flags.of === "checkers") return mutantsOfCheckers(ids, flags);
  if (flags.of !== "server") return complain(`--of is "${flags.of}"; it is server or checkers.`);
  const unknown = ids.find((id) => !mutants.some((mutant) => mutant.id === id));
  if (unknown !== undefined)
    return complain(`No mutant is called "${unknown}"; known are ${mutants.map(({ id }) => id).join(", ")}.`);
  const triesMax = Number(flags.tries);
  if (!Number.isInteger(triesMax) || triesMax < 1 || triesMax > 100)
    return complain(`--tries is ${flags.tries}; it must be a whole number from 1 to 100.`);
  const firstSeed = flags.seed === undefined ? randomInt(2 ** 30) : Number(flags.seed);
  if (!Number.isInteger(firstSeed)) return complain(`--seed is ${flags.seed}; it must be a whole number.`);

  const chosen = ids.length === 0 ? mutants : mutants.filter(({ id }) => ids.includes(id));
  const runs = flags.runs ?? defaultRunsDirectory(process.cwd());
  const detections: Detection[] = [];
  for (const mutant of chosen) {
    const detection = await detect(mutant, { firstSeed, triesMax, runs });
    if ("type" in detection) return complain(detection.sentence, exitCodes.internal.code);
    detections.push(detection);
    process.stderr.write(`${lineOf(detection)}\n`);
  }
  const caughtCount = detections.filter(({ isCaught }) => isCaught).length;
  const isAll = caughtCount === detections.length;
  if (flags.json === true)
    process.stdout.write(`${JSON.stringify({ schema: 1, caughtCount, detections })}\n`);
  else process.stdout.write(`${caughtCount} of ${detections.length} mutants caught.\n`);
  return isAll ? exitCodes.passed.code : exitCodes.violated.code;
}

/** Passed when the histories with known verdicts notice each of them. */
async function mutantsOfCheckers(ids: readonly string[], flags: MutantsFlags): Promise<number> {
  const all = [...evidenceMutants, ...judgementMutants];
  const unknown = ids.find((id) => !all.some((mutant) => mutant.id === id));
  if (unknown !== undefined)
    return complain(`No mutant of the checkers is called "${unknown}"; they are K01 to ${all.at(-1)?.id}.`);
  const detections = [];
  for (const mutant of ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id))) {
    const detection = await detectInChecker(mutant);
    detections.push(detection);
    const { id, name, isCaught, caughtBy, seconds } = detection;
    process.stderr.write(`${id}  ${isCaught ? "caught" : "MISSED"} in ${seconds} s: ${name} (${caughtBy})\n`);
  }
  const caughtCount = detections.filter(({ isCaught }) => isCaught).length;
  if (flags.json === true)
    process.stdout.write(`${JSON.stringify({ schema: 1, of: "checkers", caughtCount, detections })}\n`);
  else process.stdout.write(`${caughtCount} of ${detections.length} mutants of the checkers caught.\n`);
  return caughtCount === detections.length ? exitCodes.passed.code : exitCodes.violated.code;
}

const lineOf = ({ id, name, isCaught, caughtBy, tries }: Detection): string => {
  const seconds = tries.reduce((sum, one) => sum + one.seconds, 0);
  const last = tries.at(-1);
  const how = isCaught
    ? `caught by ${caughtBy.join(", ")}`
    : `MISSED (last: ${last?.verdict}, violated ${last?.violated.join(", ") || "nothing"})`;
  return `${id}  ${how} in ${tries.length === 1 ? "1 try" : `${tries.length} tries`}, ${seconds} s, seed ${last?.seed}: ${name}. ${last?.said ?? ""}`;
};

function complain(sentence: string, code: number = exitCodes.usage.code): number {
  process.stderr.write(`tipcart: ${sentence}\n`);
  return code;
}
