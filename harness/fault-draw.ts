/**
 * What chance decides of a fault, drawn from the seed when the plan is made. Each fault has a stream of its own, so
 * that taking one out of a plan leaves the others as they were.
 */
import type { NodeName } from "../checkers/history/event.ts";
import { streamOf } from "../workloads/generator/stream.ts";
import type { Stream } from "../workloads/workload.ts";
import type { FaultKind, FaultPlan, PartitionShape } from "./nemesis/nemesis.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** A fault as a user asks for it: the kind, and for a partition its shape if it matters. */
export type FaultRequest = { readonly kind: FaultKind; readonly shape?: PartitionShape };

const kinds: readonly FaultKind[] = ["kill", "pause", "partition", "clock"];
const shapes: readonly PartitionShape[] = ["isolate-one", "halves", "bridge", "one-way"];

/** Jumps worth seeing: leap-second class to a wrong day, either way (ms). */
const clockJumpsMs = [-86_400_000, -3_600_000, -288_000, 288_000, 3_600_000, 86_400_000] as const;

const pick = <T>(stream: Stream, items: readonly [T, ...T[]]): T =>
  items[stream.integer(0, items.length - 1)] ?? items[0];

const shuffled = (stream: Stream, nodes: readonly NodeName[]): NodeName[] =>
  nodes
    .map((node) => ({ node, order: stream.uniform() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ node }) => node);

/** `kill`, `partition`, `partition:bridge` …, separated by commas; "none" or "" for no fault at all. */
export function parseFaults(text: string): readonly FaultRequest[] | Refusal {
  if (text === "" || text === "none") return [];
  const requests: FaultRequest[] = [];
  for (const word of text.split(",").map((part) => part.trim())) {
    const [kindText, shapeText] = word.split(":");
    const kind = kinds.find((known) => known === kindText);
    const shape = shapes.find((known) => known === shapeText);
    if (kind === undefined) {
      return refuse("usage", `--faults: "${word}" is no fault; known are ${kinds.join(", ")}.`);
    }
    if (shapeText !== undefined && (kind !== "partition" || shape === undefined)) {
      return refuse("usage", `--faults: "${word}"; only partition takes a shape, one of ${shapes.join(", ")}.`);
    }
    requests.push(shape === undefined ? { kind } : { kind, shape });
  }
  return requests;
}

/** The `index`-th fault of a plan, its victims and its size drawn from the seed. */
export function drawFault(draw: {
  readonly request: FaultRequest;
  readonly index: number;
  readonly seed: number;
  readonly nodes: readonly NodeName[];
}): FaultPlan {
  const { request, index, seed, nodes } = draw;
  const stream = streamOf(seed, `fault ${index}`);
  const id = `${index + 1} ${request.kind}`;
  const order = shuffled(stream, nodes);
  const victim = order.slice(0, 1);
  switch (request.kind) {
    case "kill":
      return { id, kind: "kill", nodes: victim };
    case "pause":
      return { id, kind: "pause", nodes: victim };
    case "clock":
      return { id, kind: "clock", nodes: victim, offsetMs: pick(stream, clockJumpsMs) };
    case "partition": {
      const shape = request.shape ?? pick(stream, ["isolate-one", "halves", "bridge", "one-way"]);
      return { id, kind: "partition", shape, nodes: order };
    }
  }
}
