/**
 * A counter that may lag behind but must arrive (a PN-counter): reads that begin after the last addition ended all
 * return the sum of the acknowledged additions and of some of the unknown ones. Reads before that are not judged.
 * Sound; complete as long as the possible sums are at most `sumLimit`, beyond which only their range is judged.
 */
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { amountOf } from "./counter.ts";
import { type ObjectCheck, objectCheck, objectVerdict } from "./object-check.ts";
import { Operations } from "./operations.ts";

const sumLimit = 100_000;

export const pnCounterCheck = (): ObjectCheck => {
  let acknowledged = 0;
  let lastEnd = -1;
  const unknown: number[] = [];
  const reads: { readonly from: number; readonly value: unknown; readonly line: number }[] = [];
  const operations = new Operations({
    ends: ({ f, asked, answer, outcome, from, until, line }) => {
      if (f === "read") {
        if (outcome === "ok") reads.push({ from, value: answer, line });
      } else if (outcome === "unknown") unknown.push(amountOf(f, asked));
      else {
        lastEnd = until;
        if (outcome === "ok") acknowledged += amountOf(f, asked);
      }
    },
  });
  return objectCheck(operations, () => {
    const anomalies = new AnomalyList();
    const final = reads.filter(({ from }) => from > lastEnd);
    const isPossible = possibleSums(acknowledged, unknown);
    for (const { value, line } of final) {
      if (typeof value === "number" && isPossible(value)) continue;
      const sentence = `The final read of line ${line} returned ${String(value)}; ${acknowledged} was acknowledged and ${unknown.length} additions are unknown.`;
      anomalies.add("wrong-final-value", () => ({ sentence, story: [], requests: [] }));
    }
    const values = new Set(final.map(({ value }) => String(value)));
    if (values.size > 1) {
      const sentence = `The final reads disagree: ${[...values].slice(0, 5).join(", ")}.`;
      anomalies.add("divergence", () => ({ sentence, story: [], requests: [] }));
    }
    const doubts = final.length === 0 ? ["no read began after the last addition"] : [];
    const metrics = { acknowledged, unknown: unknown.length, finalReads: final.length };
    return objectVerdict({ name: "pn-counter", operations, anomalies, doubts, metrics });
  });
};

const possibleSums = (acknowledged: number, unknown: readonly number[]): ((value: number) => boolean) => {
  let sums = new Set([acknowledged]);
  for (const amount of unknown) {
    sums = new Set([...sums, ...[...sums].map((sum) => sum + amount)]);
    if (sums.size > sumLimit) break;
  }
  if (sums.size <= sumLimit) return (value) => sums.has(value);
  const least = unknown.reduce((sum, amount) => sum + Math.min(0, amount), acknowledged);
  const most = unknown.reduce((sum, amount) => sum + Math.max(0, amount), acknowledged);
  return (value) => least <= value && value <= most;
};
