/**
 * What was done to the cluster: the timeline, and for each fault the proof that it held.
 */
import type { Phase } from "../../../checkers/history/event.ts";
import type { FaultRecord, RunRecord } from "../../run-record.ts";
import { duration, runTime } from "../../units.ts";
import { html, type Markup } from "../markup.ts";
import { type Breadth, bothBreadths, chartFrame, drawing } from "../plot/drawing.ts";
import { type TimelineFault, timeline, timelineHeight } from "../plot/timeline.ts";
import { faultName, faultNumber, faultSentence, type Subject, timeAxis } from "../subject.ts";

export const cluster = (subject: Subject): Markup => {
  const { record } = subject;
  return html`<section id="cluster" aria-labelledby="cluster-title">
<h2 id="cluster-title">What was done to the cluster</h2>
<p class="lead">A bar is the interval in which the harness saw a fault hold, from outside. The same bands lie behind every chart below.</p>
<figure>${bothBreadths((breadth) => clusterTimeline(subject, breadth))}</figure>
${record.faults.length === 0 ? html`<p>No fault was planned.</p>` : faultTable(record)}
</section>`;
};

const clusterTimeline = (subject: Subject, breadth: Breadth): Markup => {
  const { record, figures } = subject;
  const frame = chartFrame(breadth, { height: timelineHeight(record.nodes.length), top: 6, bottom: 26 });
  const faults = record.faults.map((fault): TimelineFault => {
    const phase = record.phases.find((one) => one.kind === "fault" && one.fault === fault.id);
    return {
      number: faultNumber(record, fault),
      name: fault.kind,
      style: faultStyle(fault.kind),
      nodes: fault.nodes,
      isProved: fault.activeAt !== null,
      from: fault.activeAt ?? phase?.from ?? 0,
      until: fault.activeAt === null ? (phase?.until ?? figures.until) : (fault.healedAt ?? figures.until),
      explanation: faultSentence(fault),
    };
  });

  return drawing({
    id: "timeline",
    breadth,
    size: frame,
    title: "Faults over time",
    description: record.faults.map(faultSentence).join(". "),
    content: timeline(frame, timeAxis(subject, frame, breadth), {
      nodes: record.nodes,
      phases: record.phases
        .filter((phase) => phase.from < figures.until)
        .map((phase) => ({ ...phase, style: phase.kind, shortName: shortPhaseName(phase) })),
      faults,
    }),
  });
};

const shortPhaseName = (phase: Phase): string => {
  if (phase.kind === "recovery") return "after";
  return phase.kind === "fault" ? (/^\d+/.exec(phase.name)?.[0] ?? "") : "";
};

const knownKinds = new Set(["kill", "pause", "partition", "clock"]);

/** The class of a fault's colour. */
export const faultStyle = (kind: string): string => (knownKinds.has(kind) ? kind : "other");

const faultTable = (
  record: RunRecord,
): Markup => html`<div class="scroll" role="region" aria-label="Faults and their evidence" tabindex="0"><table class="faults">
<thead><tr><th scope="col">Fault</th><th scope="col">Seen to hold</th><th scope="col">Evidence</th><th scope="col">Done with</th></tr></thead>
<tbody>${record.faults.map(
  (fault) =>
    html`<tr><th scope="row"><span class="number ${faultStyle(fault.kind)}">${faultNumber(record, fault)}</span> ${faultName(fault)}</th><td>${holding(fault)}</td><td class="prose">${fault.evidence}</td><td>${fault.backend}</td></tr>`,
)}</tbody></table></div>`;

const holding = (fault: FaultRecord): Markup => {
  if (fault.activeAt === null) return html`<b class="bad-text">${fault.state}</b>`;
  if (fault.healedAt === null) return html`from ${runTime(fault.activeAt)}, never seen to end`;
  return html`<span class="nowrap">${runTime(fault.activeAt)} – ${runTime(fault.healedAt)}</span><br><span class="quiet">${duration((fault.healedAt - fault.activeAt) / 1_000)}</span>`;
};
