/**
 * What each node said itself around an anomaly: lines of its event log, as plain events, told beside the story that
 * the clients' history tells. The log is the accused one's own word, and its times are by a clock that a fault may
 * have moved, so nothing is judged by it.
 */
import { secondsOf } from "./graph/story.ts";
import type { Micros, NodeName } from "./history/event.ts";
import type { History } from "./history/history.ts";
import type { Judgement } from "./judge.ts";
import type { Anomaly } from "./verdict.ts";

/** One line of a node's log. `at` is since the start of the run, by the node's own clock. */
export type ReplicaEvent = {
  readonly node: NodeName;
  readonly at: Micros;
  /** The key it is about; absent when it is about the node as a whole. */
  readonly key?: string;
  /** "peer-suspected n2". */
  readonly text: string;
};

/** Lines told of each node, those nearest to the anomaly's last request. */
export const linesMax = 8;
/** Before the anomaly's first request and after its last one. */
const marginMicros = 2_000_000;

/** The judgement with each anomaly's story ended by what the nodes said then; unchanged where they said nothing. */
export const withTimelines = (
  judgement: Judgement,
  history: History,
  events: readonly ReplicaEvent[],
): Judgement => ({
  ...judgement,
  verdicts: judgement.verdicts.map((verdict) => ({
    ...verdict,
    anomalies: verdict.anomalies.map((anomaly) => withTimeline(anomaly, history, events)),
  })),
});

const withTimeline = (anomaly: Anomaly, history: History, events: readonly ReplicaEvent[]): Anomaly => {
  const { requests } = history;
  // Final reads come long after what they show.
  const rows = anomaly.requests
    .map((id) => requests.rowOf(id))
    .filter((row) => row >= 0 && !requests.isFinal(row));
  if (rows.length === 0) return anomaly;
  const from = Math.min(...rows.map((row) => requests.sent(row))) - marginMicros;
  const last = Math.max(...rows.map((row) => requests.sent(row)));
  const near = events.filter(
    ({ at, key }) => at >= from && at <= last + marginMicros && (key === undefined || key === anomaly.key),
  );
  const nodes = [...new Set(near.map(({ node }) => node))].toSorted();
  const timelines = nodes.map((node) => {
    const own = near
      .filter((event) => event.node === node)
      .toSorted((a, b) => Math.abs(a.at - last) - Math.abs(b.at - last));
    const told = own.slice(0, linesMax).toSorted((a, b) => a.at - b.at);
    const more = own.length > told.length ? `, and ${own.length - told.length} more` : "";
    return `${node} by its own log: ${told.map(({ at, text }) => `${secondsOf(at)} ${text}`).join(", ")}${more}.`;
  });
  return timelines.length === 0 ? anomaly : { ...anomaly, story: [...anomaly.story, ...timelines] };
};
