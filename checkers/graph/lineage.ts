/**
 * The part of a key's version graph that tells one anomaly: the version that is missing, what it was built on, and
 * the shortest chains from there to the versions that the reads returned, which are the branch that went past it.
 *
 * The neighbourhood is gathered backwards from what was read, the chains are found in a graphology graph, and only
 * what lies on them is kept, so that a lineage can be drawn on a page.
 */
import { DirectedGraph } from "graphology";
import { bidirectional } from "graphology-shortest-path/unweighted.js";
import type { History } from "../history/history.ts";
import type { LineageEdge, LineageNode } from "../verdict.ts";
import type { KeyDag } from "./version-dag.ts";

export type Lineage = { readonly nodes: readonly LineageNode[]; readonly edges: readonly LineageEdge[] };

/** Versions looked at around an anomaly, and kept of each chain. */
export const neighbourhoodMax = 400;
const chainMax = 8;
const seenMax = 4;

type NodeLabel = { readonly label: string; readonly role: LineageNode["role"]; readonly at: number };
type EdgeLabel = { readonly kind: string; readonly because: string };
type VersionGraph = DirectedGraph<NodeLabel, EdgeLabel>;

/** `missing` and `seen` are versions; those of other keys or of no write are left out. */
export const lineageOf = (
  history: History,
  dag: KeyDag,
  { missing, seen }: { readonly missing: number; readonly seen: readonly number[] },
): Lineage => {
  const whole = neighbourhoodOf(history, dag, [missing, ...seen.slice(0, seenMax)]);
  const name = history.written.name(missing);
  if (whole.hasNode(name)) whole.setNodeAttribute(name, "role", "missing");
  const kept = new Set([name, ...parentsIn(whole, name)]);
  for (const end of seen.slice(0, seenMax)) {
    for (const node of chainTo(whole, name, history.written.name(end))) kept.add(node);
  }
  for (const node of whole.nodes()) if (!kept.has(node)) whole.dropNode(node);
  return lineageIn(whole);
};

const neighbourhoodOf = (history: History, dag: KeyDag, starts: readonly number[]): VersionGraph => {
  const graph: VersionGraph = new DirectedGraph();
  const waiting: number[] = [];
  const enter = (position: number): void => {
    const version = dag.versions[position];
    if (version === undefined || graph.hasNode(history.written.name(version))) return;
    graph.addNode(history.written.name(version), labelOf(history, version));
    waiting.push(position);
  };
  for (const start of starts) enter(dag.position(start));
  for (let next = 0; next < waiting.length && next < neighbourhoodMax; next++) {
    const position = waiting[next] ?? 0;
    const child = history.written.name(dag.versions[position] ?? -1);
    for (const parent of dag.parents(position)) {
      enter(parent);
      const parentName = history.written.name(dag.versions[parent] ?? -1);
      const because = `${child} names ${parentName} among the versions it was built on`;
      if (parentName !== child && !graph.hasEdge(parentName, child)) {
        graph.addEdge(parentName, child, { kind: "built-on", because });
      }
    }
  }
  return graph;
};

const labelOf = (history: History, version: number): NodeLabel => {
  const row = history.written.row(version);
  const request = history.requests.request(row);
  return {
    label: `${history.written.name(version)} by p${request.process}`,
    role: request.kind === "delete" ? "delete" : "write",
    at: request.sent,
  };
};

const parentsIn = (graph: VersionGraph, node: string): string[] =>
  graph.hasNode(node) ? graph.inNeighbors(node).slice(0, chainMax) : [];

/** From a parent of the missing version, or else from a root, to a version that was read. */
const chainTo = (graph: VersionGraph, missing: string, end: string): string[] => {
  if (!graph.hasNode(end)) return [];
  for (const parent of parentsIn(graph, missing)) {
    const chain = bidirectional(graph, parent, end);
    if (chain !== null) return shortened(chain);
  }
  return [end, ...parentsIn(graph, end)];
};

/** Both ends of a chain that is too long to draw. */
const shortened = (chain: readonly string[]): string[] =>
  chain.length <= chainMax
    ? [...chain]
    : [...chain.slice(0, chainMax / 2), ...chain.slice(chain.length - chainMax / 2)];

const lineageIn = (graph: VersionGraph): Lineage => ({
  nodes: graph
    .mapNodes((id, { label, role, at }) => ({ id, label, role, at }))
    .toSorted((a, b) => a.at - b.at),
  edges: graph.mapEdges((_, { kind, because }, from, to) => ({ from, to, kind, because })),
});
