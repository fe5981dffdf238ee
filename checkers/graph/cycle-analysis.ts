/**
 * From the graph of a whole history to the anomalies in it: components, the classes of each, a shortest witness of
 * every class. Many components of one class are all counted, a few are explained.
 */
import { type Anomaly, anomalyLimit } from "../verdict.ts";
import { outEdgesOf } from "./component-graph.ts";
import { cyclicParts, type Part } from "./components.ts";
import { shortestCycle } from "./cycle.ts";
import { cycleClasses, defaultLimits } from "./cycle-class.ts";
import type { DependencyGraph } from "./dependency-graph.ts";
import { explainCycle, type Narrator } from "./explanation.ts";

export type CycleReport = {
  readonly anomalies: readonly Anomaly[];
  /** Anomaly -> number of components that hold it. */
  readonly counts: ReadonlyMap<string, number>;
  readonly componentCount: number;
  /** Transactions in the largest component. */
  readonly largestComponent: number;
  /** False when a component was so large that G-single was not decided in it. */
  readonly isComplete: boolean;
};

const anyKind = 0xffff;

export const findCycles = (
  graph: DependencyGraph,
  narrator: Narrator,
  limits: typeof defaultLimits = defaultLimits,
): CycleReport => {
  const counts = new Map<string, number>();
  const anomalies: Anomaly[] = [];
  let componentCount = 0;
  let largestComponent = 0;
  let isComplete = true;
  for (const part of cyclicParts(graph, anyKind)) {
    componentCount++;
    largestComponent = Math.max(largestComponent, part.graph.transactionCount);
    const { classes, isComplete: isDecided } = cycleClasses(part.graph, limits);
    isComplete &&= isDecided;
    for (const { name } of classes) counts.set(name, (counts.get(name) ?? 0) + 1);
    const untold = classes.filter(({ name }) => (counts.get(name) ?? 0) <= anomalyLimit);
    anomalies.push(...explained(part, untold, narrator));
  }
  return { anomalies, counts, componentCount, largestComponent, isComplete };
};

const explained = (
  part: Part,
  classes: ReturnType<typeof cycleClasses>["classes"],
  narrator: Narrator,
): readonly Anomaly[] => {
  if (classes.length === 0) return [];
  const outEdges = outEdgesOf(part);
  const nodes = { numbers: part.nodes, transactionCount: part.graph.transactionCount };
  return classes.map((wanted) => explainCycle(shortestCycle(wanted, outEdges, nodes), narrator));
};
