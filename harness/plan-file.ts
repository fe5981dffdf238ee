/**
 * A plan as a file: faults at times of their own, calm windows and a budget, or a swarm in place of the faults. Read
 * strictly; what is wrong is a sentence with its place.
 *
 *   { "schema": 1, "workload": "shopping-cart", "flags": { "nodes": 5, "rate": 200, "seed": 7 }, "length": "60s",
 *     "faults": [{ "fault": "partition:halves@n1/n2", "start": "10s", "length": "8s" },
 *                { "fault": "kill", "start": "14s", "length": "3s", "every": "20s", "times": 2 },
 *                { "fault": "pause@n2", "on": "hint-stored", "start": "34s", "length": "5s" }],
 *     "calm": [{ "start": "24s", "length": "8s" }], "budget": { "unavailable": 2, "overlapping": 2 } }
 *
 * Times count from the beginning of the load. A fault is written as `--faults` has it, `flags` are those of
 * `tipcart run` without their dashes, and those of the command line win over them.
 */
import * as z from "zod";
import { catalog } from "../workloads/catalog.ts";
import { type FaultRequest, parseDuration, parseFault, withMoment } from "./fault-notation.ts";
import { readJson } from "./json-mistake.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { type Budget, endOf, type ScheduledFault, type Span } from "./schedule.ts";

/** Ms; none is negative. */
const time = z.string().transform((text, context): number => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 0) return ms;
  context.addIssue({ code: "custom", message: 'it must be a time such as "30s" or "500ms"' });
  return z.NEVER;
});

const fault = z.string().transform((text, context): FaultRequest => {
  const parsed = parseFault(text, "it says");
  if (!("type" in parsed)) return parsed;
  context.addIssue({ code: "custom", message: parsed.sentence });
  return z.NEVER;
});

const lengthOfFault = time.refine((ms) => ms >= 500, { error: "it must be at least 500ms" });
const upTo = (most: number) => z.number().int().min(0).max(most);
const timesMax = 100;

const planSchema = z.strictObject({
  schema: z.literal(1),
  workload: z
    .string()
    .refine((name) => catalog.has(name), { error: `known are ${[...catalog.keys()].join(", ")}` })
    .optional(),
  flags: z.record(z.string(), z.union([z.string(), z.number(), z.literal(true)])).default({}),
  length: time.optional(),
  faults: z
    .array(
      z.strictObject({
        fault,
        start: time,
        length: lengthOfFault,
        on: z.string().optional(),
        every: time.optional(),
        times: z.number().int().min(1).max(timesMax).default(1),
      }),
    )
    .default([]),
  swarm: z.strictObject({ length: time }).optional(),
  calm: z.array(z.strictObject({ start: time, length: time })).default([]),
  budget: z
    .strictObject({
      unavailable: upTo(15).optional(),
      destroyed: upTo(15).optional(),
      overlapping: upTo(100).optional(),
    })
    .default({}),
});

type Content = z.infer<typeof planSchema>;

export type PlanFile = {
  readonly workload?: string;
  /** As they stand in the file; whether they are flags at all is not looked at yet. */
  readonly flags: Readonly<Record<string, string | number | true>>;
  /** What it does not say is as by default. */
  readonly budget: Partial<Budget>;
  readonly acts:
    | { readonly type: "swarm"; readonly lengthMs: number }
    | {
        readonly type: "faults";
        readonly faults: readonly ScheduledFault[];
        readonly calm: readonly Span[];
        readonly lengthMs: number;
      };
};

/** `path` is for the sentence that refuses it. */
export function parsePlanFile(text: string, path: string): PlanFile | Refusal {
  const wrong = (sentence: string): Refusal => refuse("usage", `${path}: ${sentence}`);
  const read = readJson(text, planSchema);
  if (read.type === "wrong") return wrong(read.sentence);
  const acts = actsOf(read.content);
  if (typeof acts === "string") return wrong(acts);
  const { workload, flags, budget } = read.content;
  return { ...(workload === undefined ? {} : { workload }), flags, budget: said(budget), acts };
}

/** A sentence when times do not fit each other. */
function actsOf({ faults, swarm, calm, length }: Content): PlanFile["acts"] | string {
  if (swarm !== undefined) {
    if (faults.length > 0) return "it has both faults and a swarm.";
    if (calm.length > 0) return "calm is wrong: a swarm draws its own.";
    if (length !== undefined)
      return "length is wrong: that of a swarm follows from its own and from the flags.";
    return { type: "swarm", lengthMs: swarm.length };
  }
  if (length === undefined) return 'length is missing: it must be a time such as "60s".';
  const awaited = faults.map(({ on, fault: asked }) => (on === undefined ? asked : withMoment(asked, on)));
  const unawaited = awaited.findIndex((one) => typeof one === "string");
  if (unawaited >= 0) return `faults[${unawaited}].on is wrong: ${awaited[unawaited]}.`;
  const all = faults.flatMap((one, index) => {
    const request = awaited[index];
    return typeof request === "object" ? repeated({ ...one, fault: request }, `faults[${index}]`) : [];
  });
  if (all.length > timesMax) return `it has ${all.length} faults; more than ${timesMax} are a mistake.`;
  const unpaced = faults.findIndex(({ times, every }) => times > 1 && every === undefined);
  if (unpaced >= 0) return `faults[${unpaced}].every is missing: it comes more than once.`;
  const late = all.find((one) => endOf(one) > length);
  if (late !== undefined) return `${late.place} is wrong: it ends ${endOf(late) - length} ms after the run.`;
  const spans = calm.map((span) => ({ startMs: span.start, lengthMs: span.length }));
  return {
    type: "faults",
    faults: all.toSorted((a, b) => a.startMs - b.startMs),
    calm: spans,
    lengthMs: length,
  };
}

const repeated = (
  { fault: request, start, length, every = 0, times }: Content["faults"][number],
  place: string,
): readonly ScheduledFault[] =>
  Array.from({ length: times }, (_, turn) => ({
    request,
    place,
    startMs: start + turn * every,
    lengthMs: length,
  }));

/** Without what is undefined. */
const said = ({ unavailable, destroyed, overlapping }: Content["budget"]): Partial<Budget> => ({
  ...(unavailable === undefined ? {} : { unavailable }),
  ...(destroyed === undefined ? {} : { destroyed }),
  ...(overlapping === undefined ? {} : { overlapping }),
});
