/** The messages around an anomaly, below its lineage. */
import type { Anomaly } from "../../../checkers/verdict.ts";
import { html, type Markup } from "../markup.ts";
import { diagramRequests, messageDiagram } from "../message-diagram.ts";
import { bothBreadths } from "../plot/drawing.ts";
import { messageDrawing } from "../plot/message-drawing.ts";
import type { Subject } from "../subject.ts";
import { legend } from "./legend.ts";

/** What the anomaly names and what wrote its versions. Nothing when that is a single request: its row tells it. */
export const messageFigure = (subject: Subject, anomaly: Anomaly, id: string): Markup | null => {
  const known = [...subject.figures.requests.values()];
  const named = anomaly.requests.flatMap((request) => subject.figures.requests.get(request) ?? []);
  const writers = known.filter(({ write }) => write !== undefined && anomaly.writes.includes(write));
  const requests = [...new Set([...writers, ...named])];
  if (requests.length < 2) return null;
  const { messages = [] } = subject.figures;
  const diagram = messageDiagram(requests, subject.record.nodes, messages);

  return html`<details class="because"><summary>Who said what to whom${requests.length > diagramRequests && `, the first ${diagramRequests} requests`}</summary><figure class="lineage messages"><figcaption>Time runs downwards, in order and not to scale. ${legend(
    [
      ["line asked", "asked"],
      ["line answered", "answered"],
      ["line silent", "no answer in time"],
      ["line copied", "between nodes, time unknown"],
      ...(messages.length > 0 ? [["line between", "between nodes"] as const] : []),
    ],
  )}</figcaption><div class="scroll" role="region" aria-label="Messages" tabindex="0">${bothBreadths(
    (breadth) => messageDrawing(`${id}-messages`, `Messages: ${anomaly.sentence}`, diagram, breadth),
  )}</div></figure></details>`;
};
