/**
 * Two runs on one page: what each was, the numbers beside each other, and both distributions and both courses in
 * one drawing. Solid is the candidate, dashed the baseline, in every plot.
 */
import { conclusion } from "../conclusion.ts";
import { html, type Markup } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { legend } from "../report/section/legend.ts";
import { verdictMark } from "../report/section/verdict-mark.ts";
import type { RunRecord } from "../run-record.ts";
import { count, counted, duration, instant, milliseconds, percent } from "../units.ts";
import type { ComparedMetric, Comparison, DifferenceVerdict, Side } from "./comparison.ts";
import { decidingFigures } from "./comparison-text.ts";
import { courses, distributions, pairDots } from "./overlay.ts";
import { selfTestSentence } from "./self-tests.ts";
import { spreadSentence } from "./spread.ts";

const words: Readonly<Record<DifferenceVerdict, readonly [string, string]>> = {
  regression: ["violated", "The candidate is worse."],
  improvement: ["passed", "The candidate is better."],
  "no change": ["passed", "No change."],
  inconclusive: ["inconclusive", "The measurements cannot tell."],
};

export const comparisonPage = (
  comparison: Comparison,
  served: { readonly navigation?: Markup } = {},
): string => {
  const [style, sentence] =
    comparison.verdict === undefined ? ["inconclusive", "Two runs side by side"] : words[comparison.verdict];
  const { baseline, candidate } = comparison;
  const figures = decidingFigures(comparison);
  return page({
    title: `${candidate.label} against ${baseline.label}`,
    heading: html`<header class="heading ${style}">${served.navigation}<div class="conclusion"><div><p class="word">Comparison</p><h1>${sentence}</h1></div></div><p class="facts">${figures !== "" && html`<b>${figures}</b>`}<span>${comparison.method}</span></p></header>`,
    sections: [
      { id: "runs", name: "Runs", content: runs(comparison) },
      { id: "numbers", name: "Numbers", content: numbers(comparison) },
      { id: "plots", name: "Plots", content: plots(comparison) },
    ],
    footer: html`<p>Made by Tipcart from the journals of both runs.</p>`,
    isServed: served.navigation !== undefined,
  });
};

const runs = ({ baseline, candidate }: Comparison): Markup =>
  html`<section id="runs" aria-labelledby="runs-title"><h2 id="runs-title">What is compared</h2><div class="scroll" role="region" aria-label="The two runs" tabindex="0"><table class="sides"><thead><tr><th scope="col"><span class="unseen">Property</span></th><th scope="col">baseline<br><b>${baseline.label}</b></th><th scope="col">candidate<br><b>${candidate.label}</b></th></tr></thead><tbody>${sideRows(baseline, candidate)}</tbody></table></div></section>`;

const sideRows = (baseline: Side, candidate: Side): readonly Markup[] => {
  const row = (name: string, value: (record: RunRecord) => Markup): Markup =>
    html`<tr><th scope="row">${name}</th><td>${value(baseline.record)}</td><td>${value(candidate.record)}</td></tr>`;
  const plain = (name: string, value: (record: RunRecord) => string): Markup => {
    const differs = value(baseline.record) !== value(candidate.record);
    return row(name, (record) =>
      differs ? html`<b>${value(record)}</b>` : html`<span class="quiet">${value(record)}</span>`,
    );
  };
  return [
    row("verdict", (record) => html`${verdictMark(record.verdict)}<br>${conclusion(record)}`),
    plain("workload", (record) => record.workload),
    plain("copies", ({ promises: p }) => `N=${p.n} R=${p.r} W=${p.w} ${p.sloppy ? "sloppy" : "strict"}`),
    plain("versions and carts", ({ promises }) => `${promises.versions}, ${promises.codec}`),
    plain("faults", (record) => record.faults.map(({ kind }) => kind).join(", ") || "none"),
    plain("seed", (record) => String(record.seed)),
    plain("began", (record) => instant(record.startedWallMs)),
    plain("took", (record) => duration(record.durationMs)),
    plain("requests", (record) => count(record.counts.requestCount)),
    plain("generator's lag p99", (record) => `${milliseconds(record.generator.lagMsP99)} ms`),
    plain("processor", ({ environment: { machine } }) => `${machine.coreCount} × ${machine.cpuModel}`),
    plain("Tipcart, Node", ({ environment: { versions } }) => Object.values(versions).join(", ")),
    plain("server's build", ({ environment: { build } }) => build?.server ?? "unknown"),
  ];
};

const numbers = ({ metrics, notes = [], spreads = [], selfTests }: Comparison): Markup => {
  const isTested = metrics.some((one) => one.interval !== undefined || one.verdict !== undefined);
  const deciding = metrics.filter(({ isDeciding }) => isDeciding === true);
  // What neither side has enough requests for is no figure, unless something rests on it.
  const shown = metrics.filter(
    (one) => one.isDeciding !== true && (one.baseline !== null || one.candidate !== null),
  );
  return html`<section id="numbers" aria-labelledby="numbers-title"><h2 id="numbers-title">Numbers</h2>${
    notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`
  }${
    deciding.length === 0
      ? metricTable({ id: "measured", label: "Measured on both sides" }, shown, isTested)
      : html`${metricTable({ id: "deciding", label: "Figures that decide" }, deciding, isTested)}${
          shown.length > 0 &&
          html`<details class="numbers"><summary>What is shown only: ${counted(shown.length, "figure")}</summary>${metricTable({ id: "shown", label: "Figures that are shown only" }, shown, isTested)}</details>`
        }`
  }${spreads.length > 0 && html`<h3 class="apart">Shape of the latencies</h3>${spreads.map((one) => html`<p>${spreadSentence(one)}</p>`)}`}${
    selfTests !== undefined &&
    html`<h3 class="apart">How far comparisons can be trusted here</h3><p>${selfTestSentence(selfTests)}</p>`
  }</section>`;
};

const metricTable = (
  { id, label }: { readonly id: string; readonly label: string },
  metrics: readonly ComparedMetric[],
  isTested: boolean,
): Markup =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="figures compared"><thead><tr><th scope="col">Measured</th>${isTested && html`<th scope="col">verdict</th>`}<th scope="col">ratio</th><th scope="col">baseline</th><th scope="col">candidate</th>${
    isTested && html`<th scope="col">90 % interval</th><th scope="col">p</th><th scope="col">pairs</th>`
  }</tr></thead><tbody>${metrics.map((one, index) => metricRow(one, `${id}-pairs-${index + 1}`, isTested))}</tbody></table></div>`;

const metricRow = (one: ComparedMetric, id: string, isTested: boolean): Markup =>
  html`<tr><th scope="row">${one.name}</th>${isTested && html`<td class="nowrap">${metricVerdict(one)}</td>`}<td><b>${ratioText(one.ratio)}</b></td><td>${valueText(one, one.baseline)}</td><td>${valueText(one, one.candidate)}</td>${
    isTested &&
    html`<td class="nowrap">${one.interval === undefined ? "–" : `${ratioText(one.interval.low)} – ${ratioText(one.interval.high)}`}</td><td>${one.probability === undefined ? "–" : one.probability.toFixed(3)}</td><td>${one.pairs !== undefined && one.pairs.length > 0 && pairDots(id, one.name, one.pairs)}</td>`
  }</tr>`;

/** Only what decides stands out. */
const metricVerdict = ({ verdict, isDeciding }: ComparedMetric): Markup => {
  if (verdict === undefined) return html`–`;
  return isDeciding === true
    ? html`<span class="mark ${words[verdict][0]}">${verdict}</span>`
    : html`<span class="quiet">${verdict}</span>`;
};

const valueText = ({ unit }: ComparedMetric, value: number | null): string => {
  if (value === null) return "–";
  switch (unit) {
    case "ms":
      return `${milliseconds(value)} ms`;
    case "share":
      return percent(value);
    case "per second":
      return `${value.toFixed(1)}/s`;
  }
};

const ratioText = (ratio: number | null): string => (ratio === null ? "–" : `${ratio.toFixed(2)}×`);

const plots = (comparison: Comparison): Markup =>
  html`<section id="plots" aria-labelledby="plots-title"><h2 id="plots-title">Plots</h2>${legend([
    ["line p50", "candidate"],
    ["line p50 baseline", "baseline"],
  ])}${distributions(comparison)}${courses(comparison)}</section>`;
