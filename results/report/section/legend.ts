/** The key of a chart: a sample of each mark beside its name. */
import { html, type Markup } from "../markup.ts";

export type LegendEntry = readonly [style: string, name: string];

/** Pairs of a mark's classes ("line p50", "box ok", "dot slowest") and its name. */
export const legend = (entries: readonly LegendEntry[]): Markup =>
  html`<ul class="legend">${entries.map(([style, name]) => html`<li><i class="key ${style}" aria-hidden="true"></i>${name}</li>`)}</ul>`;
