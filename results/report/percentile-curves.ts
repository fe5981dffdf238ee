/** The distributions of a run's acknowledged requests, as points that a plot can join. */
import type { Phase } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import { kinds } from "../../checkers/history/rows.ts";
import { loadRequests } from "../load-requests.ts";
import type { PercentileCurve } from "./figures.ts";

/** Fewer acknowledged requests make no curve. */
const samplesWanted = 300;

export const percentileCurves = (history: History): readonly PercentileCurve[] =>
  (["steady", "faults"] as const).flatMap((window) =>
    kinds.flatMap((operation) =>
      (["response", "service"] as const).flatMap((measure) => {
        const curve = { operation, measure, window };
        const ascending = samplesOf(history, curve);
        if (ascending.length < samplesWanted) return [];
        return [{ ...curve, sampleCount: ascending.length, points: pointsOf(ascending) }];
      }),
    ),
  );

const windowOf = (phase: Phase): PercentileCurve["window"] | null => {
  if (phase.kind === "steady") return "steady";
  return phase.kind === "fault" || phase.kind === "recovery" ? "faults" : null;
};

const samplesOf = (
  history: History,
  curve: Pick<PercentileCurve, "operation" | "measure" | "window">,
): Float64Array => {
  const phases = history.phases.filter((phase) => windowOf(phase) === curve.window);
  const samples: number[] = [];
  for (const { kind, outcome, due, responseMs, serviceMs } of loadRequests(history)) {
    if (kind !== curve.operation || outcome !== "ok") continue;
    if (phases.some((phase) => due >= phase.from && due < phase.until))
      samples.push(curve.measure === "response" ? responseMs : serviceMs);
  }
  return Float64Array.from(samples).toSorted();
};

/** Twenty points a decade of 1/(1 − q), from p10 as far as the samples reach. */
const pointsOf = (ascending: Float64Array): PercentileCurve["points"] => {
  const steps = Math.ceil(Math.log10(ascending.length) * 20);
  return Array.from({ length: steps }, (_, step) => {
    const quantile = Math.min(1 - 10 ** (-(step + 1) / 20), 1 - 1 / ascending.length);
    const rank = Math.min(ascending.length - 1, Math.floor(quantile * ascending.length));
    return { quantile, ms: ascending[rank] ?? 0 };
  });
};
