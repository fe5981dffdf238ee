/**
 * Small multiples: a panel a node and operation, over time, all on the same two axes, so that the node that is slow
 * alone stands out, and a fault can be followed down a column.
 *
 * A page has room for so many nodes; those that had the most requests spoilt are drawn, the others are named.
 */
import { count } from "../../units.ts";
import { type NodeFigures, type OperationFigures, panelNodes } from "../figures.ts";
import { html, type Markup } from "../markup.ts";
import { horizontalAxis, limitLine, verticalAxis } from "../plot/axes.ts";
import { type Band, bandAreas } from "../plot/band.ts";
import { type Breadth, bothBreadths, chartFrame, drawing, type Frame } from "../plot/drawing.ts";
import { dots, lines } from "../plot/line-chart.ts";
import { rug } from "../plot/rug.ts";
import { timeScale } from "../plot/scale.ts";
import type { Subject } from "../subject.ts";
import { latencyScale } from "./latency.ts";

/** Pixels of the page, and between two panels. */
const pageWidth = 1_080;
const gap = 14;

const spoilt = (one: NodeFigures): number => one.slowCount + one.badCount;

/** The nodes that are drawn, in the order of the run, and those that are not. */
export const drawnNodes = (
  nodes: readonly NodeFigures[],
): { readonly drawn: readonly NodeFigures[]; readonly named: readonly NodeFigures[] } => {
  const chosen = new Set(nodes.toSorted((one, other) => spoilt(other) - spoilt(one)).slice(0, panelNodes));
  return {
    drawn: nodes.filter((one) => chosen.has(one)),
    named: nodes.filter((one) => !chosen.has(one)),
  };
};

/** One grid: `id` is the first part of its drawings' ids, and `means` says what a panel's node did: "asked of". */
type Grid = { readonly id: string; readonly means: string };

type Row = { readonly node: string; readonly operations: readonly OperationFigures[] };

/** A row a node and a column an operation; where there is one operation, three nodes a row. */
export const panelGrid = (subject: Subject, grid: Grid, rows: readonly Row[]): Markup => {
  const kinds = columnsOf(rows.flatMap(({ operations }) => operations));
  const columns = kinds.length === 2 ? 2 : 3;
  const panels = rows.flatMap(({ node, operations }, row) =>
    kinds.map((kind) => {
      const of = operations.find(({ operation }) => operation === kind);
      // Nothing keeps its place, so that an operation stays in its column.
      if (of === undefined) return html`<div></div>`;
      const title = `${kind} ${grid.means} ${node}`;
      return panel(subject, { node, of, title, id: `${grid.id}-${row + 1}-${kind}`, columns });
    }),
  );
  return html`<div class="multiples of-${columns}">${panels}</div>`;
};

/** Fewer requests of an operation, at every node, make no column; the table below has them. */
const requestsWanted = 30;

/** Where nothing was asked for often enough, all that was asked for. */
const columnsOf = (all: readonly OperationFigures[]): readonly OperationFigures["operation"][] => {
  const having = (least: number) =>
    (["get", "put", "delete"] as const).filter((kind) =>
      all.some(({ operation, okCount, badCount }) => operation === kind && okCount + badCount >= least),
    );
  const often = having(requestsWanted);
  return often.length > 0 ? often : having(0);
};

type Panel = {
  readonly node: string;
  readonly of: OperationFigures;
  readonly title: string;
  readonly id: string;
  readonly columns: number;
};

const panel = (subject: Subject, one: Panel): Markup => {
  const { operation, okCount, slowCount, badCount } = one.of;
  const slow = slowCount > 0 ? ` (${count(slowCount)} slow)` : "";
  const sentence = `${count(okCount)} ok${slow}${badCount > 0 ? `, ${count(badCount)} not` : ""}`;

  return html`<figure><figcaption><b>${one.node}</b> ${operation} <span class="quiet">${sentence}</span></figcaption>${bothBreadths(
    (breadth) => {
      const frame = frameOf(breadth, one.columns);
      return drawing({
        id: one.id,
        breadth,
        size: frame,
        title: one.title,
        description: sentence,
        content: content(subject, frame, one),
      });
    },
  )}</figure>`;
};

const frameOf = (breadth: Breadth, columns: number): Frame => {
  const frame = chartFrame(breadth, { height: 92, top: 8, bottom: 24 });
  if (breadth === "narrow") return frame;
  const width = Math.floor((pageWidth - gap * (columns - 1)) / columns);
  return { ...frame, width, left: 46, right: width - 8 };
};

const content = (subject: Subject, frame: Frame, { node, of: { course } }: Panel): Markup => {
  const { until, panelUs } = subject.figures;
  const time = timeScale({
    domain: [0, until],
    range: [frame.left, frame.right],
    tickCount: frame.width > 400 ? 6 : 4,
  });
  const y = latencyScale(subject, frame);
  const middle = (place: number): number => Math.min(until, (place + 0.5) * panelUs);
  const points = (values: readonly (number | null)[]) =>
    values.map((value, place) => ({ x: middle(place), y: value }));
  const badAt = course.bad.flatMap((value, place) => (value > 0 ? [middle(place)] : []));

  return html`${bandAreas(frame, time, bandsFor(subject, node))}${verticalAxis(frame, y)}${
    subject.limit !== null && limitLine(frame, y.at(subject.limit.ms))
  }${dots(time, y, { style: "slowest", points: points(course.max) })}${lines(time, y, [
    { style: "p90", points: points(course.p90) },
    { style: "p50", points: points(course.p50) },
  ])}${rug(frame, time, badAt)}${horizontalAxis(frame, time)}`;
};

/** Faults of this node are shaded as everywhere, those of others like a recovery; windows of recovery are left out. */
const bandsFor = (subject: Subject, node: string): readonly Band[] => {
  const own = new Set(
    subject.record.faults.filter(({ nodes }) => nodes.includes(node)).map(({ activeAt }) => activeAt),
  );
  return subject.bands
    .filter(({ kind }) => kind === "fault")
    .map(
      (band): Band => ({
        ...band,
        kind: own.has(band.from) ? "fault" : "recovery",
        // The whole sentence stands at the larger charts; there are many panels.
        explanation: band.labels[1] ?? "",
      }),
    );
};
