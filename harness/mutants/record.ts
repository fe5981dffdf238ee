/**
 * What became of each mutant, written down: a checked-in file from which the tables of the READMEs are made. Each
 * invocation of `tipcart mutants --record` replaces the rows of what it ran, and leaves all others as they were.
 */
import { readFile, writeFile } from "node:fs/promises";
import * as z from "zod";
import type { Refusal } from "../outcome.ts";
import type { TestedDetection } from "./checker-detection.ts";
import { inapplicable } from "./inapplicable.ts";
import type { Detection } from "./mutant.ts";

const rowSchema = z.object({
  /** M…; C… for a benign control. */
  id: z.string(),
  /** `tests`: a wrong line of the judge or of the harness, before the tests that must notice it. */
  where: z.enum(["simulated", "real", "tests"]),
  /** Of mutants caught or missed, of controls green or alarmed. */
  state: z.enum(["caught", "missed", "green", "alarmed", "not-applicable"]),
  name: z.string(),
  /** Properties that were broken and claim the mutant; of an alarm, all that were broken; of tests, the first that failed. */
  by: z.array(z.string()),
  runs: z.number(),
  seconds: z.number(),
  /** Of the last run. */
  seed: z.number().optional(),
  /** Of the smallest part of the history that still shows it. */
  requests: z.number().optional(),
  /** What the checker said of what was caught. */
  said: z.string().optional(),
  /** Why it was missed, raised an alarm or has no place here. */
  reason: z.string().optional(),
});
export type MutantRow = z.infer<typeof rowSchema>;

const recordSchema = z.object({
  schema: z.literal(1),
  /** Of the first try, when the record was last written. */
  seed: z.number(),
  /** The day, as 2026-11-22, when it was last written. */
  date: z.string(),
  rows: z.array(rowSchema),
});
export type MutantRecord = z.infer<typeof recordSchema>;

export function rowOf(detection: Detection, isControl: boolean): MutantRow {
  const { world, id, name, isCaught, caughtBy, runs, seconds, seed, smallest, said } = detection;
  const isWell = isControl !== isCaught;
  return {
    id,
    where: world,
    state: isControl ? (isCaught ? "alarmed" : "green") : isCaught ? "caught" : "missed",
    name,
    by: [...caughtBy],
    runs,
    seconds,
    ...(seed === undefined ? {} : { seed }),
    ...(smallest === undefined ? {} : { requests: smallest.requestCount }),
    ...(isWell ? (isControl ? {} : { said }) : { reason: said }),
  };
}

/** Of a mutant of the judge or of the harness. */
export function rowOfTests({ id, name, isCaught, caughtBy, seconds }: TestedDetection): MutantRow {
  const told = { id, where: "tests", name, runs: 1, seconds } as const;
  return isCaught
    ? { ...told, state: "caught", by: [caughtBy] }
    : { ...told, state: "missed", by: [], reason: caughtBy };
}

/** Rows by id and place, the later ones of two; what has no place in the server is there in any case. */
export function merged(earlier: readonly MutantRow[], later: readonly MutantRow[]): MutantRow[] {
  const rows = new Map(
    [...earlier.filter(({ state }) => state !== "not-applicable"), ...later, ...inapplicableRows].map(
      (row) => [`${row.id} ${row.where}`, row],
    ),
  );
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const inapplicableRows: readonly MutantRow[] = inapplicable.map(({ id, name, reason }) => ({
  id,
  where: "simulated",
  state: "not-applicable",
  name,
  by: [],
  runs: 0,
  seconds: 0,
  reason,
}));

/** Undefined when there is no file yet. Refused, with a sentence, when it is no such record. */
export async function readMutantRecord(file: string): Promise<MutantRecord | Refusal | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  const refusal = (why: string): Refusal => ({
    type: "refused",
    exit: "usage",
    sentence: `${file} is no record of mutants: ${why}.`,
  });
  try {
    const parsed = recordSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return refusal(`${issue?.path.join(".")}: ${issue?.message}`);
  } catch {
    return refusal("it is no JSON");
  }
}

/**
 * Puts one row into the file, which is read anew each time: somebody else may write down others meanwhile. Without a
 * seed the file keeps the one it has.
 */
export async function noteDown(
  row: MutantRow,
  { file, seed }: { readonly file: string; readonly seed?: number },
): Promise<Refusal | undefined> {
  const earlier = await readMutantRecord(file);
  if (earlier !== undefined && "type" in earlier) return earlier;
  const rows = merged(earlier?.rows ?? [], [row]);
  const date = new Date().toISOString().slice(0, "2026-11-22".length);
  await writeMutantRecord(file, { schema: 1, seed: seed ?? earlier?.seed ?? 0, date, rows });
  return undefined;
}

/** A row a line, so that a difference shows what became different. */
export async function writeMutantRecord(file: string, { rows, ...head }: MutantRecord): Promise<void> {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  const opening = JSON.stringify({ ...head, rows: [] }).slice(0, -"]}".length);
  await writeFile(file, `${opening}\n${lines.join(",\n")}\n]}\n`);
}
