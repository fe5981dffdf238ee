/** The busiest keys, beside the whole run: a hot key is one whose figures are worse than everybody's. */
import { count, milliseconds, percent } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import type { Subject } from "../subject.ts";

/** Nothing for a run without a request. */
export const hotKeys = ({ figures: { keys } }: Subject): Markup | null =>
  keys.length === 0
    ? null
    : html`<h3 class="apart">The busiest keys</h3><div class="scroll" role="region" aria-label="Latency of the busiest keys" tabindex="0"><table class="figures"><thead><tr><th scope="col">Key</th><th scope="col">requests</th><th scope="col">of all</th><th scope="col">failed or unknown</th><th scope="col">p50 ms</th><th scope="col">p90 ms</th><th scope="col">p99 ms</th><th scope="col">slowest ms</th></tr></thead><tbody>${keys.map(
        ({ key, requestCount, share, badCount, latencyMs: of }) =>
          html`<tr><th scope="row">${key}</th><td>${count(requestCount)}</td><td>${percent(share)}</td><td class="${badCount === 0 ? "zero" : ""}">${count(badCount)}</td>${[of.p50, of.p90, of.p99, of.max].map((ms) => html`<td>${milliseconds(ms)}</td>`)}</tr>`,
      )}</tbody></table></div>`;
