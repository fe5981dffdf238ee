/**
 * P21: how long until all was well again. After each fault: until each of its nodes answered a client; after the
 * last one: until every node said that it was at rest, with all hints delivered and all trees equal.
 *
 * Measures only: how long is too long is for service levels to say, and what never recovers is `availability`'s and
 * `convergence`'s. A time is only as fine as what is seen: requests at the node, and looks at the cluster.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings } from "./finding.ts";
import { secondsOf } from "./graph/story.ts";
import type { Micros } from "./history/event.ts";
import type { Fault } from "./history/faults.ts";
import type { History } from "./history/history.ts";
import { membersAtEnd } from "./history/members-at-end.ts";

const name = "recovery";
const properties = ["P21"] as const;

export const recovery = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const healed = history.faults.filter(({ healedAt }) => healedAt !== undefined);
    const answers = firstAnswers(history, healed);
    const times = healed.map((fault) => ({ fault, micros: answers.get(fault) }));
    const slowest = times.reduce((most, { micros }) => Math.max(most, micros ?? 0), 0);
    const converged = convergedAfter(history, healed);
    const unanswered = times.filter(({ micros }) => micros === undefined).length;
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary:
        healed.length === 0
          ? "No fault was healed, so nothing had to recover"
          : `The nodes of ${counted(healed.length - unanswered)} of ${counted(healed.length)} healed faults answered again, ` +
            `the slowest after ${secondsOf(slowest)}; the cluster was at rest ${converged === undefined ? "at no look" : `${secondsOf(converged)} after the last heal`}`,
      metrics: {
        healedFaults: healed.length,
        unanswered,
        slowestAnswerMs: slowest / 1000,
        ...(converged === undefined ? {} : { convergedMs: converged / 1000 }),
        ...Object.fromEntries(
          times.flatMap(({ fault, micros }) =>
            micros === undefined ? [] : [[`${fault.id} ${fault.kind} answered after ms`, micros / 1000]],
          ),
        ),
      },
    });
  },
});

/** Fault -> time from its heal until the last of its nodes had answered an attempt that was sent after it. */
const firstAnswers = ({ requests }: History, healed: readonly Fault[]): ReadonlyMap<Fault, Micros> => {
  const waiting = new Map(healed.map((fault) => [fault, new Set(fault.nodes)]));
  const answers = new Map<Fault, Micros>();
  const until = new Map<Fault, Micros>();
  for (let row = 0; row < requests.count && waiting.size > 0; row++) {
    for (const { node, from, until: answered, outcome } of requests.attempts(row)) {
      if (outcome !== "ok") continue;
      for (const [fault, nodes] of waiting) {
        const healedAt = fault.healedAt ?? Infinity;
        if (from < healedAt || !nodes.delete(node)) continue;
        until.set(fault, Math.max(until.get(fault) ?? 0, answered - healedAt));
        if (nodes.size > 0) continue;
        answers.set(fault, until.get(fault) ?? 0);
        waiting.delete(fault);
      }
    }
  }
  return answers;
};

/** From the last heal to the first look after which every node has said, once at least, that it is at rest. */
const convergedAfter = (history: History, healed: readonly Fault[]): Micros | undefined => {
  const last = Math.max(...healed.map(({ healedAt }) => healedAt ?? 0));
  const quiet = new Set<string>();
  const memberCount = Math.max(1, membersAtEnd(history).length);
  for (const { node, at, isQuiet } of history.calm) {
    if (isQuiet) quiet.add(node);
    else quiet.delete(node);
    if (healed.length > 0 && at >= last && quiet.size >= memberCount) return at - last;
  }
  return undefined;
};
