/** A cluster that does nothing but note what it was asked, and answers as it is told to. */
import type { Ability, Cluster, Done } from "../cluster/cluster.ts";

export type Scripted = Cluster & { readonly calls: string[] };

const abilities: readonly Ability[] = [
  "kill",
  "pause",
  "cut",
  "one-way-cut",
  "shape",
  "loss",
  "reset",
  "half-open",
  "half-close",
  "clock",
  "power-cut",
  "disk-trouble",
  "file-limit",
  "membership",
  "trigger",
];

const addresses = ["n1", "n2", "n3"].map((node) => ({
  node,
  httpUrl: "",
  verificationUrl: "",
  adminUrl: "",
}));
const backends = {
  process: "signals",
  network: "scripted links",
  clock: "scripted clocks",
  disk: "scripted disks",
};

/** `answers`: what a call, named as it is noted ("kill n1"), answers in turn; the last answer stays. Default: done. */
export function scriptedCluster(
  answers: Readonly<Record<string, readonly (Done | Promise<Done>)[]>> = {},
  has: readonly Ability[] = abilities,
): Scripted {
  const calls: string[] = [];
  const down = new Set<string>();
  const answer = async (call: string): Promise<Done> => {
    const script = answers[call] ?? [];
    const turn = calls.filter((before) => before === call).length;
    calls.push(call);
    return script[Math.min(turn, script.length - 1)] ?? { type: "done", evidence: `${call} was seen` };
  };
  const ending = (nodes: readonly string[], call: string): Promise<Done> => {
    for (const node of nodes) down.add(node);
    return answer(call);
  };
  const starting = async (node: string, call: string): Promise<Done> => {
    const started = await answer(call);
    if (started.type === "done") down.delete(node);
    return started;
  };
  return {
    calls,
    abilities: new Set(has),
    backends,
    addresses,
    tellUnexpectedEnds: () => {},
    isUp: (node) => !down.has(node),
    startAll: () => answer("startAll"),
    start: (node, { heapMb } = {}) =>
      starting(node, `start ${node}${heapMb === undefined ? "" : ` ${heapMb} MiB`}`),
    stop: (node) => ending([node], `stop ${node}`),
    kill: (node) => ending([node], `kill ${node}`),
    powerCut: (nodes, loss, seed) => ending(nodes, `power-cut ${nodes.join("/")} ${loss} ${seed}`),
    ...diskCalls(answer),
    exhaustFiles: (node) => answer(`exhaust files ${node}`),
    allowFiles: (node) => answer(`allow files ${node}`),
    limitCpu: (node, percent) => answer(`limit ${node} ${percent ?? "no more"}`),
    pause: (node) => answer(`pause ${node}`),
    resume: (node) => answer(`resume ${node}`),
    arm: (_, node, moment) => answer(`arm ${node} ${moment}`),
    awaitMoment: (node) => answer(`await ${node}`),
    disarm: (_, node) => answer(`disarm ${node}`),
    cut: (fault, grudge) =>
      answer(`cut ${fault}: ${grudge.map(({ from, to }) => `${from}→${to}`).join(" ")}`),
    mend: (fault) => answer(`mend ${fault}`),
    shapeLinks: (pairs, shape) => answer(`shape ${pairs.length} ${shape?.trouble ?? "none"}`),
    shiftClock: (node, offsetMs) => answer(`shift ${node} ${offsetMs}`),
    freezeClock: (node) => answer(`freeze ${node}`),
    join: (node) => answer(`join ${node}`),
    leave: (node) => answer(`leave ${node}`),
    membershipOf: (node) => answer(`membershipOf ${node}`),
    stopAll: async () => {},
  };
}

const diskCalls = (
  answer: (call: string) => Promise<Done>,
): Pick<Cluster, "troubleDisk" | "healDisk" | "damageDisk" | "mendDisk"> => ({
  troubleDisk: (node, trouble) => answer(`trouble ${node} ${trouble}`),
  healDisk: (node) => answer(`heal disk ${node}`),
  damageDisk: (node, damage, seed) => answer(`damage ${node} ${damage} ${seed}`),
  mendDisk: (node) => answer(`mend disk ${node}`),
});
