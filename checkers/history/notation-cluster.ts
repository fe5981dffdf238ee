/** The notation's lines about the cluster: faults, dumps, calm, and the load loop's own health. */
import type {
  Calm,
  Dump,
  FaultEvent,
  LoadHealth,
  MachineHealth,
  NodeEnded,
  NodeName,
  RunStarted,
} from "./event.ts";
import {
  listOf,
  microsOf,
  NotationMistake,
  observedOf,
  settingsOf,
  spanOf,
  tombstonesOf,
} from "./notation-line.ts";

/** fault <id> <kind> <nodes> active <from>..<until> | ineffective <at> | skipped <at> */
export const faultEvents = (words: readonly string[]): FaultEvent[] => {
  const [, id, kind, nodes, stage, time] = words;
  if (id === undefined || kind === undefined || nodes === undefined || time === undefined) {
    throw new NotationMistake("expected: fault <id> <kind> <nodes> active <from>..<until>");
  }
  const fault = { type: "fault", id, kind, nodes: listOf(nodes), backend: "notation" } as const;
  if (stage === "ineffective" || stage === "skipped") {
    return [{ ...fault, stage, evidence: "nothing was seen", at: microsOf(time) }];
  }
  if (stage !== "active") throw new NotationMistake(`"${stage}" is no stage of a fault`);
  const { from, until } = spanOf(time);
  const active: FaultEvent = { ...fault, stage: "active", evidence: "seen from outside", at: from };
  return until === undefined
    ? [active]
    : [active, { ...fault, stage: "healed", evidence: "seen to be gone", at: until }];
};

/** dump <node|homes> <key> <versions> [homes=…] [state=…] */
export const dumpEvents = (words: readonly string[], run: RunStarted): Dump[] => {
  const { settings, bare } = settingsOf(words.slice(1));
  const [where, key, seen] = bare;
  if (where === undefined || key === undefined || seen === undefined) {
    throw new NotationMistake("expected: dump <node or homes> <key> <versions>");
  }
  const homes = listOf(settings.get("homes") ?? run.nodes.slice(0, run.promises.n).join(","));
  const state = settings.get("state") ?? listOf(seen).toSorted().join(",");
  const observed = observedOf(listOf(seen));
  const tombstones = tombstonesOf(listOf(seen));
  const nodes = where === "homes" ? homes : [where];
  return nodes.map((node) => ({ type: "dump", node, key, homes, state, observed, tombstones }));
};

/** calm <node|all> [late] [hints=…] [roots=p0:aa] [unreachable=…] [counters=hint-stored:3] */
export const calmEvents = (words: readonly string[], run: RunStarted, now: number): Calm[] => {
  const { settings, bare } = settingsOf(words.slice(1));
  const [where, late] = bare;
  if (where === undefined) throw new NotationMistake("expected: calm <node or all>");
  const pairs = (name: string): (readonly [string, string])[] =>
    listOf(settings.get(name) ?? "").map((pair) => {
      const [left = "", right = ""] = pair.split(":");
      return [left, right] as const;
    });
  const at = settings.get("at");
  return (where === "all" ? run.nodes : listOf(where)).map((node: NodeName) => ({
    type: "calm",
    node,
    at: at === undefined ? now : microsOf(at),
    isQuiet: late !== "late",
    hintCount: Number(settings.get("hints") ?? 0),
    unreachablePeers: listOf(settings.get("unreachable") ?? ""),
    treeRoots: Object.fromEntries(pairs("roots")),
    counters: Object.fromEntries(pairs("counters").map(([name, count]) => [name, Number(count)])),
  }));
};

/** ended <node> <at> [exit=1 | signal=SIGSEGV] [the last line of its log, in brackets] */
export const endedEvent = (words: readonly string[]): NodeEnded => {
  const { settings, bare } = settingsOf(words.slice(1).filter((word) => !word.startsWith("[")));
  const log = words.find((word) => word.startsWith("["));
  const [node, at] = bare;
  if (node === undefined || at === undefined) throw new NotationMistake("expected: ended <node> <at>");
  const exit = settings.get("exit");
  return {
    type: "node-ended",
    node,
    at: microsOf(at),
    exitCode: exit === undefined ? null : Number(exit),
    signal: settings.get("signal") ?? null,
    lastLogLine: log === undefined ? "" : log.slice(1, -1),
  };
};

/** load <at> [lag=ms] [stall=ms] [dropped=n] */
export const loadEvent = (words: readonly string[]): LoadHealth => {
  const { settings, bare } = settingsOf(words.slice(1));
  return {
    type: "load",
    at: microsOf(bare[0] ?? ""),
    lagUsMax: microsOf(settings.get("lag") ?? "0"),
    loopStallUsMax: microsOf(settings.get("stall") ?? "0"),
    inFlight: 0,
    dropped: Number(settings.get("dropped") ?? 0),
  };
};

/** machine <at> [foreign=0.4] [steal=0] [wait=0.5] [cpu=800] */
export const machineEvent = (words: readonly string[]): MachineHealth => {
  const { settings, bare } = settingsOf(words.slice(1));
  const figure = (name: string): number => Number(settings.get(name) ?? 0);
  return {
    type: "machine",
    at: microsOf(bare[0] ?? ""),
    foreignShare: figure("foreign"),
    stealShare: figure("steal"),
    waitShare: figure("wait"),
    ...(settings.has("cpu") ? { ownCpuMs: figure("cpu") } : {}),
  };
};
