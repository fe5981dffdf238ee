/**
 * What was said between clients and nodes around an anomaly, in the manner of Lamport's diagrams (CACM 21(7), 1978):
 * one line a process, time runs downwards, an arrow a message.
 *
 * Everything comes from what clients saw: when they sent, when they stopped waiting, and which nodes acknowledged a
 * write. Messages between nodes are only known where a node's own event log tells their time; otherwise an
 * acknowledged copy is drawn somewhere between the request and its answer, and marked so. The distance between two
 * moments on the page is not to scale: only their order is.
 */
import type { Micros, NodeName } from "../../checkers/history/event.ts";
import { preciseRunTime } from "../units.ts";
import type { RequestFigures } from "./figures.ts";

/** A message of one node to another, as the sender's or receiver's event log has it. */
export type NodeMessage = {
  readonly from: NodeName;
  readonly to: NodeName;
  readonly key: string;
  readonly at: Micros;
  readonly name: string;
};

export type Moment = { readonly at: Micros; readonly text: string };

export type Arrow = {
  /** Places among the lanes. */
  readonly from: number;
  readonly to: number;
  /** A place among the moments, and how far from it towards the next one, 0 to 1. */
  readonly moment: number;
  readonly offset: number;
  readonly style: "asked" | "answered" | "silent" | "copied" | "between";
  readonly explanation: string;
};

/** From when a client asked until it knew, or gave up. */
export type Wait = {
  readonly lane: number;
  readonly from: number;
  /** Null: it never knew. */
  readonly until: number | null;
  readonly outcome: RequestFigures["outcome"];
  readonly explanation: string;
};

export type MessageDiagram = {
  readonly lanes: readonly { readonly name: string; readonly isNode: boolean }[];
  readonly moments: readonly Moment[];
  readonly arrows: readonly Arrow[];
  readonly waits: readonly Wait[];
};

/** Requests of one diagram; more could not be followed by eye. */
export const diagramRequests = 10;

/** Messages of event logs in one diagram. */
const nodeMessageLimit = 60;

/** `nodes` in the order in which they stand; those that took no part are left out. */
export const messageDiagram = (
  requests: readonly RequestFigures[],
  nodes: readonly NodeName[],
  messages: readonly NodeMessage[] = [],
): MessageDiagram => {
  const shown = requests.slice(0, diagramRequests).toSorted((a, b) => a.at - b.at);
  const told = messagesAround(shown, messages);
  const talking = new Set([
    ...shown.flatMap(({ attempts, acknowledged, coordinator = "" }) => [
      ...[...attempts, ...acknowledged].map(({ node }) => node),
      coordinator,
    ]),
    ...told.flatMap(({ from, to }) => [from, to]),
  ]);
  const clients = [...new Set(shown.map(clientOf))];
  const lanes = [
    ...clients.map((name) => ({ name, isNode: false })),
    ...nodes.filter((node) => talking.has(node)).map((name) => ({ name, isNode: true })),
  ];
  const moments = momentsOf(shown);
  const laneOf = (name: string, isNode: boolean): number =>
    lanes.findIndex((lane) => lane.name === name && lane.isNode === isNode);
  const placeOf = placesOf(moments);

  return {
    lanes,
    moments,
    arrows: [
      ...shown.flatMap((request) => arrowsOf(request, laneOf, placeOf)),
      ...told.map((message): Arrow => {
        const { moment, offset } = placeOf(message.at);
        return {
          from: laneOf(message.from, true),
          to: laneOf(message.to, true),
          moment,
          offset,
          style: "between",
          explanation: `${message.name}, ${message.from} to ${message.to}, at ${preciseRunTime(message.at)}`,
        };
      }),
    ].filter(({ from, to }) => from >= 0 && to >= 0),
    waits: shown.map((request) => ({
      lane: laneOf(clientOf(request), false),
      from: placeOf(request.at).moment,
      until: request.until === null ? null : placeOf(request.until).moment,
      outcome: request.outcome,
      explanation: `${name(request)} ${request.outcome}`,
    })),
  };
};

/** Whose line it is. Final reads come all at once, each from a device of its own that nobody asks about. */
const clientOf = ({ isFinal, session }: RequestFigures): string => (isFinal ? "final reads" : session);

const name = ({ id, kind, key }: RequestFigures): string => `#${id} ${kind} ${key}`;

const momentsOf = (requests: readonly RequestFigures[]): readonly Moment[] => {
  const texts = new Map<Micros, string[]>();
  const say = (at: Micros, text: string): void => {
    texts.set(at, [...(texts.get(at) ?? []), text]);
  };
  for (const request of requests) {
    say(
      request.at,
      `#${request.id} ${request.kind}${request.write === undefined ? "" : ` ${request.write}`}`,
    );
    for (const { from } of request.attempts.slice(1)) say(from, `#${request.id} asks another node`);
    if (request.until !== null) say(request.until, `#${request.id} ${resultOf(request)}`);
  }
  return [...texts].map(([at, all]) => ({ at, text: all.join(", ") })).toSorted((a, b) => a.at - b.at);
};

const resultOf = ({ outcome, kind, observed, tombstones, failure }: RequestFigures): string => {
  if (outcome !== "ok") return `${outcome === "fail" ? "failed" : "unknown"}: ${failure ?? ""}`;
  if (kind !== "get") return "acknowledged";
  const seen = [...observed.map((write) => write ?? "?"), ...tombstones];
  return seen.length === 0 ? "returned nothing" : `returned ${seen.join(" ")}`;
};

type Place = { readonly moment: number; readonly offset: number };

/** Where a time lies among the moments. */
const placesOf =
  (moments: readonly Moment[]) =>
  (at: Micros): Place => {
    const next = moments.findIndex((moment) => moment.at > at);
    const moment = (next < 0 ? moments.length : next) - 1;
    const [before, after] = [moments[moment], moments[moment + 1]];
    if (before === undefined) return { moment: 0, offset: 0 };
    if (after === undefined) return { moment, offset: 0 };
    return { moment, offset: (at - before.at) / (after.at - before.at) };
  };

const arrowsOf = (
  request: RequestFigures,
  laneOf: (name: string, isNode: boolean) => number,
  placeOf: (at: Micros) => Place,
): readonly Arrow[] => {
  const client = laneOf(clientOf(request), false);
  const messages = request.attempts.flatMap((attempt, index): readonly Arrow[] => {
    const node = laneOf(attempt.node, true);
    const asked = { ...placeOf(index === 0 ? request.at : attempt.from), from: client, to: node };
    if (attempt.outcome === "unknown")
      return [
        { ...asked, style: "silent", explanation: `${attempt.node} did not answer #${request.id} in time` },
      ];
    return [
      { ...asked, style: "asked", explanation: `${name(request)} to ${attempt.node}` },
      {
        ...placeOf(attempt.until),
        from: node,
        to: client,
        style: "answered",
        explanation: `${attempt.node} answers #${request.id}`,
      },
    ];
  });
  const answered = request.attempts.find(({ outcome }) => outcome === "ok");
  return answered === undefined
    ? messages
    : [...messages, ...betweenNodes(request, answered, laneOf, placeOf)];
};

/** From the node that answered to the coordinator, if that was another, and on to those that acknowledged a copy. */
const betweenNodes = (
  { id, acknowledged, coordinator: named }: RequestFigures,
  { node: asked, from, until }: RequestFigures["attempts"][number],
  laneOf: (name: string, isNode: boolean) => number,
  placeOf: (at: Micros) => Place,
): readonly Arrow[] => {
  const coordinator = named ?? asked;
  const sent = (one: NodeName, other: NodeName, at: Micros): Omit<Arrow, "explanation"> => ({
    ...placeOf(at),
    from: laneOf(one, true),
    to: laneOf(other, true),
    style: "copied",
  });
  const passedOn: Arrow = {
    ...sent(asked, coordinator, from + (until - from) / 4),
    explanation: `${asked} passed #${id} on to ${coordinator}, its coordinator, some time before the answer`,
  };
  const copies = acknowledged.filter(({ node }) => node !== coordinator);
  return [
    ...(coordinator === asked ? [] : [passedOn]),
    ...copies.map(
      ({ node, role }): Arrow => ({
        ...sent(coordinator, node, (from + until) / 2),
        explanation: `${node} acknowledged a copy of #${id}${role === "fallback" ? " as a fallback" : ""}, some time before the answer`,
      }),
    ),
  ];
};

const messagesAround = (
  requests: readonly RequestFigures[],
  messages: readonly NodeMessage[],
): readonly NodeMessage[] =>
  messages
    .filter(({ key, at }) =>
      requests.some((request) => request.key === key && at >= request.at && at <= (request.until ?? at)),
    )
    .slice(0, nodeMessageLimit);
