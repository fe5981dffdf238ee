/** Ids that must never repeat (Jepsen's unique-ids): no value is answered twice. Sound and complete; linear. */
import { type Atom, atomOf, atomText } from "../exchange/datum.ts";
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { type ObjectCheck, objectCheck, objectVerdict } from "./object-check.ts";
import { Operations } from "./operations.ts";

export const uniqueIdsCheck = (): ObjectCheck => {
  const anomalies = new AnomalyList();
  const lineOf = new Map<Atom, number>();
  const operations = new Operations({
    ends: ({ answer, outcome, line }) => {
      if (outcome !== "ok") return;
      const id = atomOf(answer);
      const before = lineOf.get(id);
      lineOf.set(id, before ?? line);
      if (before === undefined) return;
      const sentence = `${atomText(id)} was given out to the requests of lines ${before} and ${line}.`;
      anomalies.add("duplicate-id", () => ({ sentence, story: [], requests: [] }));
    },
  });
  return objectCheck(operations, () => {
    const doubts = lineOf.size === 0 ? ["no id was given out"] : [];
    return objectVerdict({
      name: "unique-ids",
      operations,
      anomalies,
      doubts,
      metrics: { ids: lineOf.size },
    });
  });
};
