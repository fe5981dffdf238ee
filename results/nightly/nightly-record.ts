/**
 * One night as data: every cell of the matrix with how its run ended. A shard of a night has the same form as a whole
 * one, so that shards are merged by putting their cells together.
 *
 * A cell that could not be run, or was not reached in time, is there as well and inconclusive: what nobody looked at
 * must not look like a pass.
 */
import * as z from "zod";
import type { VerdictType } from "../../checkers/verdict.ts";

export const nightlySchema = 1;

const verdicts = ["passed", "violated", "breached", "inconclusive"] as const satisfies readonly VerdictType[];

const cellSchema = z.object({
  /** Unique within the plan, and the name of its runs. */
  id: z.string(),
  workload: z.string(),
  seed: z.number(),
  /** judged: it has a verdict of its own; failed: its run ended without; not-run: it was never begun. */
  state: z.enum(["judged", "failed", "not-run"]),
  verdict: z.enum(verdicts),
  /** What a person is told: the conclusion of the run, or why there is none. */
  sentence: z.string(),
  seconds: z.number(),
  /** The run's folder, as the process that ran it knew it. */
  folder: z.string().optional(),
  /** The command that repeats it. */
  replay: z.string(),
  /** Latencies of its steady phases in milliseconds, for the series of nights. */
  figures: z.record(z.string(), z.number()).default({}),
});

const nightlyRecordSchema = z.object({
  schema: z.literal(nightlySchema),
  name: z.string(),
  /** Names the plan: shards of different plans are never merged. */
  planHash: z.string(),
  startedWallMs: z.number(),
  seconds: z.number(),
  shard: z.object({ index: z.number().int().positive(), count: z.number().int().positive() }),
  /** Of the whole plan, in its order, whichever of them this shard ran. */
  cellIds: z.array(z.string()),
  cells: z.array(cellSchema),
});

export type CellResult = Readonly<z.infer<typeof cellSchema>>;
export type NightlyRecord = Readonly<z.infer<typeof nightlyRecordSchema>>;
export type Shard = NightlyRecord["shard"];

/** The record, or one sentence that names the first field that is wrong. */
export const parseNightlyRecord = (text: string): NightlyRecord | string => {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return "it is no JSON.";
  }
  const parsed = nightlyRecordSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return `${issue?.path.join(".") || "it"} is wrong: ${issue?.message ?? "it is no nightly record"}.`;
};

/** The worst first: what is known to be wrong is never hidden behind what is not known. */
export const severity = ["violated", "breached", "inconclusive", "passed"] as const;

export const nightlyVerdict = ({ cells }: Pick<NightlyRecord, "cells">): VerdictType =>
  severity.find((verdict) => cells.some((cell) => cell.verdict === verdict)) ?? "inconclusive";

export const cellsWith = (
  { cells }: Pick<NightlyRecord, "cells">,
  verdict: VerdictType,
): readonly CellResult[] => cells.filter((cell) => cell.verdict === verdict);
