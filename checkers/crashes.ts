/**
 * P20, of processes: did every node live until the run was over?
 *
 * A store may lose nodes to the faults of a plan. A node that ends by itself, by an exception, a failed assertion or
 * a lack of memory, is a mistake of the store, whatever its peers made good. The faults that end a process, or break
 * what it stands on, excuse the nodes they name while they last and until a restart can be over.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings, type Told } from "./finding.ts";
import { faultSentences, secondsOf } from "./graph/story.ts";
import type { NodeEnded } from "./history/event.ts";
import type { Fault } from "./history/faults.ts";
import type { History } from "./history/history.ts";

const name = "crashes";
const properties = ["P20"] as const;

/** Faults after which a node that stops does right, or was stopped. All others leave a process alive. */
const endingKinds: ReadonlySet<string> = new Set([
  "kill",
  "power-cut",
  "wipe",
  "restore-backup",
  "corruption",
]);
/** After a heal: time for a start that fails, and is tried again. */
const graceMicros = 5_000_000;

export const crashes = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    let excused = 0;
    for (const ended of history.endedNodes) {
      if (history.faults.some((fault) => excuses(fault, ended))) excused += 1;
      else findings.found("node-crash", () => told(history, ended));
    }
    const crashed = findings.count("node-crash");
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary: `${counted(crashed)} nodes ended by themselves`,
      metrics: { ended: history.endedNodes.length, crashed, excused },
    });
  },
});

const excuses = ({ kind, stage, nodes, beganAt, healedAt }: Fault, { node, at }: NodeEnded): boolean =>
  stage !== "skipped" &&
  endingKinds.has(kind) &&
  nodes.includes(node) &&
  beganAt <= at &&
  (healedAt ?? Infinity) + graceMicros >= at;

const told = (history: History, { node, at, exitCode, signal, lastLogLine }: NodeEnded): Told => {
  const how = signal === null ? `with exit code ${exitCode ?? "unknown"}` : `by ${signal}`;
  const lastWords =
    lastLogLine === "" ? `${node} wrote no line to its log.` : `The last line of its log: ${lastLogLine}`;
  const answered = lastAnswer(history, node, at);
  return {
    sentence: `${node} ended ${how} at ${secondsOf(at)}, though no fault of the run had ended it.`,
    story: [lastWords, ...answered.story, ...faultSentences(history, at, at)],
    requests: answered.requests,
    writes: [],
  };
};

/** The last request that the node answered well before it ended. */
const lastAnswer = (
  { requests }: History,
  node: string,
  before: number,
): { readonly story: readonly string[]; readonly requests: readonly number[] } => {
  let last = -1;
  let answeredAt = -Infinity;
  for (let row = 0; row < requests.count; row++) {
    for (const attempt of requests.attempts(row)) {
      if (attempt.node !== node || attempt.outcome !== "ok") continue;
      if (attempt.until > before || attempt.until < answeredAt) continue;
      last = row;
      answeredAt = attempt.until;
    }
  }
  if (last < 0) return { story: [`${node} had answered no request.`], requests: [] };
  const id = requests.id(last);
  return { story: [`It answered last at ${secondsOf(answeredAt)} (request ${id}).`], requests: [id] };
};
