/**
 * How to have this run again, where it ran, and how far its measurements can be trusted.
 */
import type { RunRecord } from "../../run-record.ts";
import { count, duration, latencyOrDash } from "../../units.ts";
import { html, type Markup } from "../markup.ts";

/** Lines of the plan that are shown; the whole plan lies beside the report. */
const planLineLimit = 600;

export const surroundings = (record: RunRecord): Markup => {
  const { environment } = record;
  const { machine } = environment;
  return html`<section id="again" aria-labelledby="again-title">
<h2 id="again-title">Run it again</h2>
<p class="lead">The same seed makes the same plan: arrivals, keys, victims and times. What the machine's scheduler does in between is its own.</p>
<pre class="command"><code>${environment.replay}</code></pre>
${environment.scale !== undefined && html`<p>${environment.scale}</p>`}
<div class="thirds"><div><h3>Machine and versions</h3>${facts([
    ["system", `${machine.system} ${machine.kernel}, ${machine.architecture}`],
    ["processor", `${count(machine.coreCount)} × ${machine.cpuModel}`],
    ["memory", `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ...Object.entries(environment.versions),
    ...buildFacts(environment),
    ...Object.entries(environment.backends).map(([what, how]) => [`${what} faults`, how] as const),
  ])}</div><div><h3>The load generator itself</h3>${facts(generatorFacts(record))}</div><div><h3>Time taken</h3>${facts(
    Object.entries(environment.timingsMs).map(([step, ms]) => [step, duration(ms)] as const),
  )}</div></div>
${planDetails(environment.plan)}
</section>`;
};

const buildFacts = ({ build }: RunRecord["environment"]): readonly (readonly [string, string])[] => {
  if (build === undefined) return [];
  const revision = build.revision === undefined ? [] : [["revision", build.revision] as const];
  return [["server's build", build.server], ...revision];
};

const generatorFacts = ({
  generator: health,
  environment,
}: RunRecord): readonly (readonly [string, string])[] => [
  ["lag p50", latencyOrDash(health.lagMsP50)],
  ["lag p99", latencyOrDash(health.lagMsP99)],
  ["lag p99.9", latencyOrDash(health.lagMsP999)],
  ["lag at most", latencyOrDash(health.lagMsMax)],
  ["longest stall of its loop", latencyOrDash(health.loopStallMsMax)],
  ["most requests in flight", count(health.inFlightMax)],
  ["dropped unsent", count(health.droppedCount)],
  ["rate achieved", `${count(health.achievedRate)}/s`],
  ["priority", environment.loadPriority ?? "–"],
];

const facts = (all: readonly (readonly [string, string])[]): Markup =>
  html`<dl class="facts-list">${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

const planDetails = (plan: unknown): Markup => {
  const lines = (JSON.stringify(plan, null, 2) ?? "null").split("\n");
  const shown = lines.slice(0, planLineLimit);
  return html`<details class="plan"><summary>The whole plan</summary><pre><code>${shown.map((line) => html`${line}\n`)}${
    lines.length > shown.length && `… ${lines.length - shown.length} more lines in plan.json`
  }</code></pre></details>`;
};
