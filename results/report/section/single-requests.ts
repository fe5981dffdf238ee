/**
 * Requests one by one: where the page's program draws them, with controls to narrow them down. Without the program
 * only the sentence stands that says where all of them are.
 */
import { count } from "../../units.ts";
import { packedRequests } from "../chosen-requests.ts";
import { explorableEndings, explorableKinds } from "../explored-requests.ts";
import { html, type Markup } from "../markup.ts";
import type { Subject } from "../subject.ts";
import { legend } from "./legend.ts";

/** Nothing for a run without a request. */
export const singleRequests = ({ figures }: Subject): Markup | null => {
  const { explored } = figures;
  if (explored.ids.length === 0) return null;
  const carried =
    explored.ids.length === explored.allCount
      ? `all ${count(explored.allCount)} of them`
      : `${count(explored.ids.length)} of ${count(explored.allCount)}: what anomalies name, what was not good, the slowest, those around faults, and an even sample of the rest`;

  return html`<section id="requests" aria-labelledby="requests-title">
<h2 id="requests-title">Requests one by one</h2>
<p class="lead">This page carries ${carried}. Every request with all that came of it: <code>tipcart serve</code>.</p>
<div id="explorer" hidden>
<form class="filters">${choice("kind", "Operation", explorableKinds)}${choice("ending", "Ended", explorableEndings)}${choice("node", "First node", [])}<label>Key contains<input name="key"></label><label>From s<input name="from" class="short" inputmode="decimal"></label><label>Until s<input name="until" class="short" inputmode="decimal"></label><button type="reset">Show all</button></form>
${legend([
  ["dot ok", "ok"],
  ["dot slow", "slow"],
  ["dot fail", "failed"],
  ["dot info", "unknown"],
])}
<div class="explorer-plot" id="explorer-plot" aria-hidden="true"></div>
<p class="explorer-state" id="explorer-state" role="status"></p>
<div class="scroll" role="region" aria-label="The slowest of the requests shown" tabindex="0"><table class="requests"><thead><tr><th scope="col">Due</th><th scope="col">Request</th><th scope="col">Key</th><th scope="col">First node</th><th scope="col">Response</th><th scope="col">Ended</th></tr></thead><tbody id="explorer-rows"></tbody></table></div>
</div>
<p class="quiet" id="explorer-absent">The plot of single requests needs a browser that runs the program of this page.</p>
<data id="explorer-data" hidden>${packed(packedRequests(explored))}</data>
</section>`;
};

const choice = (name: string, label: string, options: readonly string[]): Markup =>
  html`<label>${label}<select name="${name}"><option value="">any</option>${options.map((option) => html`<option value="${option}">${option}</option>`)}</select></label>`;

/** In pieces, since a template cuts a long text. */
const packed = (text: string): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / 1_000) }, (_, index) =>
    text.slice(index * 1_000, (index + 1) * 1_000),
  );
