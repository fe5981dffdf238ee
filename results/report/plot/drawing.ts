/**
 * One drawing: an SVG element with a title and a description for those who cannot see it, and the frame that the
 * time charts share, so that a second lies at the same place in each of them.
 *
 * Each chart is drawn twice, for a wide and for a narrow window, because an SVG that is scaled down takes its text
 * with it; the style sheet shows one of the two. Colours come from classes, never from attributes, so that the page
 * decides what they are by day, by night and on paper.
 */
import { type Content, html, type Markup } from "../markup.ts";

/** The area inside the axes, in pixels from the drawing's upper left corner. */
export type Frame = {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

export type Breadth = "wide" | "narrow";

const frameSides: Readonly<
  Record<Breadth, { readonly width: number; readonly left: number; readonly right: number }>
> = {
  wide: { width: 1_080, left: 62, right: 1_064 },
  narrow: { width: 358, left: 46, right: 352 },
};

/** A frame of the breadth's common left and right sides; `top` and `bottom` are margins. */
export const chartFrame = (
  breadth: Breadth,
  plot: { readonly height: number; readonly top: number; readonly bottom: number },
): Frame => ({
  ...frameSides[breadth],
  height: plot.top + plot.height + plot.bottom,
  top: plot.top,
  bottom: plot.top + plot.height,
});

/** An SVG element of `size`; `title` is its name and `description` says in words what it shows. */
export const drawing = (options: {
  readonly id: string;
  /** "any" is shown in every window. */
  readonly breadth: Breadth | "any";
  readonly size: { readonly width: number; readonly height: number };
  readonly title: string;
  readonly description: string;
  readonly content: Content;
}): Markup => {
  const id = `${options.id}-${options.breadth}`;
  const { width, height } = options.size;

  return html`<svg class="drawing ${options.breadth}" role="img" aria-labelledby="${id}-title ${id}-description" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}"><title id="${id}-title">${options.title}</title><desc id="${id}-description">${options.description}</desc>${options.content}</svg>`;
};

/** Both breadths of one drawing, one after the other. */
export const bothBreadths = (draw: (breadth: Breadth) => Markup): Markup =>
  html`${draw("wide")}${draw("narrow")}`;

/** A coordinate with at most one decimal; anything that is no number becomes 0. */
export const px = (value: number): string =>
  Number.isFinite(value) ? String(Math.round(value * 10) / 10) : "0";

/** One step of a path; paths are lists of these, since a long text would be cut. */
export const pathStep = (command: "M" | "L", x: number, y: number): Markup =>
  html`${command}${px(x)} ${px(y)}`;

/** A generous guess at how wide a text is, in pixels, for labels that must not touch each other. */
export const textWidth = (text: string, fontSize: number): number => [...text].length * fontSize * 0.58;

/** The first of `candidates`, best first, that fits into `width` pixels; empty when none does. */
export const firstThatFits = (candidates: readonly string[], fontSize: number, width: number): string =>
  candidates.find((text) => textWidth(text, fontSize) <= width) ?? "";

/** The text, shortened to what fits into `width` pixels; empty when not even three letters do. */
export const fitText = (text: string, fontSize: number, width: number): string => {
  if (textWidth(text, fontSize) <= width) return text;
  const letters = Math.floor(width / (fontSize * 0.58)) - 1;
  return letters < 3 ? "" : `${[...text].slice(0, letters).join("")}…`;
};
