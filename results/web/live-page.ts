/**
 * A run in progress: how far it is, what was done to the cluster, what clients see. The page asks again by itself.
 *
 * The same figures and drawings as in the report, from the journal as far as it goes; nothing is judged yet.
 */
import type { Micros } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import type { RunPlace } from "../latest.ts";
import { recordOfRun } from "../record-of-run.ts";
import type { RunFigures } from "../report/figures.ts";
import { figuresOfRun } from "../report/figures-of-run.ts";
import { html } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { cluster } from "../report/section/cluster.ts";
import { entryNodes } from "../report/section/entry-nodes.ts";
import { latency } from "../report/section/latency.ts";
import { subjectOf } from "../report/subject.ts";
import type { RunEnvironment } from "../run-record.ts";
import { count, duration } from "../units.ts";
import { trail } from "./trail.ts";

const refreshSeconds = 3;

/** Without the intervals that are still to come, of which a line would say that nothing was acknowledged. */
const asFarAs = (figures: RunFigures, at: Micros): RunFigures => {
  const { length } = figures.intervals.filter(({ from }) => from < at);
  return {
    ...figures,
    intervals: figures.intervals.slice(0, length),
    heat: { ...figures.heat, columns: figures.heat.columns.slice(0, length) },
  };
};

const unknownEnvironment: RunEnvironment = {
  plan: null,
  replay: "",
  versions: {},
  machine: { system: "", kernel: "", architecture: "", cpuModel: "", coreCount: 0, memoryBytes: 0 },
  backends: {},
  timingsMs: {},
};

export const livePage = (place: RunPlace, history: History): string => {
  const record = recordOfRun({
    history,
    judgement: {
      schema: 1,
      type: "inconclusive",
      summary: "The run is still going.",
      verdicts: [],
      defects: [],
    },
    service: [],
    environment: unknownEnvironment,
  });
  const subject = subjectOf(record, asFarAs(figuresOfRun(history, record), history.lastAt));
  const { counts } = record;
  const phase = history.phases.find(({ from, until }) => history.lastAt >= from && history.lastAt < until);
  const now =
    phase?.name ?? (history.phases.length === 0 ? "starting" : "settling and looking at every node");

  return page({
    title: `Still going: ${place.name}`,
    heading: html`<header class="heading plain">${trail(place)}<p class="word">Still going</p><h1>${place.name}: ${now}, ${duration(record.durationMs)} in</h1><p class="facts" role="status"><span>${count(counts.requestCount)} requests</span><span>${count(counts.okCount)} acknowledged</span><span>${count(counts.failCount)} failed</span><span>${count(counts.infoCount)} unknown or under way</span></p></header>`,
    sections: [
      { id: "cluster", name: "Faults", content: cluster(subject) },
      { id: "latency", name: "Latency", content: latency(subject) },
      ...[entryNodes(subject)].flatMap((content) =>
        content === null ? [] : [{ id: "nodes", name: "Nodes", content }],
      ),
    ],
    footer: html`<p>Asked again every ${refreshSeconds} s.</p>`,
    isServed: true,
    refreshSeconds,
  });
};
