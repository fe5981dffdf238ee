/**
 * What is measured of one run to compare it with another: a number a metric, over the steady phases together and over
 * each fault and recovery window alone. Phases are never pooled across kinds: a fault hides a slow steady state, and
 * the other way round.
 *
 * "Quiet p99": the phase is cut into windows of 250 requests of one operation, each gives its p99, and the lower
 * quartile of those is kept. A burst of foreign work spoils some windows, a slower store all of them. A phase too short
 * for four of them is cut into four smaller ones; both runs of a pair have the same seed and so the same windows. It is
 * blind to what happens in rare windows only, so the plain percentiles stand beside it.
 */
import type { Phase } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import type { RequestKind } from "../../checkers/history/rows.ts";
import { type LoadRequest, loadRequests } from "../load-requests.ts";
import { quantileOf } from "../percentiles.ts";
import { cpuPerRequest } from "./cpu-per-request.ts";
import { type MetricKind, metricKinds, type RequestMetric } from "./metric-kind.ts";

/** Of one run. `name` is the same for the same thing in another run. */
export type Measure = {
  readonly name: string;
  readonly kind: MetricKind;
  /** Null where too few requests were measured. */
  readonly value: number | null;
  /** Whether a comparison is decided by it, beside the rest that is only shown. */
  readonly isGating: boolean;
};

/** Requests of one operation in one phase, or in all steady ones. */
export type Group = {
  readonly operation: RequestKind | "any";
  readonly phase: string;
  /** In the order in which they were due. */
  readonly requests: readonly LoadRequest[];
};

/** Requests of a quiet window. Of fewer than a hundred, p99 is the slowest one. */
const quietWindow = { most: 250, least: 100 };
/** With fewer windows their lower quartile is nearly the least of them. */
const quietWindowsMin = 4;
/** A request later than this is bad, as one that failed is: the usual service level. */
const lateMs = 300;

/** All steady phases together, as a group's phase. */
export const steadyPhases = "steady phases";

/** Groups that have a request, the steady ones first. */
export const groupsOf = (history: History): readonly Group[] => {
  const measured = history.phases.filter(({ kind }) => kind !== "warm-up");
  const names = [...new Set([steadyPhases, ...measured.map(nameOf)])];
  const requests = [...loadRequests(history)].toSorted((a, b) => a.due - b.due);
  const byPhase = new Map<string, LoadRequest[]>(names.map((name) => [name, []]));
  for (const request of requests) {
    const phase = measured.find(({ from, until }) => request.due >= from && request.due < until);
    if (phase !== undefined) byPhase.get(nameOf(phase))?.push(request);
  }
  return [...byPhase].flatMap(([phase, all]) =>
    (["any", "get", "put"] as const).flatMap((operation) => {
      const own = operation === "any" ? all : all.filter(({ kind }) => kind === operation);
      return own.length === 0 ? [] : [{ operation, phase, requests: own }];
    }),
  );
};

const nameOf = ({ kind, name }: Phase): string => (kind === "steady" ? steadyPhases : name);

/** Every metric of every group in a fixed order, then what a request costs; that decides only where it is known. */
export const measuresOf = (history: History): readonly Measure[] => {
  const cost = cpuPerRequest(history);
  return [
    ...groupsOf(history).flatMap((group) => {
      const kinds: readonly RequestMetric[] =
        group.operation === "any" ? ["bad share"] : ["p50", "quiet p99", "p99", "p99.9"];
      return kinds.map((kind) => ({
        name: `${group.operation}, ${group.phase}: ${kind}`,
        kind,
        value: valueOf(kind, group.requests),
        isGating: group.phase === steadyPhases && metricKinds[kind].isGating,
      }));
    }),
    {
      name: `any, ${steadyPhases}: CPU per request`,
      kind: "CPU per request",
      value: cost,
      isGating: cost !== null && metricKinds["CPU per request"].isGating,
    },
  ];
};

/** Null where too few requests were measured. Latencies in milliseconds, from when a request was due. */
export const valueOf = (kind: RequestMetric, requests: readonly LoadRequest[]): number | null => {
  switch (kind) {
    case "p50":
      return quantileOf(acknowledged(requests).toSorted(), 0.5);
    case "p99":
      return quantileOf(acknowledged(requests).toSorted(), 0.99);
    case "p99.9":
      return quantileOf(acknowledged(requests).toSorted(), 0.999);
    case "quiet p99":
      return quietP99(acknowledged(requests));
    case "bad share":
      return requests.length === 0 ? null : requests.filter(isBad).length / requests.length;
  }
};

/** Of response times in the order in which they were due; null for fewer than four windows of a hundred. */
export const quietP99 = (responses: Float64Array): number | null => {
  const size = Math.min(quietWindow.most, Math.floor(responses.length / quietWindowsMin));
  if (size < quietWindow.least) return null;
  const windows: number[] = [];
  for (let from = 0; from + size <= responses.length; from += size)
    windows.push(responses.slice(from, from + size).toSorted()[Math.ceil(0.99 * size) - 1] ?? 0);
  return windows.toSorted((a, b) => a - b)[Math.floor(windows.length / 4)] ?? null;
};

/** Response times in milliseconds, in the order given. */
export const acknowledged = (requests: readonly LoadRequest[]): Float64Array =>
  Float64Array.from(requests.filter(({ outcome }) => outcome === "ok").map(({ responseMs }) => responseMs));

const isBad = ({ outcome, responseMs }: LoadRequest): boolean => outcome !== "ok" || responseMs > lateMs;
