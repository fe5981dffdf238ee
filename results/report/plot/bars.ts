/**
 * Bars over time, one an interval, with their parts stacked upon each other in the order given.
 */
import { html, type Markup } from "../markup.ts";
import { px } from "./drawing.ts";
import type { Scale } from "./scale.ts";

export type Bar = {
  readonly from: number;
  readonly until: number;
  /** `style` is a class of the style sheet: "ok", "slow", "fail" … */
  readonly parts: readonly { readonly style: string; readonly value: number }[];
};

export const bars = (x: Scale, y: Scale, all: readonly Bar[]): Markup =>
  html`<g>${all.map((bar) => {
    const left = x.at(bar.from);
    const width = Math.max(0.6, x.at(bar.until) - left - 0.8);
    let below = 0;

    return bar.parts.map((part) => {
      if (part.value <= 0) return null;
      const bottom = y.at(below);
      below += part.value;
      const top = Math.min(y.at(below), bottom - 0.8);
      return html`<rect class="bar ${part.style}" x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(bottom - top)}"/>`;
    });
  })}</g>`;
