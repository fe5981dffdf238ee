/** The same requests by node: as the one that a client asked first, and, of writes, as the one that coordinated them. */

import { count, milliseconds, quantileName } from "../../units.ts";
import type { NodeFigures, OperationFigures } from "../figures.ts";
import { html, type Markup } from "../markup.ts";
import type { Subject } from "../subject.ts";
import { hotKeys } from "./hot-keys.ts";
import { legend } from "./legend.ts";
import { drawnNodes, panelGrid } from "./node-panels.ts";

export const entryNodes = (subject: Subject): Markup | null => {
  const { nodes } = subject.figures;
  if (nodes.length === 0) return null;
  const { drawn, named } = drawnNodes(nodes);

  return html`<section id="nodes" aria-labelledby="nodes-title">
<h2 id="nodes-title">By node</h2>
<p class="lead">Requests by the node that a client asked first, each operation on its own, all on the same axes. A faulted node's own clients go elsewhere after their first attempt; what they waited for it is counted. Shaded: a fault of this node; lighter: one of another.</p>
${panelLegend(subject)}
${panelGrid(subject, { id: "asked", means: "asked of" }, drawn)}
${
  named.length > 0 &&
  html`<p class="quiet">Not drawn, because they had fewer slow or failed requests: ${named.map(({ node }) => node).join(", ")}.</p>`
}
${nodeTable(nodes)}
${coordinators(subject, drawn)}
${hotKeys(subject)}
</section>`;
};

const panelLegend = ({ figures, limit }: Subject): Markup => {
  const all = figures.nodes.flatMap(({ operations }) => operations);
  return legend([
    ...(["p50", "p90"] as const)
      .filter((name) => all.some(({ course }) => course[name].some((ms) => ms !== null)))
      .map((name) => [`line ${name}`, `${name} over ${figures.panelUs / 1e6} s`] as const),
    ["dot slowest", "slowest"],
    ...(all.some(({ course }) => course.bad.some((value) => value > 0))
      ? [["box bad", "some were slow, failed or unknown"] as const]
      : []),
    ...(limit === null
      ? []
      : [["line limit", `${quantileName(limit.quantile)} limit ${count(limit.ms)} ms`] as const]),
  ]);
};

/** Nothing where nobody told who has copies. */
const coordinators = (subject: Subject, drawn: readonly NodeFigures[]): Markup | null => {
  const rows = drawn
    .filter(({ coordinated }) => coordinated.length > 0)
    .map(({ node, coordinated }) => ({ node, operations: coordinated }));
  if (rows.length === 0) return null;
  return html`<h3 class="apart">By the node that coordinated a write</h3>
<p class="lead">Whichever node was asked, one of them coordinates a write and sends it to the others. Which one is known of acknowledged writes only.</p>
${panelGrid(subject, { id: "coordinated", means: "coordinated by" }, rows)}`;
};

const nodeTable = (nodes: readonly NodeFigures[]): Markup =>
  html`${figuresTable(
    "Service level by entry node",
    nodes.map((one) => ({ name: one.node, ...one })),
  )}<details class="numbers"><summary>Each operation on its own</summary>${figuresTable(
    "Service level by entry node and operation",
    nodes.flatMap(({ node, operations }) =>
      operations.map((one) => ({ name: `${node}, ${one.operation}`, ...one })),
    ),
  )}</details>`;

type NamedFigures = Omit<OperationFigures, "operation" | "course"> & { readonly name: string };

const figuresTable = (label: string, rows: readonly NamedFigures[]): Markup =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="figures"><thead><tr><th scope="col">Entry node</th><th scope="col">ok</th><th scope="col">slow</th><th scope="col">failed or unknown</th><th scope="col">p50 ms</th><th scope="col">p90 ms</th><th scope="col">p99 ms</th><th scope="col">p99.9 ms</th><th scope="col">slowest ms</th></tr></thead><tbody>${rows.map(
    ({ name, okCount, slowCount, badCount, latencyMs: of }) =>
      html`<tr><th scope="row">${name}</th>${[okCount, slowCount, badCount].map((value) => html`<td class="${value === 0 ? "zero" : ""}">${count(value)}</td>`)}${[of.p50, of.p90, of.p99, of.p999, of.max].map((ms) => html`<td>${milliseconds(ms)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
