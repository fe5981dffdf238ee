/**
 * Anomalies as a Graphviz graph, one cluster each: what happened as boxes, and between them who came before whom and
 * why. Text only; who lays it out is not known here.
 */
import type { Anomaly, LineageNode } from "../checkers/verdict.ts";
import { visibleLine } from "./visible-text.ts";

/** Characters of a label's line. */
const lineLength = 48;

/** A digraph in Graphviz' language; anomalies without lineage are left out. Undefined when none has one. */
export const anomalyDrawing = (anomalies: readonly Anomaly[]): string | undefined => {
  const clusters = anomalies.flatMap((anomaly, index) => clusterOf(anomaly, `a${index}`) ?? []);
  if (clusters.length === 0) return undefined;
  const style = ['  node [shape=box, fontname="sans-serif"];', '  edge [fontname="sans-serif"];'];
  return ["digraph anomalies {", "  rankdir=LR;", ...style, ...clusters, "}", ""].join("\n");
};

const clusterOf = ({ type, sentence, lineage }: Anomaly, prefix: string): string | undefined => {
  if (lineage === undefined || lineage.nodes.length === 0) return undefined;
  const ids = new Map(lineage.nodes.map(({ id }, index) => [id, `${prefix}_${index}`]));
  return [
    `  subgraph cluster_${prefix} {`,
    `    label=${quoted(`${type}: ${sentence}`)};`,
    ...lineage.nodes.map(
      (node) => `    ${ids.get(node.id)} [label=${quoted(`${node.id}\n${node.label}`)}${styleOf(node)}];`,
    ),
    ...lineage.edges.flatMap(({ from, to, kind, because }) => {
      const [source, target] = [ids.get(from), ids.get(to)];
      if (source === undefined || target === undefined) return [];
      return [`    ${source} -> ${target} [label=${quoted(kind)}, tooltip=${quoted(because)}];`];
    }),
    "  }",
  ].join("\n");
};

const styles: Readonly<Record<LineageNode["role"], string>> = {
  write: "",
  read: ", style=rounded",
  delete: ", style=dashed",
  missing: ', style=bold, color="#b00020"',
};

const styleOf = ({ role }: LineageNode): string => styles[role];

/** A quoted string of the language, folded; what cannot be seen is made visible first. */
const quoted = (text: string): string => {
  const lines = text.split("\n").flatMap((line) => folded(visibleLine(line)));
  return `"${lines.map((line) => line.replaceAll("\\", "\\\\").replaceAll('"', '\\"')).join("\\n")}"`;
};

const folded = (line: string): readonly string[] => {
  const lines = [""];
  for (const word of line.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length >= lineLength) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
};
