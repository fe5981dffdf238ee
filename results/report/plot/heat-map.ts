/**
 * A heat map of latencies over time: each cell is one interval and one range of latencies, its colour the number
 * of requests on a logarithmic scale. It shows what percentile lines hide: two humps, a stall's diagonal, a tail of
 * one.
 *
 * All cells of one colour are one path, which keeps thousands of cells at a few kilobytes.
 */
import { html, type Markup } from "../markup.ts";
import { px } from "./drawing.ts";
import type { Scale } from "./scale.ts";

/** Colours h1 (one request) to h8 (as many as the fullest cell). */
export const heatLevels = 8;

export type HeatColumn = {
  readonly from: number;
  readonly until: number;
  readonly counts: readonly number[];
};

/** Row i of a column lies between `rowEdges[i]` and `rowEdges[i + 1]`. */
export const heatMap = (
  x: Scale,
  y: Scale,
  data: { readonly rowEdges: readonly number[]; readonly columns: readonly HeatColumn[] },
): Markup => {
  const fullest = fullestCell(data.columns);
  const cells: Markup[][] = Array.from({ length: heatLevels + 1 }, () => []);
  for (const column of data.columns) {
    const left = x.at(column.from);
    const width = x.at(column.until) - left;
    column.counts.forEach((value, row) => {
      const bottom = y.at(data.rowEdges[row] ?? 0);
      const top = y.at(data.rowEdges[row + 1] ?? data.rowEdges[row] ?? 0);
      if (value > 0 && bottom - top > 0.05)
        cells[heatLevel(value, fullest)]?.push(cell(left, top, width, bottom - top));
    });
  }

  return html`<g>${cells.map(
    (paths, level) => paths.length > 0 && html`<path class="heat h${level}" d="${paths}"/>`,
  )}</g>`;
};

/** 1 for one request, `heatLevels` for `fullest`; logarithmic in between. */
export const heatLevel = (value: number, fullest: number): number => {
  if (fullest <= 1) return heatLevels;
  const share = Math.log(value) / Math.log(fullest);
  return 1 + Math.min(heatLevels - 1, Math.floor(share * heatLevels));
};

export const fullestCell = (columns: readonly HeatColumn[]): number =>
  columns.reduce((most, column) => column.counts.reduce((a, b) => (b > a ? b : a), most), 0);

const cell = (x: number, y: number, width: number, height: number): Markup =>
  html`M${px(x)} ${px(y)}h${px(Math.max(0.4, width - 0.4))}v${px(Math.max(0.4, height - 0.3))}h${px(-Math.max(0.4, width - 0.4))}z`;
