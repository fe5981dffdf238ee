/** The flags of `tipcart load`, as text, turned into what it is to do; the first that is wrong is named. */
import type { Command } from "commander";
import { parseSla, type SlaExpression } from "../../checkers/objectives/expression.ts";
import { type Arrivals, arrivalForms, parseArrivals } from "../../workloads/generator/rate-shape.ts";
import { parseDuration } from "../fault-notation.ts";
import type { Target } from "../generator/job.ts";
import type { KeyChoice } from "../generator/load-schedule.ts";
import type { PacerKind } from "../load/pacer.ts";
import { type Refusal, refuse } from "../outcome.ts";

export type LoadFlags = {
  readonly url?: readonly string[];
  readonly adapter?: string;
  readonly framed?: readonly string[];
  readonly null?: boolean;
  readonly transport?: string;
  readonly nodes?: string;
  readonly n?: string;
  readonly r?: string;
  readonly w?: string;
  readonly storage?: string;
  readonly rate?: string;
  readonly duration?: string;
  readonly warmUp?: string;
  readonly arrivals?: string;
  readonly keys?: string;
  readonly keyCount?: string;
  readonly readShare?: string;
  readonly valueBytes?: string;
  readonly pacer?: string;
  readonly inFlight?: string;
  readonly timeout?: string;
  readonly sla?: string;
  readonly findMax?: boolean;
  readonly maxRate?: string;
  readonly seed?: string;
  readonly calibrate?: boolean;
  readonly json?: boolean;
};

/** Whom to load: what was named, or what is started for it. */
export type LoadTarget =
  | { readonly type: "given"; readonly target: Target }
  | { readonly type: "null"; readonly transport: "framed" | "http" }
  | {
      readonly type: "cluster";
      readonly nodes: number;
      readonly n: number;
      readonly r: number;
      readonly w: number;
      readonly isDurable: boolean;
    };

export type LoadPlan = {
  readonly target: LoadTarget;
  readonly rate: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
  readonly arrivals: Arrivals;
  readonly keys: KeyChoice;
  readonly keyCount: number;
  readonly readShare: number;
  readonly valueBytes: number;
  readonly pacer: PacerKind;
  readonly inFlightMax: number | undefined;
  readonly timeoutMs: number;
  readonly expressions: readonly SlaExpression[];
  readonly isSearch: boolean;
  readonly rateMax: number;
  readonly seed: number;
  readonly isCalibrated: boolean;
};

const examples = `
Examples:
  tipcart load                                                 20 s at 500 requests/s against a cluster of its own
  tipcart load --rate 2000 --sla 'put:p99.9<50ms,get:p99<10ms'
  tipcart load --find-max --sla 'any:p99<50ms'                 the highest rate that still meets it
  tipcart load --url http://127.0.0.1:8098 --adapter my-adapter.js --rate 1000
  tipcart load --null --rate 5000 --duration 10m               the generator itself: memory and rate
  tipcart load --arrivals 'burst:5x1s/10s' --keys uniform --json

An adapter is an ES module that says how your store is read and written; my-adapter.js:

  export const request = ({ kind, key, value, serial }) =>
    kind === "get"
      ? { method: "GET", path: "/kv/" + key }
      : { method: "PUT", path: "/kv/" + key, headers: { "content-type": "text/plain" }, body: value };
  export const outcome = ({ kind, status }) =>      // optional; "info" is: nobody can tell
    status < 400 || (kind === "get" && status === 404) ? "ok" : status < 500 ? "fail" : "info";

The verdict is inconclusive (exit code 2) when the generator itself was late, stalled, or starved of its processor;
breached (3) when a service level was not held.`;

const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export const declareLoadFlags = (command: Command): Command =>
  command
    .option("--url <address>", "a store to load over HTTP; may be given again for more entrances", gather)
    .option("--adapter <file>", "how that store is read and written; without one it speaks Tipcart's API")
    .option("--framed <host:port>", "a store that speaks frames; may be given again", gather)
    .option("--null", "a server that does nothing: what is measured is the generator")
    .option("--transport <way>", "to the null server: framed or http (default: framed)")
    .option("--nodes <count>", "of the cluster that is started otherwise, 1 to 15 (default: 3)")
    .option("--n <count>", "copies of each key in it (default: 3)")
    .option("--r <count>", "replies a read waits for (default: 2)")
    .option("--w <count>", "acknowledgements a write waits for (default: 2)")
    .option("--storage <engine>", "of that cluster: level or memory (default: level)")
    .option("--rate <requests/s>", "offered load, open loop; where --find-max begins (default: 500)")
    .option("--duration <time>", "of the measurement, or of each trial of --find-max (default: 20s)")
    .option("--warm-up <time>", "before it, left out of every figure (default: 3s)")
    .option("--arrivals <form>", `${arrivalForms} (default: poisson)`)
    .option("--keys <choice>", "zipfian (0.99, scrambled) or uniform (default: zipfian)")
    .option("--key-count <count>", "how many keys there are (default: 10000)")
    .option("--read-share <share>", "how many of the requests read, 0 to 1 (default: 0.5)")
    .option("--value-bytes <bytes>", "of each written value (default: 200)")
    .option("--pacer <kind>", "worker, timer, or spin, which takes a whole processor (default: worker)")
    .option("--in-flight <count>", "requests under way at most; one more is bad (default: rate × timeout)")
    .option("--timeout <time>", "after it a request counts as bad (default: 1s)")
    .option("--sla <list>", "service levels, see run --help (default: any:p99.9<300ms)")
    .option("--find-max", "search the highest rate that meets the service levels")
    .option("--max-rate <requests/s>", "where --find-max stops (default: 20000)")
    .option("--seed <number>", "makes the whole schedule (default: 1)")
    .option("--no-calibrate", "skip the two seconds against the null server before it")
    .option("--json", "print the result as one JSON object on standard output")
    .addHelpText("after", examples);

/** Reads one flag after another and keeps the first sentence of what is wrong. */
class Reader {
  mistake: string | undefined;

  number(
    flag: string,
    text: string | undefined,
    usual: number,
    [low, high]: readonly [number, number],
  ): number {
    const value = text === undefined ? usual : /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    return this.#wrong(`--${flag} is "${text}"; it must be a number from ${low} to ${high}.`, usual);
  }

  whole(flag: string, text: string | undefined, usual: number, range: readonly [number, number]): number {
    const value = this.number(flag, text, usual, range);
    return Number.isInteger(value) ? value : this.#wrong(`--${flag} is "${text}"; it must be whole.`, usual);
  }

  time(flag: string, text: string | undefined, usualMs: number, leastMs: number): number {
    const ms = text === undefined ? usualMs : parseDuration(text);
    if (ms !== undefined && ms >= leastMs && ms <= 86_400_000) return ms;
    return this.#wrong(
      `--${flag} is "${text}"; it must be a time from ${leastMs}ms to 24h, such as 30s.`,
      usualMs,
    );
  }

  oneOf<T extends string>(flag: string, text: string | undefined, known: readonly [T, ...T[]]): T {
    const found = text === undefined ? known[0] : known.find((word) => word === text);
    return found ?? this.#wrong(`--${flag} is "${text}"; it must be one of ${known.join(", ")}.`, known[0]);
  }

  parsed<T>(flag: string, text: string, parse: (text: string) => T | undefined, form: string, usual: T): T {
    return parse(text) ?? this.#wrong(`--${flag} is "${text}"; it must be ${form}.`, usual);
  }

  #wrong<T>(sentence: string, usual: T): T {
    this.mistake ??= sentence;
    return usual;
  }
}

/** What the flags ask for, or the first sentence of what is wrong with them. */
export function loadPlanOf(flags: LoadFlags): LoadPlan | Refusal {
  const reader = new Reader();
  const target = targetOf(flags, reader);
  if ("exit" in target) return target;
  const texts = (flags.sla ?? "any:p99.9<300ms").split(",");
  const levels = texts.map((text) => parseSla(text, { faults: [], nodes: [] }));
  const wrong = levels.find((one) => one.type === "mistake");
  const poisson: Arrivals = { process: "poisson", shape: { type: "flat" } };
  const plan: LoadPlan = {
    target,
    rate: reader.number("rate", flags.rate, 500, [1, 100_000]),
    durationMs: reader.time("duration", flags.duration, 20_000, 1_000),
    warmUpMs: reader.time("warm-up", flags.warmUp, 3_000, 0),
    arrivals: reader.parsed("arrivals", flags.arrivals ?? "poisson", parseArrivals, arrivalForms, poisson),
    keys: reader.oneOf("keys", flags.keys, ["zipfian", "uniform"]),
    keyCount: reader.whole("key-count", flags.keyCount, 10_000, [1, 10_000_000]),
    readShare: reader.number("read-share", flags.readShare, 0.5, [0, 1]),
    valueBytes: reader.whole("value-bytes", flags.valueBytes, 200, [0, 1024 * 1024]),
    pacer: reader.oneOf("pacer", flags.pacer, ["worker", "timer", "spin"]),
    inFlightMax:
      flags.inFlight === undefined ? undefined : reader.whole("in-flight", flags.inFlight, 1, [1, 1_000_000]),
    timeoutMs: reader.time("timeout", flags.timeout, 1_000, 1),
    expressions: levels.flatMap((one) => (one.type === "mistake" ? [] : [one])),
    isSearch: flags.findMax === true,
    rateMax: reader.number("max-rate", flags.maxRate, 20_000, [1, 100_000]),
    seed: reader.whole("seed", flags.seed, 1, [0, 2 ** 31 - 1]),
    isCalibrated: flags.calibrate !== false,
  };
  const mistake = reader.mistake ?? (wrong?.type === "mistake" ? wrong.reason : undefined);
  return mistake === undefined ? plan : refuse("usage", mistake);
}

function targetOf(flags: LoadFlags, reader: Reader): LoadTarget | Refusal {
  const named = [flags.url, flags.framed, flags.null].filter((one) => one !== undefined).length;
  if (named > 1) return refuse("usage", "Only one of --url, --framed and --null can be given.");
  if (flags.adapter !== undefined && flags.url === undefined)
    return refuse("usage", "--adapter says how a store at --url is used; give --url too.");
  if (flags.url !== undefined) {
    const bad = flags.url.find((url) => !/^https?:\/\/[^/]+\/?$/.test(url) || !URL.canParse(url));
    if (bad !== undefined)
      return refuse("usage", `--url is "${bad}"; it must be an address such as http://127.0.0.1:8098.`);
    const urls = flags.url.map((url) => new URL(url).origin);
    const adapter = flags.adapter === undefined ? {} : { adapter: flags.adapter };
    return { type: "given", target: { transport: "http", urls, bucket: "load", ...adapter } };
  }
  if (flags.framed !== undefined) {
    const entrances = flags.framed.map((text) => /^(.+):(\d{1,5})$/.exec(text));
    if (entrances.includes(null))
      return refuse("usage", `--framed is "${flags.framed.join(" ")}"; it must be host:port.`);
    return {
      type: "given",
      target: {
        transport: "framed",
        entrances: entrances.map((found) => ({ host: found?.[1] ?? "", port: Number(found?.[2]) })),
      },
    };
  }
  if (flags.null === true)
    return { type: "null", transport: reader.oneOf("transport", flags.transport, ["framed", "http"]) };
  const nodes = reader.whole("nodes", flags.nodes, 3, [1, 15]);
  const n = reader.whole("n", flags.n, Math.min(3, nodes), [1, nodes]);
  const quorum = (flag: string, text: string | undefined): number =>
    reader.whole(flag, text, Math.min(2, n), [1, n]);
  return {
    type: "cluster",
    nodes,
    n,
    r: quorum("r", flags.r),
    w: quorum("w", flags.w),
    isDurable: reader.oneOf("storage", flags.storage, ["level", "memory"]) === "level",
  };
}
