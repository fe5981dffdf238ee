/**
 * What comparisons of a build with itself said on a machine, kept beside the runs as a line of JSON each: the record by
 * which every later comparison there can be believed or not. A build against itself must not be called different; one
 * whose answers come a fifth later must be found.
 */
import { appendFile, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { RunRecord } from "../run-record.ts";
import { counted, instant } from "../units.ts";
import { diskSentence, type Kept, kept } from "../whole-file.ts";

export const selfTestsFile = "self-tests.jsonl";

const selfTestSchema = z.object({
  schema: z.literal(1),
  startedWallMs: z.number(),
  build: z.string(),
  /** slower: every answer of the candidate came a fifth later. */
  way: z.enum(["equal", "slower"]),
  pairCount: z.number(),
  verdict: z.enum(["regression", "improvement", "no change", "inconclusive"]),
  /** As `machineName` says it. */
  machine: z.string(),
});

export type SelfTest = Readonly<z.infer<typeof selfTestSchema>>;

/** Self-tests of another machine say nothing of this one. */
export const machineName = ({ environment: { machine } }: RunRecord): string =>
  `${machine.coreCount} × ${machine.cpuModel}, ${machine.kernel}`;

/** Adds a line; the folder need not exist. */
export const keepSelfTest = async (directory: string, test: SelfTest): Promise<Kept<string>> => {
  const path = join(directory, selfTestsFile);
  try {
    await mkdir(directory, { recursive: true });
    await appendFile(path, `${JSON.stringify(test)}\n`);
    return kept(path);
  } catch (cause) {
    return { type: "failed", reason: `${path} could not be written: ${diskSentence(cause)}` };
  }
};

/** Bytes that are read from the end of the file: more than a thousand lines. */
const readBytesMax = 256 * 1024;

/** Those of the machine in the order of the file. None when there is no file; a line that is no self-test is left out. */
export const readSelfTests = async (directory: string, machine: string): Promise<readonly SelfTest[]> => {
  const file = await open(join(directory, selfTestsFile), "r").catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { size } = await file.stat();
    const length = Math.min(size, readBytesMax);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return parseSelfTests(buffer.toString("utf8", 0, bytesRead)).filter((one) => one.machine === machine);
  } catch {
    return [];
  } finally {
    await file.close();
  }
};

export const parseSelfTests = (text: string): readonly SelfTest[] =>
  text.split("\n").flatMap((line) => {
    try {
      return selfTestSchema.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });

/** The whole record in a few sentences, the last self-test included. */
export const selfTestSentence = (tests: readonly SelfTest[]): string => {
  const last = tests.at(-1);
  if (last === undefined)
    return "No comparison of a build with itself is known of this machine; tipcart ab <build> --self-test makes one.";
  const counts = (["equal", "slower"] as const).flatMap((way) => {
    const all = tests.filter((one) => one.way === way);
    const of = (...verdicts: readonly SelfTest["verdict"][]): number =>
      all.filter(({ verdict }) => verdicts.includes(verdict)).length;
    if (all.length === 0) return [];
    const unknown = `${of("inconclusive")} could not tell`;
    return way === "equal"
      ? [
          `${counted(all.length, "comparison")} of a build with itself: ${counted(of("regression", "improvement"), "false alarm")}, ${unknown}.`,
        ]
      : [`${all.length} with every answer a fifth later: ${of("regression")} found, ${unknown}.`];
  });
  const what = last.way === "equal" ? "against itself" : "against itself a fifth slower";
  return `${counts.join(" ")} The last one: ${instant(last.startedWallMs)}, ${last.build} ${what}, ${counted(last.pairCount, "pair")}: ${last.verdict}.`;
};
