/** What the generator's process is told to do, and what it says in return, over the channel of a forked process. */
import * as z from "zod";
import type { LoadHealth, Micros } from "../../checkers/history/event.ts";
import type { Samples } from "./sample-log.ts";

const arrivalsShape = z.object({
  process: z.enum(["poisson", "constant"]),
  shape: z.discriminatedUnion("type", [
    z.object({ type: z.literal("flat") }),
    z.object({ type: z.literal("ramp"), from: z.number(), to: z.number() }),
    z.object({ type: z.literal("step"), shares: z.array(z.number()).readonly() }),
    z.object({ type: z.literal("burst"), times: z.number(), lengthUs: z.number(), everyUs: z.number() }),
    z.object({ type: z.literal("sine"), amplitude: z.number(), periodUs: z.number() }),
  ]),
});

const jobShape = z.object({
  seed: z.int(),
  rate: z.number().positive(),
  durationUs: z.int().positive(),
  arrivals: arrivalsShape,
  keys: z.enum(["zipfian", "uniform"]),
  keyCount: z.int().positive(),
  readShare: z.number().min(0).max(1),
  valueBytes: z.int().nonnegative(),
  pacer: z.enum(["worker", "timer", "spin"]),
  inFlightMax: z.int().positive(),
  timeoutMs: z.number().positive(),
  target: z.discriminatedUnion("transport", [
    z.object({
      transport: z.literal("framed"),
      entrances: z.array(z.object({ host: z.string(), port: z.int() })).min(1),
    }),
    /** `adapter`: a file of the user's; absent for the reference server's own API, in this bucket. */
    z.object({
      transport: z.literal("http"),
      urls: z.array(z.url()).min(1),
      bucket: z.string(),
      adapter: z.string().optional(),
    }),
  ]),
});

export type GeneratorJob = z.infer<typeof jobShape>;
export type Target = GeneratorJob["target"];

export type GeneratorProgress = {
  readonly type: "progress";
  readonly endedCount: number;
  readonly inFlightCount: number;
  readonly residentBytes: number;
};

export type GeneratorDone = {
  readonly type: "done";
  readonly samples: Samples;
  readonly health: readonly LoadHealth[];
  /** CPU of the generator's process while it ran, as a share of one processor. */
  readonly cpuShare: number;
  readonly residentBytesAtStart: number;
  readonly residentBytesAtEnd: number;
  readonly lengthMicros: Micros;
};

export type FromGenerator =
  | { readonly type: "ready" }
  | GeneratorProgress
  | GeneratorDone
  | { readonly type: "failed"; readonly sentence: string };

export type ToGenerator = { readonly type: "start"; readonly job: GeneratorJob } | { readonly type: "stop" };

const toGeneratorShape: z.ZodType<ToGenerator> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), job: jobShape }),
  z.object({ type: z.literal("stop") }),
]);

/** Undefined for what is no message to the generator. */
export const parseToGenerator = (message: unknown): ToGenerator | undefined =>
  toGeneratorShape.safeParse(message).data;
