/**
 * The smallest part of a history that still breaks a promise: delta debugging (Zeller and Hildebrandt 2002) over its
 * requests, faults and dumps. Parts are left out, larger ones first, as long as the checker still finds the promise
 * broken and the rest fits together; what is left when no single part can go is minimal, if the budget sufficed.
 *
 * What is left may break the promise otherwise than the whole did: it is an illustration, and the verdict on the
 * whole stays what it was.
 */
import type { Property } from "./anomalies/catalog.ts";
import type { Checker } from "./checker.ts";
import type { HistoryEvent } from "./history/event.ts";
import { historyOf } from "./history/history.ts";

export type Smallest = {
  readonly events: readonly HistoryEvent[];
  /** Requests left, of how many. */
  readonly requestCount: number;
  readonly requestCountBefore: number;
  /** False when the budget ended the search: a smaller part may do. */
  readonly isMinimal: boolean;
};

export type Search = {
  readonly checker: Checker;
  readonly property: Property;
  /** The key that the anomaly is about: requests and dumps of others are left out at once, if the rest still breaks. */
  readonly key?: string;
  /** Sub-histories judged at most. */
  readonly checksMax?: number;
};

/** A unit that goes or stays as a whole: a request with its completion, all events of a fault, a single event. */
type Unit = readonly HistoryEvent[];

/** Undefined when the whole does not break the promise, so that there is nothing to make smaller. */
export const smallestHistory = (
  events: readonly HistoryEvent[],
  { checker, property, key, checksMax = 1000 }: Search,
): Smallest | undefined => {
  let checks = 0;
  const places = new Map(events.map((event, place) => [event, place]));
  // Without what the run promised it would be held to everything.
  const frame = events.filter(({ type }) => type === "run");
  const inOrder = (units: readonly Unit[]): readonly HistoryEvent[] =>
    [...frame, ...units.flat()].toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  const isBroken = (units: readonly Unit[]): boolean => {
    checks += 1;
    const history = historyOf(inOrder(units));
    return history.defects.length === 0 && (checker.check(history).violations?.[property] ?? 0) > 0;
  };
  const isSpent = (): boolean => checks >= checksMax;
  const whole = unitsOf(events.filter(({ type }) => type !== "run"));
  if (!isBroken(whole)) return undefined;
  const ofKey = whole.filter((unit) => key === undefined || isAbout(unit, key));
  let units: readonly Unit[] = isBroken(ofKey) ? ofKey : whole;
  let size = Math.ceil(units.length / 2);
  let isMinimal = units.length <= 1;
  while (!isMinimal && !isSpent()) {
    const before = units.length;
    for (let start = 0; start < units.length && !isSpent(); ) {
      const rest = [...units.slice(0, start), ...units.slice(start + size)];
      if (isBroken(rest)) units = rest;
      else start += size;
    }
    isMinimal = size === 1 && units.length === before && !isSpent();
    size = units.length < before ? Math.min(size, Math.ceil(units.length / 2)) : Math.ceil(size / 2);
  }
  const left = inOrder(units);
  const [requestCountBefore, requestCount] = [events, left].map((list) => list.filter(isRequest).length);
  return {
    events: left,
    requestCount: requestCount ?? 0,
    requestCountBefore: requestCountBefore ?? 0,
    isMinimal,
  };
};

const isRequest = ({ type }: HistoryEvent): boolean => type === "invoke";

/** Whether it is about no other key than `keys`; a completion is about none. */
export const isAboutNoOther = (event: HistoryEvent, keys: ReadonlySet<string>): boolean =>
  (event.type !== "invoke" && event.type !== "dump") || keys.has(event.key);

const isAbout = (unit: Unit, key: string): boolean => {
  const keys = new Set([key]);
  return unit.every((event) => isAboutNoOther(event, keys));
};

const unitsOf = (events: readonly HistoryEvent[]): readonly Unit[] => {
  const units = new Map<string, HistoryEvent[]>();
  for (const [place, event] of events.entries()) {
    const name = nameOf(event, place);
    const unit = units.get(name);
    if (unit === undefined) units.set(name, [event]);
    else unit.push(event);
  }
  return [...units.values()];
};

const nameOf = (event: HistoryEvent, place: number): string => {
  switch (event.type) {
    case "invoke":
    case "ok":
    case "fail":
    case "info":
    case "late-copy":
      return `request ${event.id}`;
    case "fault":
      return `fault ${event.id}`;
    case "run":
    case "dump":
    case "calm":
    case "load":
    case "machine":
    case "node-ended":
    case "end":
      return `event ${place}`;
    default:
      return event satisfies never;
  }
};
