/**
 * A run as one HTML page that opens from disk: the verdict, then what went wrong, then all the evidence.
 *
 * A pure function of the record and its figures. The page is bounded whatever the run: at most `intervalLimit`
 * columns in a chart, twenty anomalies a check with thirty requests each, `exploredLimit` single requests, and the
 * plan's first lines.
 */
import { conclusion, verdictWords } from "../conclusion.ts";
import { type RunRecord, runRecordSchema } from "../run-record.ts";
import type { RunFigures } from "./figures.ts";
import { html, type Markup } from "./markup.ts";
import { page } from "./page.ts";
import { allowedAnomalies, anomalies } from "./section/anomalies.ts";
import { checks } from "./section/checks.ts";
import { cluster } from "./section/cluster.ts";
import { entryNodes } from "./section/entry-nodes.ts";
import { heading } from "./section/heading.ts";
import { latency } from "./section/latency.ts";
import { service } from "./section/service.ts";
import { singleRequests } from "./section/single-requests.ts";
import { surroundings } from "./section/surroundings.ts";
import { subjectOf } from "./subject.ts";

/** The page as text, in UTF-8. `program` draws the single requests; see `explorer-program.ts`. */
export const renderReport = (record: RunRecord, figures: RunFigures, program?: string): string => {
  const subject = subjectOf(record, figures);
  const sections: readonly { readonly id: string; readonly name: string; readonly content: Markup | null }[] =
    [
      { id: "checks", name: "Verdicts", content: checks(record) },
      { id: "anomalies", name: "Anomalies", content: anomalies(subject) },
      { id: "cluster", name: "Faults", content: cluster(subject) },
      { id: "latency", name: "Latency", content: latency(subject) },
      { id: "service", name: "Service level", content: service(subject) },
      { id: "nodes", name: "Nodes", content: entryNodes(subject) },
      { id: "requests", name: "Requests", content: singleRequests(subject) },
      { id: "allowed", name: "Not promised", content: allowedAnomalies(subject) },
      { id: "again", name: "Run it again", content: surroundings(record) },
    ];

  return page({
    title: `${verdictWords[record.verdict].word}: ${record.name} – ${conclusion(record)}`,
    heading: heading(record),
    sections: sections.flatMap(({ id, name, content }) => (content === null ? [] : [{ id, name, content }])),
    footer: html`<p>Made by Tipcart from the journal of this run. The same numbers lie in <code>verdict.json</code> (schema ${runRecordSchema}), every request in <code>history.journal</code>.</p>`,
    ...(program === undefined ? {} : { program }),
  });
};
