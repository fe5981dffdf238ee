/**
 * Bands: what was done to the cluster, behind every chart over time.
 *
 * A band runs from when a fault was seen to hold until it was seen to be gone; a lighter one follows for the
 * recovery window that the plan set aside. The number above it is the fault's, the same on the whole page.
 */
import type { Micros } from "../../../checkers/history/event.ts";
import { html, type Markup } from "../markup.ts";
import { type Frame, firstThatFits, px, textWidth } from "./drawing.ts";
import type { Scale } from "./scale.ts";

export type Band = {
  readonly kind: "fault" | "recovery";
  readonly from: Micros;
  readonly until: Micros;
  /** Names, the fullest first: "1 kill n2", "1 kill", "1". The first that fits is shown. */
  readonly labels: readonly string[];
  /** A sentence, shown on pointing. */
  readonly explanation: string;
};

const fontSize = 11;

/** The bands without names, to be drawn before the marks. */
export const bandAreas = (frame: Frame, time: Scale, bands: readonly Band[]): Markup =>
  html`<g>${bands.map((band) => {
    const from = time.at(band.from);
    const width = Math.max(1.5, time.at(band.until) - from);
    return html`<rect class="band ${band.kind}" x="${px(from)}" y="${px(frame.top)}" width="${px(width)}" height="${px(frame.bottom - frame.top)}"><title>${band.explanation}</title></rect>`;
  })}</g>`;

/** The names above the frame, as full as the room before the next one allows. */
export const bandLabels = (frame: Frame, time: Scale, bands: readonly Band[]): Markup => {
  const faults = bands.filter((band) => band.kind === "fault").toSorted((a, b) => a.from - b.from);
  let lastEnd = frame.left;

  return html`<g>${faults.map((band, index) => {
    const from = Math.max(time.at(band.from), lastEnd);
    const next = faults[index + 1];
    const space = (next === undefined ? frame.width : time.at(next.from)) - from - 8;
    const text = firstThatFits(band.labels, fontSize, space);
    if (text === "") return null;
    lastEnd = from + textWidth(text, fontSize) + 4;

    return html`<text class="band-label" x="${px(from)}" y="${px(frame.top - 6)}">${text}</text>`;
  })}</g>`;
};
