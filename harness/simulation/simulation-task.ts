/** What a process of simulated runs is asked, and how it is asked: both ends of its command line and output. */
import { createInterface } from "node:readline";
import { execa } from "execa";
import * as z from "zod";
import { bundlePath } from "../bundle/project-root.ts";
import type { SimulatedPlan } from "./simulated-plan.ts";

export type SimulationTask = {
  /** Absent: every seed draws a plan of its own, which a server without bugs holds out against. */
  readonly plan?: SimulatedPlan;
  readonly firstSeed: number;
  readonly count: number;
  /** Properties of which one, broken, ends the task early. */
  readonly catchers: readonly string[];
};

const runSchema = z.object({
  seed: z.number(),
  verdict: z.enum(["passed", "inconclusive", "breached", "violated", "failed"]),
  violated: z.array(z.string()),
  said: z.string(),
  requestCount: z.number(),
  acknowledgedCount: z.number(),
  /** Of a run that caught: the smallest part of its history that still shows why. */
  smallest: z.object({ requestCount: z.number(), events: z.array(z.unknown()) }).optional(),
});
export type SimulatedTry = z.infer<typeof runSchema>;

/**
 * Carries the task out with the bundle at `program` (default: the real server), telling each run as it ends; `undefined`
 * when all is done, else the sentence of a process that broke off or ran out of `timeLimitMs`.
 */
export async function simulate(
  task: SimulationTask,
  {
    program = bundlePath("simulation"),
    timeLimitMs,
    onRun,
  }: {
    readonly program?: string;
    readonly timeLimitMs: number;
    readonly onRun: (run: SimulatedTry) => void;
  },
): Promise<string | undefined> {
  const child = execa(process.execPath, [program, JSON.stringify(task)], {
    reject: false,
    stdin: "ignore",
    buffer: { stdout: false },
    timeout: timeLimitMs,
  });
  for await (const line of createInterface({ input: child.stdout })) onRun(runSchema.parse(JSON.parse(line)));
  const { timedOut, exitCode, stderr } = await child;
  if (timedOut) return `It took more than ${timeLimitMs / 1000} s.`;
  return exitCode === 0 ? undefined : (stderr.trim().split("\n").at(-1) ?? "It broke off.");
}
