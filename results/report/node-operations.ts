/**
 * How each operation did by node, over the whole run and from interval to interval: through the node that a client
 * asked first, and, of writes, by the node that coordinated them.
 *
 * Every node may coordinate, so a node can be slow as the one that is asked, or as the one that others pass writes on
 * to; the two look different only apart. A coordinator is who the answer named and nobody else: who had the first copy
 * is another node in one write of three.
 */
import type { Micros } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import type { RequestKind } from "../../checkers/history/rows.ts";
import { strictestLimitMs } from "../fault-effects.ts";
import { type LoadRequest, loadRequests } from "../load-requests.ts";
import { latencyFigures, quantileOf } from "../percentiles.ts";
import { type NodeFigures, type OperationFigures, panelLimit } from "./figures.ts";

const operations = ["get", "put", "delete"] as const satisfies readonly RequestKind[];

/** Requests of a node in one interval, so that p90 can be named of each operation in most of them. */
const requestsWanted = 80;
const widths: readonly Micros[] = [1e6, 2e6, 5e6];

type Tally = {
  /** One list of milliseconds an interval. */
  readonly okMs: readonly number[][];
  /** Slow, failed or unknown, one count an interval. */
  readonly spoilt: number[];
  slow: number;
  bad: number;
};

/** By the number of the node. */
type Tallies = Map<number, Map<RequestKind, Tally>>;

/** The shortest interval that leaves a panel enough requests, of those that fit into its columns. */
export const panelWidth = (history: History, until: Micros): Micros => {
  const perSecond = (history.requests.count * 1e6) / until / Math.max(1, history.run?.nodes.length ?? 1);
  const wanted = widths.find((width) => (perSecond * width) / 1e6 >= requestsWanted) ?? 5e6;
  return Math.max(wanted, Math.ceil(until / 1e6 / panelLimit) * 1e6);
};

/**
 * The nodes of the run in its order, then those that came later. An operation of which a node had none is left out. A
 * request that was due after `until` counts in the last interval.
 */
export const nodeFigures = (
  history: History,
  { until, widthUs }: { readonly until: Micros; readonly widthUs: Micros },
): readonly NodeFigures[] => {
  const { nodes, requests } = history;
  const asked: Tallies = new Map();
  const coordinated: Tallies = new Map();
  const length = Math.max(1, Math.ceil(until / widthUs));
  const limitMs = strictestLimitMs(history);
  const placeOf = ({ due }: LoadRequest) => Math.min(length - 1, Math.floor(due / widthUs));
  for (const request of loadRequests(history)) {
    const { row, kind, outcome } = request;
    const place = placeOf(request);
    count(tallyOf(asked, requests.entry(row), kind, length), request, { place, limitMs });
    if (kind === "get" || outcome !== "ok") continue;
    const coordinator = requests.coordinator(row);
    if (coordinator >= 0) count(tallyOf(coordinated, coordinator, kind, length), request, { place, limitMs });
  }

  const heardOf = [...asked.keys(), ...coordinated.keys()].filter((number) => number >= 0);
  const names = new Set([...(history.run?.nodes ?? []), ...heardOf.map((number) => nodes.name(number))]);
  return [...names].map((name) => {
    const number = nodes.find(name);
    return nodeOf(name, asked.get(number), coordinated.get(number));
  });
};

const tallyOf = (all: Tallies, node: number, kind: RequestKind, length: number): Tally => {
  const own = all.get(node) ?? new Map<RequestKind, Tally>();
  all.set(node, own);
  const tally = own.get(kind) ?? {
    okMs: Array.from({ length }, () => []),
    spoilt: Array.from({ length }, () => 0),
    slow: 0,
    bad: 0,
  };
  own.set(kind, tally);
  return tally;
};

const count = (
  tally: Tally,
  { outcome, responseMs }: LoadRequest,
  { place, limitMs }: { readonly place: number; readonly limitMs: number },
): void => {
  const isSlow = outcome === "ok" && responseMs > limitMs;
  if (outcome === "ok") tally.okMs[place]?.push(responseMs);
  else tally.bad += 1;
  if (isSlow) tally.slow += 1;
  if (isSlow || outcome !== "ok") tally.spoilt[place] = (tally.spoilt[place] ?? 0) + 1;
};

type Counted = ReadonlyMap<RequestKind, Tally> | undefined;

const nodeOf = (node: string, asked: Counted, coordinated: Counted): NodeFigures => {
  const own = operations.flatMap(figuresFrom(asked));
  const sum = (of: (one: OperationFigures) => number): number => own.reduce((all, one) => all + of(one), 0);
  return {
    node,
    okCount: sum((one) => one.okCount),
    badCount: sum((one) => one.badCount),
    slowCount: sum((one) => one.slowCount),
    latencyMs: latencyFigures([...(asked?.values() ?? [])].flatMap(({ okMs }) => okMs.flat())),
    operations: own,
    coordinated: operations.flatMap(figuresFrom(coordinated)),
  };
};

const figuresFrom =
  (tallies: Counted) =>
  (operation: RequestKind): readonly OperationFigures[] => {
    const tally = tallies?.get(operation);
    if (tally === undefined) return [];
    const all = tally.okMs.flat();
    const ascending = tally.okMs.map((samples) => Float64Array.from(samples).toSorted());
    return [
      {
        operation,
        okCount: all.length,
        slowCount: tally.slow,
        badCount: tally.bad,
        latencyMs: latencyFigures(all),
        course: {
          p50: ascending.map((one) => quantileOf(one, 0.5)),
          p90: ascending.map((one) => quantileOf(one, 0.9)),
          max: ascending.map((one) => one.at(-1) ?? null),
          bad: tally.spoilt,
        },
      },
    ];
  };
