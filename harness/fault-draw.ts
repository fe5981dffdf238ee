/**
 * From the faults a user asks for to the faults of a plan: who is hit and how hard is drawn from the seed when the
 * plan is made. Each fault has a stream of its own, so that taking one out leaves the others as they were.
 *
 * The notation, one window after another, separated by commas:
 *
 *   kill   pause@n2   partition:one-way   partition:halves@n1/n2+kill@n1   clock:+1d   power-cut:torn@all
 *   disk:full@n2
 *   join@n6+kill   leave@n6
 *
 * `+` puts several faults into one window; each begins its share of the window after the one before, and all end
 * together.
 */
import type { NodeName } from "../checkers/history/event.ts";
import { type Stream, streamOf } from "../workloads/generator/stream.ts";

import { type DiskTrouble, diskTroubles } from "./cluster/disk-trouble.ts";
import { drawnLosses, type PowerLoss, powerLosses } from "./cluster/undo-journal.ts";
import type { FaultKind, FaultPlan, PartitionShape } from "./nemesis/nemesis.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** A fault as a user asks for it. What is left open is drawn. */
export type FaultRequest = {
  readonly kind: FaultKind;
  readonly shape?: PartitionShape;
  readonly offsetMs?: number;
  readonly loss?: PowerLoss;
  readonly trouble?: DiskTrouble;
  /** The victims, or "all"; of a partition the nodes that come first in its order of sides. */
  readonly nodes?: readonly NodeName[];
};

/** The faults of one window, at least one. */
export type FaultWindow = readonly FaultRequest[];

/** In place of a list of nodes. */
export const everyNode = "all";

const kinds: readonly FaultKind[] = [
  "kill",
  "pause",
  "partition",
  "clock",
  "power-cut",
  "disk",
  "join",
  "leave",
];
const shapes: readonly PartitionShape[] = ["isolate-one", "halves", "bridge", "one-way"];
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Jumps worth seeing, either way: from what NTP steps over to a wrong day (ms). */
const clockJumpsMs = [-86_400_000, -3_600_000, -288_000, 288_000, 3_600_000, 86_400_000] as const;

const pick = <T>(stream: Stream, items: readonly [T, ...T[]]): T =>
  items[stream.integer(0, items.length - 1)] ?? items[0];

const shuffled = (stream: Stream, nodes: readonly NodeName[]): NodeName[] =>
  nodes
    .map((node) => ({ node, order: stream.uniform() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ node }) => node);

/** "+1d", "-288s", "250ms" in ms; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const parts = /^([+-]?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = parts?.[2] === undefined ? undefined : unitMs[parts[2]];
  return parts?.[1] === undefined || unit === undefined ? undefined : Math.round(Number(parts[1]) * unit);
}

function parseFault(word: string): FaultRequest | Refusal {
  const [what = "", nodeText] = word.split("@");
  const [kindText, detail] = what.split(":");
  const kind = kinds.find((known) => known === kindText);
  if (kind === undefined) {
    return refuse("usage", `--faults: "${word}" is no fault; known are ${kinds.join(", ")}, or none.`);
  }
  const nodes = nodeText === undefined ? {} : { nodes: nodeText.split("/") };
  if (detail === undefined) return { kind, ...nodes };
  const shape = shapes.find((known) => known === detail);
  if (kind === "partition" && shape !== undefined) return { kind, shape, ...nodes };
  const loss = powerLosses.find((known) => known === detail);
  if (kind === "power-cut" && loss !== undefined) return { kind, loss, ...nodes };
  const trouble = diskTroubles.find((known) => known === detail);
  if (kind === "disk" && trouble !== undefined) return { kind, trouble, ...nodes };
  const offsetMs = parseDuration(detail);
  if (kind === "clock" && offsetMs !== undefined) return { kind, offsetMs, ...nodes };
  return refuse(
    "usage",
    `--faults: "${word}"; partition takes one of ${shapes.join(", ")}, clock an offset such as +1d or -288s, power-cut one of ${powerLosses.join(", ")}, disk one of ${diskTroubles.join(", ")}.`,
  );
}

/** The windows that `text` asks for; "none" or "" for no fault at all. */
export function parseFaults(text: string): readonly FaultWindow[] | Refusal {
  if (text === "" || text === "none") return [];
  const windows: FaultWindow[] = [];
  for (const windowText of text.split(",")) {
    const window: FaultRequest[] = [];
    // A `+` before a digit is the sign of an offset.
    for (const word of windowText.split(/\+(?=[a-z])/)) {
      const fault = parseFault(word.trim());
      if ("type" in fault) return fault;
      window.push(fault);
    }
    windows.push(window);
  }
  return windows;
}

/** `windows` as `parseFaults` reads them. */
export function faultNotation(windows: readonly FaultWindow[]): string {
  if (windows.length === 0) return "none";
  return windows.map((window) => window.map(notationOf).join("+")).join(",");
}

function notationOf({ kind, shape, offsetMs, loss, trouble, nodes }: FaultRequest): string {
  const detail = shape ?? loss ?? trouble ?? (offsetMs === undefined ? undefined : `${offsetMs}ms`);
  return [
    kind,
    detail === undefined ? "" : `:${detail}`,
    nodes === undefined ? "" : `@${nodes.join("/")}`,
  ].join("");
}

/** The fault called `id`, its victims and its size drawn from the stream of that name. */
export function drawFault(draw: {
  readonly request: FaultRequest;
  readonly id: string;
  readonly seed: number;
  /** Who belongs when it begins. */
  readonly nodes: readonly NodeName[];
}): FaultPlan {
  const { request, id, seed, nodes } = draw;
  const stream = streamOf(seed, `fault ${id}`);
  const chosen = request.nodes?.includes(everyNode) ? nodes : (request.nodes ?? []);
  const order = [...chosen, ...shuffled(stream, nodes).filter((node) => !chosen.includes(node))];
  const victims = request.nodes === undefined ? order.slice(0, 1) : chosen;
  switch (request.kind) {
    case "kill":
      return { id, kind: "kill", nodes: victims };
    case "pause":
      return { id, kind: "pause", nodes: victims };
    case "join":
      return { id, kind: "join", nodes: victims };
    case "leave":
      return { id, kind: "leave", nodes: victims };
    case "clock":
      return { id, kind: "clock", nodes: victims, offsetMs: request.offsetMs ?? pick(stream, clockJumpsMs) };
    case "disk":
      return { id, kind: "disk", nodes: victims, trouble: request.trouble ?? pick(stream, diskTroubles) };
    case "power-cut": {
      const loss = request.loss ?? pick(stream, drawnLosses);
      return { id, kind: "power-cut", nodes: victims, loss, lossSeed: stream.integer(0, 2 ** 30) };
    }
    case "partition": {
      const shape = request.shape ?? pick(stream, ["isolate-one", "halves", "bridge", "one-way"]);
      return { id, kind: "partition", shape, nodes: order };
    }
  }
}
