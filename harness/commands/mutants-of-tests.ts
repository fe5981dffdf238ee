/** Bugs of the judge and of the harness itself, each before the tests that must notice it. */
import { detectByTests, type TestedMutant } from "../mutants/checker-detection.ts";
import { noteDown, rowOfTests } from "../mutants/record.ts";
import { exitCodes } from "../outcome.ts";
import { complain } from "./mutants.ts";

/** Passed when the tests notice each of them. */
export async function mutantsOfTests(
  room: "checkers" | "harness",
  all: readonly TestedMutant[],
  {
    ids,
    record: file,
    isJson,
  }: {
    readonly ids: readonly string[];
    /** As of the mutants of the server. */
    readonly record: string | undefined;
    readonly isJson: boolean;
  },
): Promise<number> {
  const unknown = ids.find((id) => !all.some((mutant) => mutant.id === id));
  if (unknown !== undefined)
    return complain(
      `No mutant of the ${room} is called "${unknown}"; they are ${all[0]?.id} to ${all.at(-1)?.id}.`,
    );
  const detections = [];
  for (const mutant of ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id))) {
    const detection = await detectByTests(mutant);
    detections.push(detection);
    const refused = file === undefined ? undefined : await noteDown(rowOfTests(detection), { file });
    if (refused !== undefined) return complain(refused.sentence, exitCodes[refused.exit].code);
    const { id, name, isCaught, caughtBy, seconds } = detection;
    process.stderr.write(`${id}  ${isCaught ? "caught" : "MISSED"} in ${seconds} s: ${name} (${caughtBy})\n`);
  }
  const caughtCount = detections.filter(({ isCaught }) => isCaught).length;
  if (isJson) process.stdout.write(`${JSON.stringify({ schema: 1, of: room, caughtCount, detections })}\n`);
  else process.stdout.write(`${caughtCount} of ${detections.length} mutants of the ${room} caught.\n`);
  return caughtCount === detections.length ? exitCodes.passed.code : exitCodes.violated.code;
}
