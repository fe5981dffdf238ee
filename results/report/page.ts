/**
 * The page around the sections: one file, nothing fetched, nothing run.
 *
 * It has no script at all. What unfolds is `details`, what explains on pointing is an SVG title, and a window's
 * width and colours are the style sheet's business. The content security policy allows exactly one style sheet, by
 * its hash, and nothing else: even markup that slipped in could load nothing and run nothing.
 */
import { createHash } from "node:crypto";
import { html, type Markup } from "./markup.ts";
import { colours } from "./style/colours.ts";
import { pageStyle } from "./style/page-style.ts";
import { plotStyle } from "./style/plot-style.ts";
import { tableStyle } from "./style/table-style.ts";

export type PageSection = { readonly id: string; readonly name: string; readonly content: Markup };

const style = html`${colours}${pageStyle}${tableStyle}${plotStyle}`;

/** Exactly this text between the tags; the hash says so. */
const styleHash = createHash("sha256").update(style.toString()).digest("base64");

const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** A whole document as text. */
export const page = (options: {
  readonly title: string;
  readonly heading: Markup;
  readonly sections: readonly PageSection[];
  readonly footer: Markup;
}): string => {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${options.title}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdicts</a>
${options.heading}
<nav aria-label="Parts of the report">${options.sections.map((section) => html`<a href="#${section.id}">${section.name}</a>`)}</nav>
<main id="main">
${options.sections.map((section) => section.content)}
</main>
<footer>${options.footer}</footer>
</body>
</html>
`;
  return document.toString();
};
