/**
 * A set that is read all along (Jepsen's set-full). An element is known from the end of its add or of the first read
 * that shows it, whichever is earlier. From then on it is
 *
 *   stable      in every read that begins later, or in all from some read on;
 *   stale       for a time: absent from a read that began when it was known, present in a later one;
 *   lost        absent from the reads that began after the last one that showed it had ended;
 *   never read  never shown, though nothing says it was lost: no read began after it was known.
 *
 * Lost is always a violation, stale one when the set is promised to be linearizable. Linear in the elements read, and
 * a search by halves for each element.
 */
import { type Atom, atomOf, atomText } from "../exchange/datum.ts";
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { elementsOf } from "./elements.ts";
import { type ObjectCheck, objectCheck, objectVerdict } from "./object-check.ts";
import { Operations } from "./operations.ts";

type Read = { readonly from: number; readonly until: number; readonly elements: readonly Atom[] };
type Fate = { known: number; lastShownUntil: number; shownSinceKnown: number };

export const setFullCheck = ({ linearizable }: { readonly linearizable: boolean }): ObjectCheck => {
  const attempted = new Set<Atom>();
  const fates = new Map<Atom, Fate>();
  const reads: Read[] = [];
  const fateOf = (element: Atom): Fate => {
    const known = fates.get(element) ?? {
      known: Number.POSITIVE_INFINITY,
      lastShownUntil: -1,
      shownSinceKnown: 0,
    };
    fates.set(element, known);
    return known;
  };
  const operations = new Operations({
    begins: ({ f, asked }) => {
      if (f === "add") attempted.add(atomOf(asked));
    },
    ends: ({ f, asked, answer, outcome, from, until }) => {
      if (outcome !== "ok") return;
      const elements = f === "add" ? [atomOf(asked)] : [...new Set(elementsOf(answer))];
      for (const element of elements) fateOf(element).known = Math.min(fateOf(element).known, until);
      if (f === "read") reads.push({ from, until, elements });
    },
  });
  return objectCheck(operations, () => {
    const anomalies = new AnomalyList();
    const tally = judgeFates({ fates, reads, attempted, linearizable, anomalies });
    const doubts = reads.length === 0 ? ["the set was never read"] : [];
    const metrics = { attempted: attempted.size, reads: reads.length, ...tally };
    return objectVerdict({ name: "set-full", operations, anomalies, doubts, metrics });
  });
};

type Evidence = {
  readonly fates: ReadonlyMap<Atom, Fate>;
  readonly reads: readonly Read[];
  readonly attempted: ReadonlySet<Atom>;
  readonly linearizable: boolean;
  readonly anomalies: AnomalyList;
};

const judgeFates = ({ fates, reads, attempted, linearizable, anomalies }: Evidence) => {
  for (const { from, until, elements } of reads) {
    for (const element of elements) {
      const fate = fates.get(element);
      if (fate === undefined) continue;
      fate.lastShownUntil = Math.max(fate.lastShownUntil, until);
      if (from > fate.known) fate.shownSinceKnown++;
    }
  }
  const begins = Float64Array.from(reads, ({ from }) => from).toSorted();
  const since = (position: number): number => begins.length - countUpTo(begins, position);
  const tally = { stable: 0, stale: 0, lost: 0, neverRead: 0 };
  for (const [element, fate] of fates) {
    const add = (type: string, what: string): void =>
      anomalies.add(type, () => ({ sentence: `${atomText(element)} ${what}.`, story: [], requests: [] }));
    if (!attempted.has(element)) add("garbage-read", "was read and nobody added it");
    const missed = since(Math.max(fate.known, fate.lastShownUntil));
    if (missed > 0) {
      tally.lost++;
      add(
        "lost-element",
        `was known, and the ${missed} reads that began after it was last seen do not show it`,
      );
    } else if (fate.lastShownUntil < 0) tally.neverRead++;
    else if (fate.shownSinceKnown < since(fate.known)) {
      tally.stale++;
      if (linearizable) add("stale-read", "was known, missing from a later read, and there again");
    } else tally.stable++;
  }
  return tally;
};

/** How many of the ascending numbers are at most `limit`. */
const countUpTo = (numbers: Float64Array, limit: number): number => {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
};
