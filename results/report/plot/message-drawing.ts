/**
 * A message diagram as a drawing: a line a process, time downwards, and what happened at each moment as text, to the
 * left of the lines in a wide window and above its messages in a narrow one.
 */

import { preciseRunTime } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import type { Arrow, MessageDiagram, Wait } from "../message-diagram.ts";
import { drawing, fitText, px, textWidth } from "./drawing.ts";

/** Pixels: of the card that the drawing stands in, of text beside the lines, of a line at least, and of a moment. */
const layouts = {
  wide: { card: 1_010, beside: 330, lane: 62, row: 26, middle: 13, text: 4 },
  narrow: { card: 318, beside: 0, lane: 40, row: 44, middle: 30, text: -15 },
} as const;
const fontSize = 11;
/** Names are bold, and so a little wider than their size says. */
const nameSize = 13.5;
const nameHeight = 16;
const nameWidthMax = 150;
const nameGap = 8;

export const messageDrawing = (
  id: string,
  title: string,
  diagram: MessageDiagram,
  breadth: "wide" | "narrow",
): Markup => {
  const { card, beside: left, lane: least, row: rowHeight, middle, text: below } = layouts[breadth];
  const step = Math.max(least, (card - left) / diagram.lanes.length);
  const width = left + step * diagram.lanes.length;
  const x = (lane: number): number => left + step * (lane + 0.5);
  const names = placedNames(
    diagram.lanes.map(({ name }, lane) => ({ name, centre: x(lane) })),
    { left, right: width },
  );
  const rowCount = names.reduce((most, { row }) => Math.max(most, row + 1), 1);
  const headHeight = 18 + nameHeight * rowCount;
  const height = headHeight + rowHeight * (diagram.moments.length + 0.6);
  const y = (moment: number, offset = 0): number => headHeight + middle + rowHeight * (moment + offset);

  return drawing({
    id,
    breadth,
    size: { width, height },
    title,
    description: diagram.moments.map(({ at, text }) => `${preciseRunTime(at)}: ${text}`).join(". "),
    content: html`<g>${names.map(
      ({ row }, lane) =>
        html`<line class="process" x1="${px(x(lane))}" x2="${px(x(lane))}" y1="${nameHeight * (row + 1) + 5}" y2="${px(height - 4)}"/>`,
    )}</g><g>${names.map(
      ({ shown, centre, row }, lane) =>
        html`<text class="process-name middle${diagram.lanes[lane]?.isNode === true && html` is-node`}" x="${px(centre)}" y="${nameHeight * (row + 1)}">${shown}</text>`,
    )}</g><g>${diagram.waits.map((wait) => waitBar(wait, diagram, x, y))}</g><g>${diagram.arrows.map((arrow) => arrowLine(arrow, x, y))}</g><g>${diagram.moments.map(
      ({ at, text }, index) =>
        html`<text class="moment-time" x="0" y="${px(y(index) + below)}">${preciseRunTime(at)}</text><text class="moment" x="74" y="${px(y(index) + below)}">${fitText(text, fontSize, (left === 0 ? width : left - 14) - 74)}<title>${text}</title></text>`,
    )}</g>`,
  });
};

type PlacedName = { readonly shown: string; readonly centre: number; readonly row: number };

/** Each over its line, inside the edges, in the first row where it touches no other. */
const placedNames = (
  lanes: readonly { readonly name: string; readonly centre: number }[],
  edges: { readonly left: number; readonly right: number },
): readonly PlacedName[] => {
  const ends: number[] = [];
  return lanes.map(({ name, centre: wanted }) => {
    const shown = fitEnd(name, nameWidthMax);
    const half = textWidth(shown, nameSize) / 2;
    const centre = Math.max(edges.left + half, Math.min(edges.right - half, wanted));
    const free = ends.findIndex((end) => end + nameGap <= centre - half);
    const row = free < 0 ? ends.length : free;
    ends[row] = centre + half;
    return { shown, centre, row };
  });
};

/** A name that is too long keeps its end, which tells sessions and nodes apart. */
const fitEnd = (name: string, width: number): string => {
  if (textWidth(name, nameSize) <= width) return name;
  const reversed = [...name].toReversed().join("");
  return [...fitText(reversed, nameSize, width)].toReversed().join("");
};

type Position = (lane: number) => number;
type Height = (moment: number, offset?: number) => number;

const waitBar = (wait: Wait, diagram: MessageDiagram, x: Position, y: Height): Markup => {
  const top = y(wait.from);
  const bottom = wait.until === null ? y(diagram.moments.length - 1, 0.5) : y(wait.until);
  return html`<rect class="wait ${wait.outcome}" x="${px(x(wait.lane) - 4)}" y="${px(top)}" width="8" height="${px(Math.max(4, bottom - top))}" rx="3"><title>${wait.explanation}</title></rect>`;
};

/** How far a message falls on its way: it leaves before it arrives. */
const fall = 11;

const arrowLine = (arrow: Arrow, x: Position, y: Height): Markup => {
  const isAnswer = arrow.style === "answered";
  const at = y(arrow.moment, arrow.offset);
  const [top, bottom] = isAnswer ? [at - fall, at] : [at, at + fall];
  const towards = Math.sign(x(arrow.to) - x(arrow.from)) || 1;
  const [from, to] = [x(arrow.from) + towards * 5, x(arrow.to) - towards * 5];
  // A message that was never answered ends in a cross before it arrives.
  const reached = arrow.style === "silent" ? to - towards * 14 : to;
  const angle = (Math.atan2(bottom - top, reached - from) * 180) / Math.PI;
  const head =
    arrow.style === "silent"
      ? html`<path class="cross" d="M-4 -4L4 4M4 -4L-4 4" transform="translate(${px(reached)} ${px(bottom)})"/>`
      : html`<path class="head" d="M0 0L-8 -3.5L-8 3.5z" transform="translate(${px(reached)} ${px(bottom)}) rotate(${px(angle)})"/>`;
  return html`<g class="message ${arrow.style}"><title>${arrow.explanation}</title><path d="M${px(from)} ${px(top)}L${px(reached)} ${px(bottom)}"/>${head}</g>`;
};
