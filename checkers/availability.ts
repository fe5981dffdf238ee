/**
 * P20, at all: does every node that can be reached serve its clients?
 *
 * An always-writable store accepts what comes to a node that can reach enough others. While no fault keeps nodes
 * from each other, and some seconds after, a node that answers none of many attempts in a row for whole seconds has
 * stopped to serve: it suspects everybody, or hangs. Attempts are judged, not requests, since a client that tries
 * elsewhere hides the node that failed it. The share acknowledged under faults is measured, not judged.
 *
 * The load loop is a witness only while it is awake: what failed in a second in which the loop itself lagged or
 * stalled does not count, and a silence that is long only with such seconds is a doubt, not a violation.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings } from "./finding.ts";
import { faultSentences, secondsOf } from "./graph/story.ts";
import type { Attempt, Micros } from "./history/event.ts";
import type { Fault } from "./history/faults.ts";
import type { History } from "./history/history.ts";
import { type LateWindow, lateMicros, lateWindows } from "./load-loop.ts";

const name = "availability";
const properties = ["P20"] as const;

/** So long and so often must a node have failed without a single success. */
export const silentMicrosMin = 3_000_000;
export const silentAttemptsMin = 30;
/** After a heal: time for detection, reconnection and a restart. */
export const graceMicros = 5_000_000;

/** Faults that leave every node reachable; all others excuse a node that cannot serve. */
const harmlessKinds: ReadonlySet<string> = new Set(["clock"]);

type Silence = {
  readonly from: Micros;
  readonly until: Micros;
  readonly attempts: number;
  /** Attempts and time while the load loop was late; the others are evidence. */
  readonly lateAttempts: number;
  readonly lateMicros: Micros;
  readonly requests: readonly number[];
  readonly isTold: boolean;
};

export const availability = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const { requests } = history;
    const silences = new Map<string, Silence>();
    const late = lateWindows(history);
    const doubtful = new Map<string, Silence>();
    let longest = 0;
    let asked = 0;
    let acknowledged = 0;
    for (let row = 0; row < requests.count; row++) {
      if (requests.isFinal(row)) continue;
      asked += 1;
      if (requests.outcome(row) === "ok") acknowledged += 1;
      for (const attempt of requests.attempts(row)) {
        const before = silences.get(attempt.node);
        const silence = afterAttempt({ history, late }, before, attempt, requests.id(row));
        if (silence === undefined) {
          silences.delete(attempt.node);
          continue;
        }
        const isNew = isProved(silence) && !silence.isTold;
        if (isLong(silence)) doubtful.set(attempt.node, silence);
        silences.set(attempt.node, isNew ? { ...silence, isTold: true } : silence);
        longest = Math.max(longest, silence.until - silence.from);
        if (isNew) tell(history, findings, attempt.node, silence);
      }
    }
    if (asked === 0) findings.doubt("No request was made under load.");
    for (const [node, silence] of doubtful) findings.doubt(doubtOf(node, silence));
    const share = asked === 0 ? 0 : acknowledged / asked;
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary: `${counted(acknowledged)} of ${counted(asked)} requests acknowledged (${(100 * share).toFixed(2)} %)`,
      metrics: {
        asked,
        acknowledged,
        share,
        longestSilenceMs: longest / 1000,
        loadLoopLateMs: late.reduce((sum, { from, until }) => sum + until - from, 0) / 1000,
      },
    });
  },
});

const isLong = ({ from, until, attempts }: Silence): boolean =>
  until - from >= silentMicrosMin && attempts >= silentAttemptsMin;

/** Long enough also without the time in which nobody was awake to see. */
const isProved = (silence: Silence): boolean =>
  silence.until - silence.from - silence.lateMicros >= silentMicrosMin &&
  silence.attempts - silence.lateAttempts >= silentAttemptsMin;

const doubtOf = (node: string, { from, until, lateMicros: late }: Silence): string =>
  `${node} answered nothing from ${secondsOf(from)} to ${secondsOf(until)}, but for ${secondsOf(late)} of that the load loop itself lagged or stalled.`;

type Evidence = { readonly history: History; readonly late: readonly LateWindow[] };

/** The node's silence so far; undefined when it answered, or when a fault excuses it. */
const afterAttempt = (
  { history: { faults }, late }: Evidence,
  silence: Silence | undefined,
  { from, until, outcome }: Attempt,
  request: number,
): Silence | undefined => {
  if (outcome === "ok" || faults.some((fault) => excuses(fault, from, until))) return undefined;
  const lateTime = lateMicros(late, from, until);
  const lateAttempts = lateTime > 0 ? 1 : 0;
  if (silence === undefined)
    return {
      from,
      until,
      attempts: 1,
      lateAttempts,
      lateMicros: lateTime,
      requests: [request],
      isTold: false,
    };
  const end = Math.max(silence.until, until);
  return {
    ...silence,
    until: end,
    attempts: silence.attempts + 1,
    lateAttempts: silence.lateAttempts + lateAttempts,
    lateMicros: lateMicros(late, silence.from, end),
    requests: silence.requests.length < 6 ? [...silence.requests, request] : silence.requests,
  };
};

const excuses = ({ kind, stage, beganAt, healedAt }: Fault, from: Micros, until: Micros): boolean =>
  stage !== "skipped" &&
  !harmlessKinds.has(kind) &&
  beganAt <= until &&
  (healedAt ?? Infinity) + graceMicros >= from;

const tell = (history: History, findings: Findings, node: string, silence: Silence): void =>
  findings.found("unavailable-node", () => ({
    sentence: `${node} answered none of ${silence.attempts} attempts from ${secondsOf(silence.from)} to ${secondsOf(silence.until)}, while no fault kept nodes apart.`,
    story: faultSentences(history, silence.from, silence.until),
    requests: silence.requests,
    writes: [],
  }));
