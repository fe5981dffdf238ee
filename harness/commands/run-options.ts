/** The flags of `tipcart run`, as text, turned into the options of a plan; the first that is wrong is named. */
import type { Command } from "commander";
import { isSlaExpression } from "../../checkers/objectives/expression.ts";
import { catalog } from "../../workloads/catalog.ts";
import { arrivalForms } from "../../workloads/generator/rate-shape.ts";
import { diskChoices } from "../cluster/disk-choice.ts";
import { type FaultWindow, parseDuration, parseFaults } from "../fault-notation.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { defaultOptions, type PlanOptions } from "../test-plan.ts";

/** As commander hands them over: text where a value was given, true for a bare flag. */
export type RunFlags = {
  readonly name?: string;
  readonly seed?: string;
  readonly codec?: string;
  readonly nodes?: string;
  readonly n?: string;
  readonly r?: string;
  readonly w?: string;
  readonly strict?: boolean;
  readonly versions?: string;
  readonly storage?: string;
  readonly hintBytes?: string;
  readonly eventLogs?: boolean;
  readonly rate?: string;
  readonly arrivals?: string;
  readonly faults?: string;
  readonly swarm?: string | true;
  readonly plan?: string;
  readonly warmUp?: string;
  readonly steady?: string;
  readonly fault?: string;
  readonly recovery?: string;
  readonly closing?: string;
  readonly net?: string;
  readonly clock?: string;
  readonly disk?: string;
  readonly jitter?: string;
  readonly keys?: string;
  readonly calibrate?: boolean;
  readonly sla?: string;
  readonly slaLimit?: string;
  readonly slaQuantile?: string;
  readonly expect?: string;
  readonly skipUnsupported?: boolean;
  readonly server?: string;
  readonly runs?: string;
  readonly json?: boolean;
};

const examples = `
Examples:
  tipcart run                                        100 s: kill, pause, partition, clock jump
  tipcart run --seed 7 --faults partition:one-way    one fault, its victim drawn from seed 7
  tipcart run --versions vv-max                      the paper's version vectors: loses writes, and says so
  tipcart run --codec union                          the paper's cart: removed items come back, as a rate
  tipcart run --n 3 --r 2 --w 2 --strict             only home nodes count: reads must be fresh
  tipcart run --faults partition:halves@n1/n2+kill@n1,clock:+1d@n3
  tipcart run --faults power-cut@all,power-cut:torn@n2    what was not synced is lost
  tipcart run --faults join@n6+kill@n2,leave@n6      five nodes become six and five again, under load and kills
  tipcart run --seed 7 --swarm 60s                   faults drawn from seed 7 (tipcart plan shows them)
  tipcart run --plan plan.json --rate 200            faults at times of their own, with a budget
  tipcart run --steady 5s --closing 5s --faults none --json
  tipcart run --sla 'put:p99.9<300ms@steady,get:ok>=99.95%,recovery<5s@kill,budget<5x@fault'
  tipcart run register --r 1 --w 1                   a quorum that does not overlap: stale reads
  tipcart run session-store --faults clock:+1d       the newest stamp wins, and a clock is wrong

Faults: kill, stop, restart, pause, starve, files, memory[:64mb], clock[:OFFSET|bump|strobe|freeze|drift],
partition[:isolate-one|halves|split|minority-third|bridge|majorities-ring|one-way|flapping], or of any links
partition@n1>n2/n2>n3, link[:delay|jitter|rate|loss|30%|reset|half-open|half-close],
power-cut[:whole|part|torn|flipped], disk[:full|io-error|sync-error|read-error|read-only|file-too-large|slow|
wiped|backup|flip|truncate|zeroed|swapped], join, leave,
load[:burst|hot-key|slow-clients|corrupt-context|swapped-context|late-duplicates];
each with @n1/n2 for its nodes or @all. A comma begins the next window, a plus puts two faults into one window.

Service levels: [get|put|delete|any:]p99.9<300ms, ok>=99.95%, recovery<5s (of each fault), budget<1x (of bad requests,
as a multiple of what --sla-quantile allows). Each @ narrows down: @steady (the default), @fault and @recovery (each
window alone), @kill (windows of that fault), @n2 (requests that entered there).

Workloads, each with its own defaults:
${[...catalog].map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`).join("\n")}`;

/** Declares the flags on a command. Their defaults stand in test-plan.ts only. */
export const declareRunFlags = (command: Command): Command =>
  command
    .option("--name <name>", "folder of the run below results/runs (default: the workload's name)")
    .option("--seed <number>", "makes the whole plan: arrivals, carts, victims (default: drawn, and printed)")
    .option("--nodes <count>", "nodes of the cluster, 1 to 15 (default: 5)")
    .option("--n <count>", "copies of each key (default: 3)")
    .option("--r <count>", "replies a read waits for (default: 2)")
    .option("--w <count>", "acknowledgements a write waits for (default: 2)")
    .option("--strict", "count home nodes only: no fallback stands in, and reads must be fresh")
    .option("--versions <mode>", "dvv, vv-max: the paper's vectors, or lww: the newest stamp (default: dvv)")
    .option("--codec <codec>", "tagged, or union: the paper's cart (default: tagged)")
    .option(
      "--storage <engine>",
      "level, lmdb or memory (default: level; all but memory sync before each acknowledgement)",
    )
    .option(
      "--hint-bytes <bytes>",
      "room for hints on each node; 1 leaves repair to the trees (default: 268435456)",
    )
    .option("--event-logs", "let nodes log what they do to each key, and tell it beside each anomaly")
    .option("--rate <requests/s>", "offered load, open loop (default: 500)")
    .option("--arrivals <form>", `${arrivalForms} (default: poisson)`)
    .option("--keys <choice>", "of records: zipfian (0.99, scrambled) or uniform (default: zipfian)")
    .option("--no-calibrate", "skip the two seconds in which the generator measures itself")
    .option(
      "--faults <list>",
      "what goes wrong, see below; none for nothing (default: kill,pause,partition,clock)",
    )
    .option("--swarm [time]", "faults drawn from the seed, for so long, in place of --faults (default: 40s)")
    .option("--plan <file>", "faults at times of their own, or a swarm: a plan file, see harness/README.md")
    .option("--warm-up <time>", "left out of every figure (default: 5s)")
    .option("--steady <time>", "before the first fault (default: 30s)")
    .option("--fault <time>", "each fault window (default: 5s)")
    .option("--recovery <time>", "after each fault window (default: 5s)")
    .option(
      "--jitter <time>",
      "each fault window begins up to so much later, drawn from the seed (default: 0s)",
    )
    .option("--closing <time>", "steady again, at the end (default: 15s)")
    .option("--net <way>", "how links are cut: auto, kernel or proxy (default: auto)")
    .option("--clock <way>", "how clocks are skewed: auto, libfaketime or preload (default: auto)")
    .option("--disk <way>", "what a power cut takes: auto, image (root) or shim (default: auto, the shim)")
    .option(
      "--sla <list>",
      "service levels that decide the run, see below; or fault, recovery: where --sla-limit is hard besides steady",
    )
    .option("--sla-limit <time>", "a request is good when answered within this (default: 300ms)")
    .option("--sla-quantile <share>", "share of requests that must be good (default: 0.999)")
    .option(
      "--expect <properties>",
      "properties this run must violate, such as P1; then their absence is the failure",
    )
    .option(
      "--skip-unsupported",
      "leave out a fault that cannot be done here, and say so, instead of refusing the plan",
    )
    .option("--server <bundle>", "another build of the server to put to the test")
    .option("--runs <directory>", "where runs are kept (default: results/runs)")
    .option("--json", "print the result as one JSON object on standard output")
    .addHelpText("after", examples);

const list = (text: string | undefined): readonly string[] =>
  (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** NaN for text that is no number; the plan's own bounds then refuse it by the name of its flag. */
const number = (text: string | undefined, fallback: number): number =>
  text === undefined ? fallback : /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;

/** Reads one flag after another and keeps the first sentence of what is wrong. */
class FlagReader {
  mistake: Refusal | undefined;

  oneOf<T extends string>(flag: string, value: string | undefined, known: readonly [T, ...T[]]): T {
    const found = value === undefined ? known[0] : known.find((word) => word === value);
    return found ?? this.#wrong(`--${flag} is "${value}"; it must be one of ${known.join(", ")}.`, known[0]);
  }

  time(flag: string, text: string | undefined, fallbackMs: number): number {
    const ms = text === undefined ? fallbackMs : parseDuration(text);
    return (
      ms ?? this.#wrong(`--${flag} is "${text}"; it must be a time such as 30s, 500ms or 2m.`, fallbackMs)
    );
  }

  swarm(text: string | true): NonNullable<PlanOptions["schedule"]> {
    const lengthMs = this.time("swarm", text === true ? undefined : text, 40_000);
    return { type: "swarm", lengthMs, budget: {} };
  }

  faults(text: string | undefined): readonly FaultWindow[] {
    const windows = text === undefined ? defaultOptions.faults : parseFaults(text);
    if (!("type" in windows)) return windows;
    this.mistake ??= windows;
    return [];
  }

  #wrong<T>(sentence: string, fallback: T): T {
    this.mistake ??= refuse("usage", sentence);
    return fallback;
  }
}

/** The options that the flags ask for. `drawnSeed` is used when no seed is given. */
export function optionsOf(workload: string, flags: RunFlags, drawnSeed: number): PlanOptions | Refusal {
  const reader = new FlagReader();
  const { bucket = {} } = catalog.get(workload) ?? {};
  const n = number(flags.n, bucket.n ?? defaultOptions.n);
  const sla = list(flags.sla);
  const options: PlanOptions = {
    name: flags.name ?? workload,
    workload,
    seed: number(flags.seed, drawnSeed),
    codec: reader.oneOf("codec", flags.codec, ["tagged", "union"]),
    nodes: number(flags.nodes, defaultOptions.nodes),
    n,
    r: number(flags.r, Math.min(n, bucket.r ?? defaultOptions.r)),
    w: number(flags.w, Math.min(n, bucket.w ?? defaultOptions.w)),
    strict: flags.strict ?? bucket.strict ?? false,
    versions: reader.oneOf("versions", flags.versions ?? bucket.versions, ["dvv", "vv-max", "lww"]),
    storage: reader.oneOf("storage", flags.storage, ["level", "lmdb", "memory"]),
    hintBytes: number(flags.hintBytes, defaultOptions.hintBytes),
    hasEventLogs: flags.eventLogs ?? defaultOptions.hasEventLogs,
    rate: number(flags.rate, defaultOptions.rate),
    arrivals: flags.arrivals ?? defaultOptions.arrivals,
    keys: reader.oneOf("keys", flags.keys, ["zipfian", "uniform"]),
    faults: reader.faults(flags.faults),
    warmUpMs: reader.time("warm-up", flags.warmUp, defaultOptions.warmUpMs),
    steadyMs: reader.time("steady", flags.steady, defaultOptions.steadyMs),
    faultMs: reader.time("fault", flags.fault, defaultOptions.faultMs),
    recoveryMs: reader.time("recovery", flags.recovery, defaultOptions.recoveryMs),
    closingMs: reader.time("closing", flags.closing, defaultOptions.closingMs),
    network: reader.oneOf("net", flags.net, ["auto", "kernel", "proxy"]),
    clock: reader.oneOf("clock", flags.clock, ["auto", "libfaketime", "preload"]),
    disk: reader.oneOf("disk", flags.disk, diskChoices),
    jitterMs: reader.time("jitter", flags.jitter, defaultOptions.jitterMs),
    slaPhases: sla
      .filter((word) => !isSlaExpression(word))
      .map((phase) => reader.oneOf("sla", phase, ["fault", "recovery"])),
    sla: sla.filter(isSlaExpression),
    isCalibrated: flags.calibrate !== false,
    slaLimitMs: reader.time("sla-limit", flags.slaLimit, defaultOptions.slaLimitMs),
    slaQuantile: number(flags.slaQuantile, defaultOptions.slaQuantile),
    expect: list(flags.expect),
    skipUnsupported: flags.skipUnsupported ?? false,
    ...(flags.swarm === undefined ? {} : { schedule: reader.swarm(flags.swarm) }),
  };
  return reader.mistake ?? options;
}
