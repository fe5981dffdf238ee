/**
 * A counter that is added to and read all along (Jepsen's counter, with negative additions too): a read lies between
 * the least and the most that the additions begun before its end, and acknowledged before its beginning, allow.
 * Sound, not complete: each read is judged alone. Linear, constant memory.
 */
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { type ObjectCheck, objectCheck, objectVerdict } from "./object-check.ts";
import { Operations } from "./operations.ts";

type Bounds = { readonly least: number; readonly most: number };

export const counterCheck = (): ObjectCheck => {
  const anomalies = new AnomalyList();
  /** Acknowledged so far; least and most of what is open or unknown; least and most of all that ever began. */
  let settled = 0;
  const pending = { least: 0, most: 0 };
  const begun = { least: 0, most: 0 };
  const atBegin = new Map<number, Bounds>();
  let reads = 0;
  const operations = new Operations({
    begins: ({ process, f, asked }) => {
      if (f === "read") {
        atBegin.set(process, {
          least: settled + pending.least - begun.least,
          most: settled + pending.most - begun.most,
        });
        return;
      }
      const amount = amountOf(f, asked);
      for (const bounds of [pending, begun]) {
        bounds.least += Math.min(0, amount);
        bounds.most += Math.max(0, amount);
      }
    },
    ends: ({ process, f, asked, answer, outcome, line }) => {
      if (f !== "read") {
        if (outcome === "unknown") return;
        const amount = amountOf(f, asked);
        pending.least -= Math.min(0, amount);
        pending.most -= Math.max(0, amount);
        if (outcome === "ok") settled += amount;
        return;
      }
      const base = atBegin.get(process);
      atBegin.delete(process);
      if (outcome !== "ok" || base === undefined) return;
      reads++;
      const least = base.least + begun.least;
      const most = base.most + begun.most;
      if (typeof answer === "number" && least <= answer && answer <= most) return;
      const sentence = `The read of line ${line} returned ${String(answer)}, which is not within ${least} to ${most}.`;
      anomalies.add("counter-out-of-bounds", () => ({ sentence, story: [], requests: [] }));
    },
  });
  return objectCheck(operations, () => {
    const doubts = reads === 0 ? ["the counter was never read"] : [];
    return objectVerdict({ name: "counter", operations, anomalies, doubts, metrics: { reads, settled } });
  });
};

/** `decrement` and `dec` subtract; anything else that is not a read adds. */
export const amountOf = (f: string, asked: unknown): number => {
  const amount = typeof asked === "number" ? asked : 1;
  return f.startsWith("dec") ? -amount : amount;
};
