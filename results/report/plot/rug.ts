/** A rug: short strokes along the upper edge of a frame, one at each moment at which something was amiss. */
import { html, type Markup } from "../markup.ts";
import { type Frame, px } from "./drawing.ts";
import type { Scale } from "./scale.ts";

const strokeHeight = 6;

/** `at` are values of the scale; nothing is drawn for none. */
export const rug = (frame: Frame, x: Scale, at: readonly number[]): Markup | null =>
  at.length === 0
    ? null
    : html`<path class="rug" d="${at.map((value) => html`M${px(x.at(value))} ${px(frame.top)}v${strokeHeight}`)}"/>`;
