/**
 * One strongly connected component as a graphology graph: what is searched for cycles, explained, drawn and
 * exported (`graph.export()`). A node is a number within the component; its attribute `number` is the one in the
 * whole graph, and `isTransaction` is false for auxiliary nodes. A pair of nodes may have an edge of each kind.
 */
import { MultiDirectedGraph } from "graphology";
import type { Part } from "./components.ts";
import type { OutEdges } from "./cycle.ts";
import { edgeName } from "./edge-kind.ts";
import { cell } from "./integers.ts";

export type ComponentNode = { readonly number: number; readonly isTransaction: boolean };
export type ComponentEdge = { readonly kind: number; readonly name: string };
export type ComponentGraph = MultiDirectedGraph<ComponentNode, ComponentEdge>;

/** Larger components are searched in the typed arrays themselves; graphology needs about a kilobyte an edge. */
export const componentNodeLimit = 20_000;

export const componentGraph = ({ graph, nodes }: Part): ComponentGraph => {
  const component: ComponentGraph = new MultiDirectedGraph<ComponentNode, ComponentEdge>();
  for (const [place, number] of nodes.entries())
    component.addNode(place, { number, isTransaction: place < graph.transactionCount });
  for (let tail = 0; tail < graph.nodeCount; tail++) {
    for (let edge = cell(graph.starts, tail); edge < cell(graph.starts, tail + 1); edge++) {
      const kind = cell(graph.kinds, edge);
      component.addDirectedEdge(tail, cell(graph.targets, edge), { kind, name: edgeName(kind) });
    }
  }
  return component;
};

/** How a cycle search walks the component: through graphology, or through the rows when it is too large for it. */
export const outEdgesOf = (part: Part): OutEdges => {
  const { graph } = part;
  if (graph.nodeCount > componentNodeLimit) {
    return (node, visit) => {
      for (let edge = cell(graph.starts, node); edge < cell(graph.starts, node + 1); edge++)
        visit(cell(graph.targets, edge), cell(graph.kinds, edge));
    };
  }
  const component = componentGraph(part);
  return (node, visit) =>
    component.forEachOutEdge(node, (_edge, { kind }, _source, target) => visit(Number(target), kind));
};
