/**
 * Axes: a light grid with numbers at its edge. Lines say where, numbers say how much; nothing else is drawn.
 *
 * A label that would touch its neighbour is left out; its grid line stays.
 */
import { html, type Markup } from "../markup.ts";
import { type Frame, px, textWidth } from "./drawing.ts";
import type { Scale } from "./scale.ts";

const fontSize = 11;

/** Horizontal grid lines with their labels to the left. */
export const verticalAxis = (frame: Frame, scale: Scale): Markup => {
  let lastY = Number.POSITIVE_INFINITY;
  const ticks = scale.ticks.map((tick) => {
    const y = scale.at(tick.value);
    const isLabelled = tick.label !== null && Math.abs(lastY - y) > fontSize + 3;
    if (isLabelled) lastY = y;

    return html`<line class="${tick.label === null ? "grid minor" : "grid"}" x1="${px(frame.left)}" x2="${px(frame.right)}" y1="${px(y)}" y2="${px(y)}"/>${
      isLabelled &&
      html`<text class="tick end" x="${px(frame.left - 8)}" y="${px(y + 3.8)}">${tick.label}</text>`
    }`;
  });

  return html`<g>${ticks}</g>`;
};

/** Labels below the frame, with a short mark each. `withLines` continues the marks through the plot. */
export const horizontalAxis = (
  frame: Frame,
  scale: Scale,
  options: { readonly title?: string; readonly withLines?: boolean } = {},
): Markup => {
  let lastEnd = Number.NEGATIVE_INFINITY;
  const ticks = scale.ticks.map((tick) => {
    const x = scale.at(tick.value);
    const half = textWidth(tick.label ?? "", fontSize) / 2;
    const centre = Math.min(Math.max(x, half), frame.width - half);
    const isLabelled = tick.label !== null && centre - half > lastEnd + 6;
    if (isLabelled) lastEnd = centre + half;

    return html`<line class="${options.withLines === true ? "grid" : "mark"}" x1="${px(x)}" x2="${px(x)}" y1="${px(options.withLines === true ? frame.top : frame.bottom)}" y2="${px(frame.bottom + 4)}"/>${
      isLabelled &&
      html`<text class="tick middle" x="${px(centre)}" y="${px(frame.bottom + 17)}">${tick.label}</text>`
    }`;
  });

  return html`<g><line class="axis" x1="${px(frame.left)}" x2="${px(frame.right)}" y1="${px(frame.bottom)}" y2="${px(frame.bottom)}"/>${ticks}${
    options.title !== undefined &&
    html`<text class="axis-title end" x="${px(frame.right)}" y="${px(frame.bottom + 32)}">${options.title}</text>`
  }</g>`;
};

/** A dashed line across the frame: a limit. Its name stands in the legend, where no mark can cross it. */
export const limitLine = (frame: Frame, y: number): Markup =>
  html`<line class="limit" x1="${px(frame.left)}" x2="${px(frame.right)}" y1="${px(y)}" y2="${px(y)}"/>`;
