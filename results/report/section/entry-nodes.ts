/**
 * The same latencies by the node through which a request entered, one small chart each on a common scale: a node
 * that is slow alone stands out.
 */

import { count, counted, milliseconds } from "../../units.ts";
import type { NodeFigures, OperationFigures } from "../figures.ts";
import { html, type Markup } from "../markup.ts";
import { horizontalAxis, verticalAxis } from "../plot/axes.ts";
import { bandAreas } from "../plot/band.ts";
import { drawing, type Frame } from "../plot/drawing.ts";
import { dots, lines } from "../plot/line-chart.ts";
import { timeScale } from "../plot/scale.ts";
import type { Subject } from "../subject.ts";
import { hotKeys } from "./hot-keys.ts";
import { latencyScale } from "./latency.ts";
import { legend } from "./legend.ts";

export const entryNodes = (subject: Subject): Markup | null => {
  const { nodes } = subject.figures;
  if (nodes.length === 0) return null;

  return html`<section id="nodes" aria-labelledby="nodes-title">
<h2 id="nodes-title">By entry node</h2>
<p class="lead">Requests by the node that a client asked first. A faulted node's own clients go elsewhere after their first attempt; what they waited for it is counted.</p>
${legend([
  ...(["p50", "p90"] as const)
    .filter((name) => nodes.some((node) => node[name].some((ms) => ms !== null)))
    .map((name) => [`line ${name}`, name] as const),
  ["dot slowest", "slowest"],
])}
<div class="multiples">${nodes.map((node, index) => nodeChart(subject, node, index))}</div>
${nodeTable(nodes)}
${hotKeys(subject)}
</section>`;
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

type NamedFigures = Omit<OperationFigures, "operation"> & { readonly name: string };

const figuresTable = (label: string, rows: readonly NamedFigures[]): Markup =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="figures"><thead><tr><th scope="col">Entry node</th><th scope="col">ok</th><th scope="col">slow</th><th scope="col">failed or unknown</th><th scope="col">p50 ms</th><th scope="col">p90 ms</th><th scope="col">p99 ms</th><th scope="col">p99.9 ms</th><th scope="col">slowest ms</th></tr></thead><tbody>${rows.map(
    ({ name, okCount, slowCount, badCount, latencyMs: of }) =>
      html`<tr><th scope="row">${name}</th>${[okCount, slowCount, badCount].map((value) => html`<td class="${value === 0 ? "zero" : ""}">${count(value)}</td>`)}${[of.p50, of.p90, of.p99, of.p999, of.max].map((ms) => html`<td>${milliseconds(ms)}</td>`)}</tr>`,
  )}</tbody></table></div>`;

const frame: Frame = { width: 350, height: 150, left: 46, right: 344, top: 10, bottom: 126 };

const nodeChart = (subject: Subject, node: NodeFigures, index: number): Markup => {
  const time = timeScale({
    domain: [0, subject.figures.until],
    range: [frame.left, frame.right],
    tickCount: 4,
  });
  const y = latencyScale(subject, frame);
  const middles = subject.figures.intervals.map((one) => (one.from + one.until) / 2);
  const points = (values: readonly (number | null)[]) =>
    middles.map((x, at) => ({ x, y: values[at] ?? null }));
  const own = new Set(
    subject.record.faults.filter((fault) => fault.nodes.includes(node.node)).map((fault) => fault.activeAt),
  );
  const bands = subject.bands.filter((band) => band.kind === "fault" && own.has(band.from));
  const sentence = `${counted(node.okCount, "request")} acknowledged, ${counted(node.badCount, "other")}`;

  return html`<figure><figcaption><b>${node.node}</b> <span class="quiet">${sentence}</span></figcaption>${drawing(
    {
      id: `node-${index + 1}`,
      breadth: "any",
      size: frame,
      title: `Latency through ${node.node}`,
      description: sentence,
      content: html`${bandAreas(frame, time, bands)}${verticalAxis(frame, y)}${dots(time, y, { style: "slowest", points: points(node.max) })}${lines(
        time,
        y,
        [
          { style: "p50", points: points(node.p50) },
          { style: "p90", points: points(node.p90) },
        ],
      )}${horizontalAxis(frame, time)}`,
    },
  )}</figure>`;
};
