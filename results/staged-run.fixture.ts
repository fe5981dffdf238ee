/**
 * A staged run for tests and for looking at: 90 seconds at 500 requests a second, four faults, and figures that a
 * real cluster could have made. The same seed makes the same history. Variants: everything held; acknowledged
 * writes lost; a breached service level; a fault that never took effect.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type {
  Completion,
  FaultEvent,
  HistoryEvent,
  Invocation,
  Objective,
  Phase,
  RunStarted,
} from "../checkers/history/event.ts";

export type StagedVariant = "passed" | "violated" | "breached" | "inconclusive";

export type StagedOptions = {
  readonly variant?: StagedVariant;
  readonly seed?: number;
  readonly rate?: number;
  /** Replaces every free text: keys, node names, evidence, reasons. */
  readonly text?: (plain: string) => string;
};

export const stagedNodes = ["n1", "n2", "n3", "n4", "n5"] as const;

type StagedFault = {
  readonly kind: string;
  readonly nodes: readonly string[];
  readonly backend: string;
  readonly evidence: string;
};

export const stagedFaults: readonly StagedFault[] = [
  {
    kind: "kill",
    nodes: ["n2"],
    backend: "SIGKILL",
    evidence: "n2 (pid 4121) is in state Z, and its port refuses.",
  },
  { kind: "pause", nodes: ["n4"], backend: "SIGSTOP", evidence: "n4 (pid 4133) is in state T in /proc." },
  {
    kind: "partition",
    nodes: ["n1", "n3"],
    backend: "kernel (policy routing)",
    evidence: "12 of 12 probes over the cut links failed; 18 of 18 over the others passed.",
  },
  {
    kind: "clock",
    nodes: ["n5"],
    backend: "node preload",
    evidence: "n5 reports a wall clock 288.004 s behind.",
  },
];

export const stagedPhases = (): readonly Phase[] => {
  const phases: Phase[] = [];
  let from = 0;
  const add = (phase: Omit<Phase, "from" | "until">, seconds: number): void => {
    phases.push({ ...phase, from, until: from + seconds * 1e6 });
    from += seconds * 1e6;
  };
  add({ name: "warm-up", kind: "warm-up" }, 5);
  add({ name: "steady", kind: "steady" }, 30);
  stagedFaults.forEach(({ kind }, index) => {
    const name = `${index + 1} ${kind}`;
    add({ name, kind: "fault", fault: name }, 5);
    add({ name: `after ${name}`, kind: "recovery", fault: name }, 5);
  });
  add({ name: "closing", kind: "steady" }, 15);
  return phases;
};

const stagedObjectives: readonly Objective[] = (["steady", "fault", "recovery"] as const).flatMap((phase) =>
  (["get", "put"] as const).map((operation) => ({
    operation,
    quantile: 0.999,
    limitMs: 300,
    phase,
    hard: phase === "steady",
  })),
);

/** All events of the run, in order. */
export const stagedHistory = (options: StagedOptions = {}): readonly HistoryEvent[] => {
  const { variant = "passed", seed = 7, rate = 500, text = (plain: string) => plain } = options;
  const chance = chanceOf(seed);
  const phases = stagedPhases();
  const end = phases.at(-1)?.until ?? 0;
  const run: RunStarted = {
    type: "run",
    schema: 1,
    name: text("shopping-cart"),
    seed,
    startedWallMs: Date.UTC(2026, 10, 21, 23, 43, 5, 120),
    workload: "shopping-cart",
    nodes: stagedNodes.map(text),
    promises: {
      n: 3,
      r: 2,
      w: 2,
      pr: 0,
      pw: 0,
      sloppy: true,
      versions: variant === "violated" ? "vv-max" : "dvv",
      codec: "tagged",
    },
    phases,
    objectives: stagedObjectives,
    expect: [],
  };
  const timed = [
    ...stagedRequests({ chance, rate, end, phases, variant, text }),
    ...faultEvents(phases, variant, text),
    ...loadEvents(chance, end, rate),
  ].toSorted((a, b) => a.at - b.at);

  return [run, ...timed, { type: "end", at: end + 6_400_000, reason: "completed" }];
};

type Staging = {
  readonly chance: () => number;
  readonly rate: number;
  readonly end: number;
  readonly phases: readonly Phase[];
  readonly variant: StagedVariant;
  readonly text: (plain: string) => string;
};

const chanceOf = (seed: number): (() => number) => {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
};

const stagedRequests = (staging: Staging): readonly (Invocation | Completion)[] => {
  const { chance, rate, end, text } = staging;
  const events: (Invocation | Completion)[] = [];
  let id = 0;
  let due = 0;
  const lastWrite = new Map<string, string>();
  for (;;) {
    due += Math.round((-Math.log(1 - chance()) / rate) * 1e6);
    if (due >= end) return events;
    id += 1;
    const kind = chance() < 0.56 ? "get" : chance() < 0.96 ? "put" : "delete";
    const key = text(`cart/shopper-${Math.floor(chance() ** 2 * 40)}/${Math.floor(due / 2e7)}`);
    const entry = text(stagedNodes[Math.floor(chance() * stagedNodes.length)] ?? "n1");
    const at = due + Math.round(60 + chance() ** 8 * 900);
    const process = 1 + (id % 160);
    const write = `${process}.${id}`;
    const parent = lastWrite.get(key);
    const written = { write, parents: parent === undefined ? [] : [parent], digest: "9b1f", bytes: 412 };
    if (kind !== "get") lastWrite.set(key, write);
    events.push({
      type: "invoke",
      id,
      process,
      session: `shopper-${process % 40} phone`,
      operation: `${process}.${id}`,
      kind,
      key,
      intended: due,
      at,
      entry,
      ...(kind === "get" ? {} : { written }),
    });
    events.push(completionOf(staging, { id, due, at, entry, kind, parent: lastWrite.get(key) }));
  }
};

type Asked = {
  readonly id: number;
  readonly due: number;
  readonly at: number;
  readonly entry: string;
  readonly kind: Invocation["kind"];
  readonly parent: string | undefined;
};

const completionOf = (staging: Staging, asked: Asked): Completion => {
  const { chance, text } = staging;
  const { tookUs, outcome } = fateOf(staging, asked);
  const other = text(
    stagedNodes[(stagedNodes.findIndex((node) => text(node) === asked.entry) + 2) % 5] ?? "n3",
  );
  const done = { id: asked.id, at: asked.at + tookUs };
  const first = { node: asked.entry, from: asked.at, until: Math.min(done.at, asked.at + 120_000) };
  const attempts =
    tookUs > 120_000
      ? [
          { ...first, outcome: "unknown" as const, error: "timeout" },
          {
            node: other,
            from: first.until,
            until: done.at,
            outcome: outcome === "ok" ? ("ok" as const) : ("unknown" as const),
          },
        ]
      : [{ ...first, outcome: outcome === "ok" ? ("ok" as const) : ("none" as const) }];
  if (outcome !== "ok")
    return {
      ...done,
      type: outcome,
      error: text(outcome === "fail" ? "quorum-unmet: needed 2, had 1" : "timeout after 1000 ms"),
      attempts,
    };
  if (asked.kind === "get")
    return {
      ...done,
      type: "ok",
      attempts,
      observed: asked.parent === undefined ? [] : [{ write: asked.parent, digest: "9b1f" }],
      tombstones: [],
    };
  const home = chance() < 0.93;
  return {
    ...done,
    type: "ok",
    attempts,
    acknowledged: [
      { node: asked.entry, role: "home", durability: "synced" },
      { node: other, role: home ? "home" : "fallback", durability: "synced" },
    ],
  };
};

/** How long a request took and how it ended, by what was wrong at that moment. */
const fateOf = (
  { chance, phases, variant, text }: Staging,
  asked: Asked,
): { readonly tookUs: number; readonly outcome: "ok" | "fail" | "info" } => {
  const phase = phases.find((one) => asked.due < one.until);
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  const usual = (asked.kind === "get" ? 1_300 : 2_700) * Math.exp(0.42 * normal);
  const hiccup = chance() < 0.004 ? 9_000 + chance() * 38_000 : 0;
  const into = asked.due - (phase?.from ?? 0);
  const stall =
    variant === "breached" && phase?.name === "steady" && into > 11e6 && into < 11.62e6
      ? 620_000 - (into - 11e6)
      : 0;
  const fault =
    phase?.kind === "fault"
      ? stagedFaults[phases.filter((one) => one.kind === "fault").indexOf(phase)]
      : undefined;
  const struck = fault?.nodes.some((node) => text(node) === asked.entry) === true;
  const tookUs = Math.round(usual + hiccup + stall + faultDelay(fault?.kind, { struck, into, chance }));
  if (fault?.kind === "partition" && struck && into < 1.4e6 && chance() < 0.12)
    return { tookUs: 6_000, outcome: "fail" };
  if (fault?.kind === "pause" && into < 1e6 && chance() < 0.03) return { tookUs: 1_000_000, outcome: "info" };
  return { tookUs, outcome: "ok" };
};

const faultDelay = (
  kind: string | undefined,
  at: { readonly struck: boolean; readonly into: number; readonly chance: () => number },
): number => {
  switch (kind) {
    case "kill":
      return at.into < 450_000 && (at.struck || at.chance() < 0.3)
        ? 470_000 - at.into
        : at.struck
          ? 1_500
          : 0;
    case "pause":
      return at.into < 1.1e6
        ? at.struck
          ? 121_000 + at.chance() * 260_000
          : at.chance() * 60_000
        : at.struck
          ? 121_000
          : at.chance() * 4_000;
    case "partition":
      return at.struck
        ? at.into < 1.4e6
          ? 121_000 + at.chance() * 320_000
          : 14_000 * at.chance()
        : at.chance() * 3_000;
    default:
      return 0;
  }
};

const faultEvents = (
  phases: readonly Phase[],
  variant: StagedVariant,
  text: (plain: string) => string,
): readonly FaultEvent[] =>
  stagedFaults.flatMap((fault, index) => {
    const phase = phases.find((one) => one.kind === "fault" && one.name === `${index + 1} ${fault.kind}`);
    if (phase === undefined) return [];
    const base = {
      type: "fault",
      id: phase.name,
      kind: fault.kind,
      nodes: fault.nodes.map(text),
      backend: text(fault.backend),
    } as const;
    const isIdle = variant === "inconclusive" && fault.kind === "partition";
    return [
      { ...base, stage: "injecting", evidence: "", at: phase.from },
      isIdle
        ? {
            ...base,
            stage: "ineffective",
            evidence: text("12 of 12 probes still passed after 2.0 s."),
            at: phase.from + 2_000_000,
          }
        : {
            ...base,
            stage: "active",
            evidence: text(fault.evidence),
            at: phase.from + 38_000 + index * 21_000,
          },
      ...(isIdle ? [] : [{ ...base, stage: "healed" as const, evidence: "", at: phase.until + 44_000 }]),
    ];
  });

const loadEvents = (chance: () => number, end: number, rate: number): readonly HistoryEventLoad[] =>
  Array.from({ length: Math.floor(end / 1e6) }, (_, second) => ({
    type: "load",
    at: (second + 1) * 1e6,
    lagUsMax: Math.round(400 + chance() * 900),
    loopStallUsMax: Math.round(600 + chance() * 3_000),
    inFlight: Math.round(2 + (rate / 100) * chance()),
    dropped: second === 45 ? 3 : 0,
  }));

type HistoryEventLoad = Extract<HistoryEvent, { type: "load" }>;
