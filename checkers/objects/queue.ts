/**
 * A queue that is drained at the end (Jepsen's total-queue): what was enqueued and acknowledged comes out, nothing
 * comes out that nobody put in, and nothing more often than it was put in. Order is not judged. A dequeue of unknown
 * outcome may have taken an element along; as long as there are as many of those as missing elements, loss is open.
 */
import { type Atom, atomOf, atomText } from "../exchange/datum.ts";
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { elementsOf } from "./elements.ts";
import { type ObjectCheck, objectCheck, objectVerdict, reportEach } from "./object-check.ts";
import { Operations } from "./operations.ts";

type Tally = { attempted: number; acknowledged: number; taken: number };

export const queueCheck = (): ObjectCheck => {
  const tallies = new Map<Atom, Tally>();
  let unknownTakes = 0;
  const tallyOf = (element: Atom): Tally => {
    const known = tallies.get(element) ?? { attempted: 0, acknowledged: 0, taken: 0 };
    tallies.set(element, known);
    return known;
  };
  const operations = new Operations({
    begins: ({ f, asked }) => {
      if (f === "enqueue") tallyOf(atomOf(asked)).attempted++;
    },
    ends: ({ f, asked, answer, outcome }) => {
      if (f === "enqueue") {
        if (outcome === "ok") tallyOf(atomOf(asked)).acknowledged++;
      } else if (outcome === "unknown") unknownTakes++;
      else if (outcome === "ok") {
        const taken = f === "drain" ? elementsOf(answer) : answer === null ? [] : [atomOf(answer)];
        for (const element of taken) tallyOf(element).taken++;
      }
    },
  });
  return objectCheck(operations, () => {
    const anomalies = new AnomalyList();
    const all = [...tallies];
    const missing = all.filter(([, { acknowledged, taken }]) => taken < acknowledged);
    const missingCount = missing.reduce((sum, [, { acknowledged, taken }]) => sum + acknowledged - taken, 0);
    const isExcused = missingCount <= unknownTakes;
    if (!isExcused)
      reportEach(anomalies, "lost-element", missing, told("was acknowledged and never came out"));
    const phantoms = all.filter(([, { attempted, taken }]) => attempted === 0 && taken > 0);
    reportEach(anomalies, "garbage-read", phantoms, told("came out and nobody had put it in"));
    const twice = all.filter(([, { attempted, taken }]) => attempted > 0 && taken > attempted);
    reportEach(anomalies, "duplicate-elements", twice, told("came out more often than it was put in"));
    const doubts =
      isExcused && missingCount > 0
        ? [
            `${missingCount} elements are missing, and ${unknownTakes} dequeues of unknown outcome may have taken them`,
          ]
        : [];
    const metrics = { elements: all.length, missing: missingCount, unknownTakes };
    return objectVerdict({ name: "queue", operations, anomalies, doubts, metrics });
  });
};

const told =
  (what: string) =>
  ([element]: readonly [Atom, Tally]): string =>
    `${atomText(element)} ${what}.`;
