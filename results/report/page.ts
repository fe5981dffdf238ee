/**
 * The page around the sections: one file, nothing fetched, and nothing run but what came with Tipcart.
 *
 * Without its program a page loses only the explorer of single requests. What unfolds is `details`, what explains on
 * pointing is an SVG title, and a window's width and colours are the style sheet's business. The content security
 * policy allows exactly one style sheet and at most one program, by their hashes, and nothing else: even markup that
 * slipped in could load nothing and run nothing.
 */
import { createHash } from "node:crypto";
import { html, type Markup, programMarkup } from "./markup.ts";
import { colours } from "./style/colours.ts";
import { explorerStyle } from "./style/explorer-style.ts";
import { pageStyle } from "./style/page-style.ts";
import { plotStyle } from "./style/plot-style.ts";
import { tableStyle } from "./style/table-style.ts";
import { webStyle } from "./style/web-style.ts";

export type PageSection = { readonly id: string; readonly name: string; readonly content: Markup };

const style = html`${colours}${pageStyle}${tableStyle}${plotStyle}${explorerStyle}${webStyle}`;

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Exactly this text between the tags; the hash says so. */
const styleHash = hashOf(style.toString());

/** Of a page with this program; a served one may send forms to where it came from. */
export const contentPolicy = (options: { readonly program?: string; readonly isServed?: boolean }): string =>
  [
    "default-src 'none'",
    `style-src ${styleHash}`,
    ...(options.program === undefined ? [] : [`script-src ${hashOf(options.program)}`]),
    "img-src data:",
    "base-uri 'none'",
    `form-action ${options.isServed === true ? "'self'" : "'none'"}`,
  ].join("; ");

/** A whole document as text. */
export const page = (options: {
  readonly title: string;
  readonly heading: Markup;
  readonly sections: readonly PageSection[];
  readonly footer: Markup;
  /** The text of a program bundled with Tipcart, run at the end of the page. */
  readonly program?: string;
  /** Comes from `tipcart serve` and not from a disk. */
  readonly isServed?: boolean;
  /** The browser asks again after so many seconds. */
  readonly refreshSeconds?: number;
}): string => {
  const { sections, refreshSeconds } = options;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(options)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${refreshSeconds}">`}<title>${options.title}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${options.heading}
${sections.length > 1 && html`<nav aria-label="Parts of the page">${sections.map((section) => html`<a href="#${section.id}">${section.name}</a>`)}</nav>`}
<main id="main">
${sections.map((section) => section.content)}
</main>
<footer>${options.footer}</footer>
${options.program !== undefined && html`<script>${programMarkup(options.program)}</script>`}</body>
</html>
`;
  return document.toString();
};
