/** Bugs of the server: where each is run, what is told of it, and how the command ends. */
import { controls, mutants } from "../mutants/catalog.ts";
import { controlReal, detect } from "../mutants/detection.ts";
import { type Detection, type Mutant, type World, worldOf } from "../mutants/mutant.ts";
import { noteDown, rowOf } from "../mutants/record.ts";
import { controlSimulated, detectSimulated } from "../mutants/simulated-detection.ts";
import { exitCodes } from "../outcome.ts";
import { complain } from "./mutants.ts";

export type ServerMutantsOptions = {
  /** Undefined: each where it is shown best. */
  readonly world: World | undefined;
  /** Undefined: `usualTries`. */
  readonly triesMax: number | undefined;
  readonly firstSeed: number;
  readonly runs: string;
  /** The file in which what became of each is written down, as soon as it is known. */
  readonly record: string | undefined;
  readonly isJson: boolean;
};

/** A simulated try costs a second or two, a real one half a minute. */
const usualTries = { simulated: 20, real: 3 } as const;
const triesOfControl = 5;

export async function mutantsOfServer(
  ids: readonly string[],
  options: ServerMutantsOptions,
): Promise<number> {
  const all = [...controls, ...mutants];
  const unknown = ids.find((id) => !all.some((mutant) => mutant.id === id));
  if (unknown !== undefined)
    return complain(`No mutant is called "${unknown}"; known are ${all.map(({ id }) => id).join(", ")}.`);
  const chosen = all
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .filter((mutant) => options.world === undefined || can(mutant, options.world));

  const detections: Detection[] = [];
  for (const mutant of chosen) {
    const detection = await detectionOf(mutant, options);
    if ("type" in detection) return complain(detection.sentence, exitCodes.internal.code);
    detections.push(detection);
    const { record: file, firstSeed: seed } = options;
    const row = rowOf(detection, isControl(detection.id));
    const refused = file === undefined ? undefined : await noteDown(row, { file, seed });
    if (refused !== undefined) return complain(refused.sentence, exitCodes[refused.exit].code);
    process.stderr.write(`${lineOf(detection)}\n`);
  }
  const wrong = detections.filter((one) => isControl(one.id) === one.isCaught);
  const caughtCount = detections.filter(({ id, isCaught }) => !isControl(id) && isCaught).length;
  const mutantCount = detections.filter(({ id }) => !isControl(id)).length;
  const greenCount = detections.filter(({ id, isCaught }) => isControl(id) && !isCaught).length;
  if (options.isJson) {
    process.stdout.write(
      `${JSON.stringify({ schema: 2, of: "server", caughtCount, greenCount, detections })}\n`,
    );
  } else {
    process.stdout.write(
      `${caughtCount} of ${mutantCount} mutants caught, ${greenCount} of ${detections.length - mutantCount} controls green.\n`,
    );
  }
  return wrong.length === 0 ? exitCodes.passed.code : exitCodes.violated.code;
}

const can = ({ plan, flags }: Mutant, world: World): boolean =>
  (world === "simulated" ? plan : flags) !== undefined;

const isControl = (id: string): boolean => controls.some((control) => control.id === id);

function detectionOf(mutant: Mutant, options: ServerMutantsOptions) {
  const { firstSeed, runs } = options;
  const world = options.world ?? worldOf(mutant);
  const { plan } = mutant;
  if (world === "real" || plan === undefined) {
    const tries = { firstSeed, runs, triesMax: options.triesMax ?? usualTries.real };
    return isControl(mutant.id) ? controlReal(mutant, tries) : detect(mutant, tries);
  }
  if (isControl(mutant.id)) {
    return controlSimulated({ ...mutant, plan }, { firstSeed, triesMax: options.triesMax ?? triesOfControl });
  }
  return detectSimulated(
    { ...mutant, plan },
    { firstSeed, triesMax: options.triesMax ?? usualTries.simulated },
  );
}

const lineOf = (detection: Detection): string => {
  const { id, name, world, isCaught, caughtBy, runs, seconds, seed, smallest, said } = detection;
  const what = isControl(id)
    ? isCaught
      ? "NOT GREEN"
      : "green"
    : isCaught
      ? `caught by ${caughtBy.join(", ")}`
      : "MISSED";
  const small = smallest === undefined ? "" : `, still with ${smallest.requestCount} requests`;
  const tries = runs === 1 ? "1 run" : `${runs} runs`;
  return `${id}  ${what} in ${tries} (${world}), ${seconds} s, seed ${seed}${small}: ${name}. ${said}`;
};
