/**
 * A set that elements are added to, read once at the end (Jepsen's set): every acknowledged element is in the last
 * read, and nothing else but what was at least attempted. Sound and complete for that; linear.
 */
import { type Atom, atomOf, atomText } from "../exchange/datum.ts";
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { elementsOf } from "./elements.ts";
import { type ObjectCheck, objectCheck, objectVerdict, reportEach } from "./object-check.ts";
import { Operations } from "./operations.ts";

export const setCheck = (): ObjectCheck => {
  const attempted = new Set<Atom>();
  const acknowledged = new Set<Atom>();
  let last: ReadonlySet<Atom> | undefined;
  let lastBegan = -1;
  let lastAcknowledged = -1;
  const operations = new Operations({
    begins: ({ f, asked }) => {
      if (f === "add") attempted.add(atomOf(asked));
    },
    ends: ({ f, asked, answer, outcome, from, until }) => {
      if (outcome !== "ok") return;
      if (f === "add") {
        acknowledged.add(atomOf(asked));
        lastAcknowledged = until;
      } else if (f === "read") {
        last = new Set(elementsOf(answer));
        lastBegan = from;
      }
    },
  });
  return objectCheck(operations, () => {
    const anomalies = new AnomalyList();
    const doubts: string[] = [];
    const present = last ?? new Set<Atom>();
    if (last === undefined) doubts.push("the set was never read");
    else if (lastBegan < lastAcknowledged)
      doubts.push("the last read began before the last add was acknowledged");
    const lost =
      last === undefined || doubts.length > 0
        ? []
        : [...acknowledged].filter((element) => !present.has(element));
    reportEach(
      anomalies,
      "lost-element",
      lost,
      (element) => `${atomText(element)} was acknowledged and is not in the last read.`,
    );
    const phantoms = [...present].filter((element) => !attempted.has(element));
    reportEach(
      anomalies,
      "garbage-read",
      phantoms,
      (element) => `${atomText(element)} is in the last read and nobody added it.`,
    );
    const metrics = {
      attempted: attempted.size,
      acknowledged: acknowledged.size,
      present: present.size,
      lost: lost.length,
      recovered: [...present].filter((element) => attempted.has(element) && !acknowledged.has(element))
        .length,
    };
    return objectVerdict({ name: "set", operations, anomalies, doubts, metrics });
  });
};
