/** Pairs of runs as a file: what was measured of each, so that a comparison can be decided again. */
import * as z from "zod";
import { metricKinds } from "./metric-kind.ts";
import type { RunPair } from "./paired.ts";

export const keptPairsSchema = 1;

const kinds = Object.keys(metricKinds) as (keyof typeof metricKinds)[];
const measureSchema = z.object({
  name: z.string(),
  kind: z.enum(kinds),
  value: z.number().nullable(),
  isGating: z.boolean(),
});
const pairSchema = z.object({ baseline: z.array(measureSchema), candidate: z.array(measureSchema) });
const fileSchema = z.object({ schema: z.literal(keptPairsSchema), pairs: z.array(pairSchema) });

export const keptPairs = (pairs: readonly RunPair[]): unknown => ({ schema: keptPairsSchema, pairs });

/** The pairs, or one sentence that names the first field that is wrong. */
export const parseKeptPairs = (text: string): readonly RunPair[] | string => {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return "it is no JSON.";
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data.pairs;
  const issue = parsed.error.issues[0];
  return `${issue?.path.join(".") || "it"} is wrong: ${issue?.message ?? "it holds no pairs"}.`;
};
