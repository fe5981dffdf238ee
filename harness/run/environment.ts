/** Where a run happened and how to have it again: what the report shows beside the verdict. */
import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, version } from "node:os";
import { join } from "node:path";
import type { BuildRecord, RunEnvironment } from "../../results/run-record.ts";
import { cartScale } from "../../workloads/cart/cart-scale.ts";
import { projectRoot } from "../bundle/project-root.ts";
import { faultNotation } from "../fault-notation.ts";
import type { LoadPriority } from "../load/priority.ts";
import { defaultOptions, type Plan } from "../test-plan.ts";

const tipcartVersion = (): string => {
  const file: unknown = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8"));
  return typeof file === "object" && file !== null && "version" in file ? String(file.version) : "unknown";
};

/** Brackets of angles and spaces mean something to a shell. */
const quoted = (text: string): string => (/[<>\s]/.test(text) ? `'${text}'` : text);

/** The command that makes the same plan; what is as by default is left out. */
export function replayCommand({ options }: Plan): string {
  const flags: string[] = [];
  const say = (flag: string, value: string | number, usual: string | number): void => {
    if (value !== usual) flags.push(`--${flag} ${value}`);
  };
  const usual = defaultOptions;
  for (const flag of ["nodes", "n", "r", "w", "versions", "codec", "storage", "rate", "arrivals"] as const) {
    say(flag, options[flag], usual[flag]);
  }
  say("hint-bytes", options.hintBytes, usual.hintBytes);
  if (options.hasEventLogs) flags.push("--event-logs");
  if (options.strict) flags.push("--strict");
  const { schedule } = options;
  if (schedule === undefined)
    say("faults", quoted(faultNotation(options.faults)), faultNotation(usual.faults));
  else if (schedule.path !== undefined) flags.push(`--plan ${quoted(schedule.path)}`);
  else if (schedule.type === "swarm") flags.push(`--swarm ${schedule.lengthMs}ms`);
  say("warm-up", `${options.warmUpMs}ms`, `${usual.warmUpMs}ms`);
  say("steady", `${options.steadyMs}ms`, `${usual.steadyMs}ms`);
  say("fault", `${options.faultMs}ms`, `${usual.faultMs}ms`);
  say("recovery", `${options.recoveryMs}ms`, `${usual.recoveryMs}ms`);
  say("jitter", `${options.jitterMs}ms`, `${usual.jitterMs}ms`);
  say("closing", `${options.closingMs}ms`, `${usual.closingMs}ms`);
  say("sla", [...options.slaPhases, ...options.sla].map(quoted).join(","), "");
  say("keys", options.keys, usual.keys);
  say("sla-limit", `${options.slaLimitMs}ms`, `${usual.slaLimitMs}ms`);
  say("sla-quantile", options.slaQuantile, usual.slaQuantile);
  say("expect", options.expect.join(","), "");
  return ["npx tipcart run", options.workload, `--seed ${options.seed}`, ...flags].join(" ");
}

export const environmentOf = (run: {
  readonly plan: Plan;
  readonly backends: Readonly<Record<string, string>>;
  readonly timingsMs: Readonly<Record<string, number>>;
  readonly priority?: LoadPriority;
  readonly build?: BuildRecord | undefined;
}): RunEnvironment => ({
  plan: run.plan,
  replay: replayCommand(run.plan),
  ...(run.plan.options.workload === "shopping-cart" && { scale: cartScale(run.plan.options.rate) }),
  versions: { tipcart: tipcartVersion(), node: process.version },
  ...(run.build === undefined ? {} : { build: run.build }),
  machine: {
    system: version(),
    kernel: release(),
    architecture: arch(),
    cpuModel: cpus()[0]?.model.trim() ?? "unknown",
    coreCount: cpus().length,
    memoryBytes: totalmem(),
  },
  backends: run.backends,
  timingsMs: run.timingsMs,
  ...(run.priority === undefined ? {} : { loadPriority: run.priority }),
});
