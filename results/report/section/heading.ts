/**
 * The first screen: the verdict in one sentence, what was run and where, and the handful of numbers that decide
 * whether to read on.
 */

import type { ServiceRow } from "../../../checkers/service-level.ts";
import { conclusion, provedFaultCount, steadyRows, verdictWords } from "../../conclusion.ts";
import type { RunRecord } from "../../run-record.ts";
import {
  count,
  counted,
  duration,
  instant,
  latency,
  latencyOrDash,
  percent,
  quantileName,
  times,
} from "../../units.ts";
import { html, type Markup, verbatim } from "../markup.ts";
import { provenance } from "./provenance.ts";
import { verdictIcon } from "./verdict-mark.ts";

export const heading = (record: RunRecord): Markup => html`<header class="heading ${record.verdict}">
<p class="product">${cart}<span>Tipcart</span> <span class="quiet">run report</span></p>
<div class="conclusion">${verdictIcon(record.verdict)}<div><p class="word">${verdictWords[record.verdict].word}</p><h1>${sentence(conclusion(record))}</h1></div></div>
<p class="facts"><b>${record.name}</b><span>${instant(record.startedWallMs)}</span><span>${duration(record.durationMs)}</span><span>${counted(record.nodes.length, "node")}, N=${record.promises.n} R=${record.promises.r} W=${record.promises.w} ${record.promises.sloppy ? "sloppy" : "strict"}</span><span>versions ${record.promises.versions}</span><span>${record.promises.codec} carts</span></p>
${provenance(record)}${endingNotice(record)}${doubtNotice(record)}<dl class="tiles">${tiles(record).map(tile)}</dl>
</header>`;

type Tile = {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly style?: "good" | "bad";
};

const tile = (one: Tile): Markup =>
  html`<div class="tile ${one.style ?? ""}"><dt>${one.name}</dt><dd><strong>${one.value}</strong><span>${one.note}</span></dd></div>`;

const tiles = (record: RunRecord): readonly Tile[] => {
  const { counts, generator } = record;
  const proved = provedFaultCount(record);
  return [
    lostTile(record),
    {
      name: "Requests",
      value: count(counts.requestCount),
      note: `${count(counts.okCount)} ok, ${count(counts.failCount)} failed, ${count(counts.infoCount)} unknown`,
    },
    {
      name: "Faults proved",
      value: `${proved} of ${record.faults.length}`,
      note: [...new Set(record.faults.map((fault) => fault.kind))].join(", ") || "none was planned",
      ...(record.faults.length === 0
        ? {}
        : { style: proved === record.faults.length ? ("good" as const) : ("bad" as const) }),
    },
    ...serviceTiles(record),
    {
      name: "Answered",
      value: percent(counts.requestCount === 0 ? 0 : counts.okCount / counts.requestCount),
      note: "of all requests, faults included",
    },
    {
      name: "Generator's own lag",
      value: latencyOrDash(generator.lagMsP99),
      note: `p99, with ${latencyOrDash(generator.lagMsMax)} at most`,
      ...(generator.doubts === undefined || generator.doubts.length === 0 ? {} : { style: "bad" as const }),
    },
  ];
};

const lostTile = (record: RunRecord): Tile => {
  const judged = record.verdicts.find((verdict) => verdict.properties.includes("P1"));
  const acknowledged = `of ${counted(record.counts.acknowledgedWriteCount, "acknowledged write")}`;
  if (judged === undefined || judged.type === "inconclusive")
    return { name: "Writes lost", value: "unknown", note: acknowledged };
  const lost = judged.violations?.["P1"] ?? judged.anomalyCount;
  return { name: "Writes lost", value: count(lost), note: acknowledged, style: lost > 0 ? "bad" : "good" };
};

const serviceTiles = (record: RunRecord): readonly Tile[] => {
  const rows = steadyRows(record);
  const worst = rows.reduce<ServiceRow | undefined>(
    (most, row) => (most === undefined || row.budgetSpent > most.budgetSpent ? row : most),
    undefined,
  );
  if (worst === undefined) return [];
  const isHeld = rows.every((row) => row.verdict === "met" || row.verdict === "proved");
  const isBreached = rows.some((row) => row.verdict === "breached");
  const reached = worst.quantile >= 0.999 ? worst.latencyMs.p999 : worst.latencyMs.p99;

  return [
    {
      name: `Steady ${worst.operation} ${reached === null ? "bad" : worst.quantile >= 0.999 ? "p99.9" : "p99"}`,
      value: reached === null ? percent(worst.badRatio) : latency(reached),
      note: `${quantileName(worst.quantile)} within ${latency(worst.limitMs)}: ${worst.verdict}, ${times(worst.budgetSpent)} of the budget`,
      ...(isHeld ? { style: "good" as const } : isBreached ? { style: "bad" as const } : {}),
    },
  ];
};

const doubtNotice = ({ generator: { doubts = [] } }: RunRecord): Markup | null =>
  doubts.length === 0
    ? null
    : html`<p class="notice">The load generator failed its self-check: ${doubts.join("; ")}. That only makes requests look slower than they were, so what was held is held all the same.</p>`;

const endingNotice = (record: RunRecord): Markup | null => {
  switch (record.ending) {
    case "completed":
      return null;
    case "cut-short":
      return html`<p class="notice">The journal ends in mid-run. What is shown is what had reached the disk.</p>`;
    case "interrupted":
      return html`<p class="notice">The run was interrupted${record.endingNote !== undefined && html`: ${record.endingNote}`}.</p>`;
    case "failed":
      return html`<p class="notice">The run itself failed${record.endingNote !== undefined && html`: ${record.endingNote}`}.</p>`;
  }
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A cart that tips over, and what falls out. */
const cart = verbatim`<svg class="cart" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><g transform="rotate(24 14 18)"><path d="M2 7h4l3.2 13h12.4l3-9.5H8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/><circle cx="11" cy="24.6" r="2" fill="currentColor"/><circle cx="20" cy="24.6" r="2" fill="currentColor"/></g><rect class="fallen" x="26.2" y="24.6" width="4.6" height="4.6" rx="1" transform="rotate(18 28 27)"/></svg>`;
