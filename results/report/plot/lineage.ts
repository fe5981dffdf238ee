/**
 * The lineage of an anomaly as a drawing: which version was made from which, who read what, and what is missing.
 *
 * Time runs to the right in a wide window and downwards in a narrow one, unless that would be the wider drawing. A
 * missing version is dashed, because it is the point of the picture.
 */
import type { Anomaly, LineageNode } from "../../../checkers/verdict.ts";
import { runTime } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { type Breadth, drawing, fitText, px, textWidth } from "./drawing.ts";
import { type LineageLayout, layOut, type PlacedEdge, type Slot } from "./lineage-layout.ts";

type Point = { readonly x: number; readonly y: number };

const boxHeight = 40;
const wayPointSize = 14;
const fontSize = 12;

/** Boxes by slot, in pixels, and the size of the whole. */
type Places = {
  /** Where time runs. */
  readonly direction: "right" | "down";
  readonly centre: (slot: Slot) => Point;
  readonly width: (slot: Slot) => number;
  readonly size: { readonly width: number; readonly height: number };
};

/** The drawing, as wide as it needs to be; `id` is unique on the page. */
export const lineageDrawing = (
  options: {
    readonly id: string;
    readonly title: string;
    readonly lineage: NonNullable<Anomaly["lineage"]>;
  },
  breadth: Breadth,
): Markup => {
  const layout = layOut(options.lineage);
  const places = breadth === "wide" ? widePlaces(layout) : narrowPlaces(layout);
  const withLabels = layout.edges.length <= 14;

  return drawing({
    id: options.id,
    breadth,
    size: places.size,
    title: options.title,
    description: descriptionOf(layout),
    content: html`${layout.edges.map((edge) => edgeLine(edge, places, withLabels))}${layout.layers.map(
      (layer) =>
        layer.map((slot) => slot.node !== null && box(slot.node, places.centre(slot), places.width(slot))),
    )}`,
  });
};

const descriptionOf = (layout: LineageLayout): string =>
  `${layout.edges.map(({ edge }) => `${edge.to} ${edge.kind} ${edge.from}: ${edge.because}`).join(" · ")}${
    layout.omittedCount > 0 ? ` · ${layout.omittedCount} more versions are not drawn.` : ""
  }`;

const boxWidth = (slot: Slot, most: number): number =>
  slot.node === null
    ? wayPointSize
    : Math.min(
        most,
        Math.max(slot.node.role === "missing" ? 112 : 76, textWidth(slot.node.label, fontSize) + 24),
      );

const wideBox = (slot: Slot): number => boxWidth(slot, 210);

const narrowBox = (slot: Slot): number => boxWidth(slot, 160);

/** As much air between columns as lets them fit; when none does, all of it. */
const widePlaces = (layout: LineageLayout): Places => {
  const roomy = columns(layout, wideBox, wideGap.most);
  const gapCount = Math.max(1, layout.layers.length - 1);
  const excess = Math.max(0, roomy.size.width - wideWidth) / gapCount;
  return wideGap.most - excess < wideGap.least ? roomy : columns(layout, wideBox, wideGap.most - excess);
};

/** Inside of an anomaly's card in a wide window. */
const wideWidth = 1_024;
/** The names of edges stand in the gaps. */
const wideGap = { least: 58, most: 84 };

/** Downwards when that fits, or is at least the less wide. */
const narrowPlaces = (layout: LineageLayout): Places => {
  const down = rows(layout);
  const across = columns(layout, narrowBox, 44);
  return down.size.width <= narrowWidth || down.size.width <= across.size.width ? down : across;
};

const narrowWidth = 358;

const columns = (layout: LineageLayout, width: (slot: Slot) => number, gap: number): Places => {
  const widths = layout.layers.map((layer) => Math.max(wayPointSize, ...layer.map(width)));
  const lefts = widths.map((_, index) => 8 + widths.slice(0, index).reduce((sum, one) => sum + one + gap, 0));
  const pitch = boxHeight + 18;
  const tallest = Math.max(1, ...layout.layers.map((layer) => layer.length));
  const height = tallest * pitch + 8;

  return {
    direction: "right",
    width,
    centre: (slot) => {
      const length = layout.layers[slot.layer]?.length ?? 1;
      return {
        x: (lefts[slot.layer] ?? 0) + (widths[slot.layer] ?? 0) / 2,
        y: height / 2 + (slot.order - (length - 1) / 2) * pitch,
      };
    },
    size: { width: (lefts.at(-1) ?? 8) + (widths.at(-1) ?? 0) + 8, height },
  };
};

const rows = (layout: LineageLayout): Places => {
  const gap = 14;
  const span = (layer: readonly Slot[]): number =>
    layer.reduce((sum, slot) => sum + narrowBox(slot) + gap, -gap);
  const whole = Math.max(340, ...layout.layers.map(span)) + 16;
  const pitch = boxHeight + 44;

  return {
    direction: "down",
    width: narrowBox,
    centre: (slot) => {
      const layer = layout.layers[slot.layer] ?? [];
      const before = layer.slice(0, slot.order).reduce((sum, other) => sum + narrowBox(other) + gap, 0);
      return {
        x: (whole - span(layer)) / 2 + before + narrowBox(slot) / 2,
        y: 8 + boxHeight / 2 + slot.layer * pitch,
      };
    },
    size: { width: whole, height: Math.max(1, layout.layers.length) * pitch - 28 },
  };
};

const box = (node: LineageNode, centre: Point, width: number): Markup =>
  html`<g class="version ${node.role}"><title>${node.label}${node.at !== undefined && ` at ${runTime(node.at)}`}</title><rect x="${px(centre.x - width / 2)}" y="${px(centre.y - boxHeight / 2)}" width="${px(width)}" height="${boxHeight}" rx="7"/><text class="middle" x="${px(centre.x)}" y="${px(node.at === undefined ? centre.y + 4.5 : centre.y - 2)}">${fitText(node.label, fontSize, width - 10)}</text>${
    node.at !== undefined &&
    html`<text class="version-time middle" x="${px(centre.x)}" y="${px(centre.y + 13)}">${node.role === "missing" ? "missing · " : ""}${runTime(node.at)}</text>`
  }</g>`;

const edgeLine = (placed: PlacedEdge, places: Places, withLabel: boolean): Markup => {
  const { direction } = places;
  const points = placed.path.map((slot, index): Point => {
    const centre = places.centre(slot);
    if (slot.node === null) return centre;
    const side = index === 0 ? 1 : -1;
    const gap = index === 0 ? 0 : 7;
    return direction === "right"
      ? { x: centre.x + side * (places.width(slot) / 2 + gap), y: centre.y }
      : { x: centre.x, y: centre.y + side * (boxHeight / 2 + gap) };
  });
  const first = points[0];
  const second = points[1];
  const tip = points.at(-1);
  if (first === undefined || second === undefined || tip === undefined) return html``;
  const label = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 };

  return html`<g class="edge"><title>${placed.edge.because}</title><path d="M${px(first.x)} ${px(first.y)}${points.slice(1).map((to, index) => curve(points[index] ?? to, to, direction))}"/>${arrow(tip, direction)}${
    withLabel &&
    html`<text class="edge-name middle" x="${px(label.x)}" y="${px(label.y - (direction === "right" ? 5 : -4))}">${fitText(placed.edge.kind, 10.5, 78)}</text>`
  }</g>`;
};

/** A curve that leaves and arrives along the direction of time. */
const curve = (from: Point, to: Point, direction: Places["direction"]): Markup => {
  const middle = direction === "right" ? (from.x + to.x) / 2 : (from.y + to.y) / 2;
  return direction === "right"
    ? html`C${px(middle)} ${px(from.y)} ${px(middle)} ${px(to.y)} ${px(to.x)} ${px(to.y)}`
    : html`C${px(from.x)} ${px(middle)} ${px(to.x)} ${px(middle)} ${px(to.x)} ${px(to.y)}`;
};

const arrow = (tip: Point, direction: Places["direction"]): Markup =>
  direction === "right"
    ? html`<path class="arrow" d="M${px(tip.x + 6)} ${px(tip.y)}l-8 -4v8z"/>`
    : html`<path class="arrow" d="M${px(tip.x)} ${px(tip.y + 6)}l-4 -8h8z"/>`;
