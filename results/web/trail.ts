/** Where a page of "tipcart serve" lies: links to the list of runs and to the other pages of the same run. */
import type { RunPlace } from "../latest.ts";
import { html, type Markup } from "../report/markup.ts";

/** The path of a run's pages. Both parts are names that the store made, of letters, digits, dots and dashes. */
export const placePath = (place: RunPlace): string =>
  `/runs/${encodeURIComponent(place.name)}/${encodeURIComponent(place.start)}`;

/** Files of a run that are handed out, in the order in which they are offered. */
export const offeredFiles = [
  "verdict.json",
  "summary.md",
  "series.csv",
  "junit.xml",
  "latency.hlog",
  "plan.json",
] as const;

export const trail = (place?: RunPlace): Markup =>
  html`<nav class="trail" aria-label="Tipcart"><a href="/">All runs</a>${
    place !== undefined &&
    html`<a href="${placePath(place)}">Report</a><a href="${placePath(place)}/requests">Requests</a>`
  }</nav>`;
