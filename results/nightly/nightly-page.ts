/**
 * A night as one page that opens from a disk: how many cells ended in which way, what went wrong first and how to
 * repeat it, then what passed.
 */
import type { VerdictType } from "../../checkers/verdict.ts";
import { verdictWords } from "../conclusion.ts";
import { html, type Markup } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { verdictIcon, verdictMark } from "../report/section/verdict-mark.ts";
import { count, counted, duration, instant, milliseconds } from "../units.ts";
import {
  type CellResult,
  cellsWith,
  type NightlyRecord,
  nightlyVerdict,
  severity,
} from "./nightly-record.ts";
import { cellWords, nightlySentence } from "./nightly-text.ts";

/** A whole document, which fetches nothing and runs nothing. */
export const nightlyPage = (record: NightlyRecord): string => {
  const verdict = nightlyVerdict(record);
  const groups = severity.flatMap((one) => {
    const cells = cellsWith(record, one);
    return cells.length === 0 ? [] : [{ verdict: one, cells }];
  });
  return page({
    title: `${verdictWords[verdict].word}: ${record.name}`,
    heading: html`<header class="heading ${verdict}"><p class="product"><span>Tipcart</span> <span class="quiet">night</span></p><div class="conclusion">${verdictIcon(verdict)}<div><p class="word">${verdictWords[verdict].word}</p><h1>${nightlySentence(record)}</h1></div></div><p class="facts"><b>${record.name}</b><span>${instant(record.startedWallMs)}</span><span>${duration(record.seconds * 1_000)}</span>${
      record.shard.count > 1 && html`<span>shard ${record.shard.index} of ${record.shard.count}</span>`
    }</p><dl class="tiles">${severity.map((one) => tile(one, cellsWith(record, one).length))}</dl></header>`,
    sections: groups.map((group) => ({
      id: group.verdict,
      name: verdictWords[group.verdict].word,
      content: section(group.verdict, group.cells),
    })),
    footer: html`<p>Made by Tipcart from the record of the night. Each cell's own report lies in its folder.</p>`,
  });
};

const tileStyles: Readonly<Record<VerdictType, string>> = {
  passed: "good",
  violated: "bad",
  breached: "breached",
  inconclusive: "inconclusive",
};

const tile = (verdict: VerdictType, cells: number): Markup => {
  const style = cells === 0 ? "" : tileStyles[verdict];
  return html`<div class="tile ${style}"><dt>${verdictWords[verdict].word}</dt><dd><strong>${count(cells)}</strong><span>${cellWords[verdict]}</span></dd></div>`;
};

const section = (verdict: VerdictType, cells: readonly CellResult[]): Markup => {
  const title = verdictWords[verdict].word;
  return html`<section id="${verdict}" aria-labelledby="${verdict}-title"><h2 id="${verdict}-title">${title}</h2><div class="scroll" role="region" aria-label="${counted(cells.length, "cell")}: ${title.toLowerCase()}" tabindex="0"><table class="runs cells"><thead><tr><th scope="col">Verdict</th><th scope="col">Cell</th><th scope="col">What was found</th><th scope="col">get p99 ms</th><th scope="col">put p99 ms</th></tr></thead><tbody>${cells.map(row)}</tbody></table></div></section>`;
};

const row = ({
  verdict,
  id,
  workload,
  seed,
  state,
  sentence,
  seconds,
  replay,
  figures,
}: CellResult): Markup =>
  html`<tr><td class="nowrap">${verdictMark(verdict)}${state !== "judged" && html`<br><span class="quiet">${state === "failed" ? "no verdict" : "not run"}</span>`}</td><th scope="row">${id}<br><span class="quiet">${workload}, seed ${seed}, ${duration(seconds * 1_000)}</span></th><td class="wide">${sentence}<details><summary>again</summary><code>${replay}</code></details></td>${[
    "get p99",
    "put p99",
  ].map(
    (name) =>
      html`<td data-name="${name} ms">${milliseconds((Object.hasOwn(figures, name) ? figures[name] : undefined) ?? null)}</td>`,
  )}</tr>`;
