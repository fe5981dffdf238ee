/**
 * Beside the first anomaly of each violated verdict, the smallest part of the run that still breaks that promise, told
 * in sentences: what a person reads who wants to see how little it takes. Found by `smallest-history.ts` among the
 * events of the anomaly's key; the verdict itself is left as it is.
 */
import { propertyNamed } from "./anomalies/catalog.ts";
import type { Checker } from "./checker.ts";
import { askerOf, endOf, listed, secondsOf, wroteSentence } from "./graph/story.ts";
import type { HistoryEvent } from "./history/event.ts";
import { type History, historyOf } from "./history/history.ts";
import type { Judgement } from "./judge.ts";
import { smallestHistory } from "./smallest-history.ts";
import type { Anomaly, SmallestPart, Verdict } from "./verdict.ts";

/** Sub-histories judged for one anomaly. */
const checksMax = 300;
/** A key with more events than this is too busy to be searched while somebody waits for the verdict. */
const eventsMax = 10_000;
/** Sentences told. */
const storyMax = 20;

/** The keys whose events are wanted. */
export const keysToTell = ({ verdicts }: Judgement): ReadonlySet<string> =>
  new Set(verdicts.flatMap((verdict) => keyOf(verdict) ?? []));

/** `events`: of all keys that are to be told, and whatever is about no key. */
export const withSmallestParts = (
  judgement: Judgement,
  events: readonly HistoryEvent[],
  checkers: readonly Checker[],
): Judgement => ({
  ...judgement,
  verdicts: judgement.verdicts.map((verdict) => {
    const checker = checkers.find(({ name }) => name === verdict.checker);
    const smallest = checker === undefined ? undefined : smallestPart(verdict, events, checker);
    if (smallest === undefined) return verdict;
    const [first, ...others] = verdict.anomalies;
    const anomalies: readonly Anomaly[] = first === undefined ? [] : [{ ...first, smallest }, ...others];
    return { ...verdict, anomalies };
  }),
});

const keyOf = ({ type, anomalies }: Verdict): string | undefined =>
  type === "violated" ? anomalies[0]?.key : undefined;

const smallestPart = (
  verdict: Verdict,
  events: readonly HistoryEvent[],
  checker: Checker,
): SmallestPart | undefined => {
  const key = keyOf(verdict);
  const property = Object.keys(verdict.violations ?? {})
    .map(propertyNamed)
    .find((name) => name !== undefined);
  if (key === undefined || property === undefined || events.length > eventsMax) return undefined;
  const part = smallestHistory(events, { checker, property, key, checksMax });
  if (part === undefined) return undefined;
  const isOfKey = (event: HistoryEvent): boolean => event.type === "invoke" && event.key === key;
  return {
    requestCount: part.requestCount,
    requestCountBefore: events.filter(isOfKey).length,
    isMinimal: part.isMinimal,
    story: sentencesOf(part.events).slice(0, storyMax),
  };
};

const sentencesOf = (events: readonly HistoryEvent[]): readonly string[] => {
  const history = historyOf(events);
  return events.flatMap((event) => sentenceOf(event, history) ?? []);
};

/** Undefined of what says nothing by itself: the completion of a request, the end of a fault, what frames the run. */
const sentenceOf = (event: HistoryEvent, history: History): string | undefined => {
  switch (event.type) {
    case "invoke":
      return requestSentence(history, history.requests.rowOf(event.id));
    case "fault":
      return event.stage === "active"
        ? `At ${secondsOf(event.at)} ${event.kind} of ${listed(event.nodes)}.`
        : undefined;
    case "dump":
      return `After the heal ${event.node} stored ${listed(event.observed.map(({ write }) => write ?? "bytes that nobody wrote"))} of ${event.key}.`;
    default:
      return undefined;
  }
};

const requestSentence = (history: History, row: number): string => {
  const { requests } = history;
  if (requests.kind(row) !== "get") return wroteSentence(history, requests.version(row));
  const request = requests.request(row);
  const asked = `At ${secondsOf(request.sent)} ${askerOf(request)} read ${request.key}`;
  if (request.outcome !== "ok") return `${asked}: ${endOf(request)}.`;
  const deleted = request.tombstones.map((tombstone) => `the tombstone ${tombstone}`);
  return `${asked}: it returned ${listed([...request.observed, ...deleted])}.`;
};
