/**
 * Which property a configuration promises: the verdict matrix as data.
 *
 * `hard`: a violation is a violation. `expected`: the configuration is known to break it; a violation stays one and
 * is labelled so. `metric`: it is counted and never decides. Durability (P1, P2) is `expected` at the mildest: a
 * lost acknowledged write is always a violation, even where the configuration asks for it.
 *
 * No fault lowers a grade but by its class: what one explains of single reads is for `forgetting.ts` to say.
 *
 * A row holds for a class of configurations; a property that a row leaves out is graded by the first row. A row also
 * says what is bound to show under faults: where it never does, the run is suspicious, since it was perhaps no test.
 */
import type { Property } from "./anomalies/catalog.ts";
import type { Promises } from "./history/event.ts";
import { namesOf } from "./history/faults.ts";
import type { History } from "./history/history.ts";

export type Grade = "hard" | "expected" | "metric";

/** A class of configurations, most telling first: the first whose `holds` is true names the run. */
export type ConfigurationClass = {
  readonly name: string;
  readonly because: string;
  readonly holds: (promises: Promises, faults: ReadonlySet<string>) => boolean;
  readonly grades: Readonly<Partial<Record<Property, Grade>>>;
  /** Properties that a run with faults breaks in this class, if it tests anything. */
  readonly shows: readonly Property[];
};

/** Grades of a sloppy quorum with dotted versions and synced writes; the other classes say only what differs. */
export const dotted: Readonly<Record<Property, Grade>> = {
  P1: "hard",
  P2: "hard",
  P3: "hard",
  P4: "hard",
  P4k: "hard",
  P5: "hard",
  P6: "hard",
  P7: "hard",
  P8: "hard",
  P9: "metric",
  P10: "metric",
  P11: "metric",
  P12: "metric",
  P13: "metric",
  P14: "hard",
  P15: "hard",
  P16: "metric",
  // Hard only with a sealed manifest, which waits until the store shows everything that the client has added.
  P17: "metric",
  P18: "metric",
  P19: "metric",
  P20: "hard",
  P21: "metric",
  P22: "metric",
  P23: "metric",
  P24: "hard",
};

/** Counts only homes, and every read meets every write in one of them. */
export const isStrict = ({ n, r, w, pr, pw, sloppy }: Promises): boolean =>
  pr + pw > n || (!sloppy && Math.max(r, pr) + Math.max(w, pw) > n);

/** What is not judged by itself, and from what it follows. */
export const derived: Readonly<Partial<Record<Property, string>>> = {
  P5: "follows from P1 and P4",
  P8: "follows from P1 and P6, as far as reads can tell",
  P9: "follows from P11, as far as reads can tell",
  P12: "holds of itself for a write that was built on a read, and all but blind ones are",
  P19: "no workload has quantities that commute yet",
  P23: "follows from P14: replicas that agree have one winner",
};

/** Faults after which a home has forgotten what it acknowledged. */
const destroyingFaults: ReadonlySet<string> = new Set(["wipe", "restore-backup", "corruption", "flipped"]);

/** Of a scheme that takes concurrent writes for one another's successors: the swallowed ones are lost, as it asks for. */
const swallowing = {
  P1: "expected",
  P2: "expected",
  P4: "metric",
  P4k: "metric",
  P6: "metric",
  P7: "metric",
} as const;

export const configurationClasses: readonly ConfigurationClass[] = [
  {
    name: "last write wins, and a clock that jumped",
    because: "a stamp far ahead is taken by nobody else until its time has come",
    holds: ({ versions }, faults) => versions.startsWith("lww") && faults.has("clock"),
    grades: { ...swallowing, P14: "expected" },
    shows: ["P1", "P2"],
  },
  {
    name: "last write wins",
    because: "the newest stamp swallows concurrent writes",
    holds: ({ versions }) => versions.startsWith("lww"),
    grades: swallowing,
    shows: ["P1", "P2"],
  },
  {
    name: "plain version vectors, counter from the context",
    because: "two coordinations of one context mint one clock for different bytes",
    holds: ({ versions }) => versions === "vv-increment",
    grades: { ...swallowing, P14: "expected" },
    shows: ["P1", "P2", "P14"],
  },
  {
    name: "plain version vectors",
    because: "two writes with one context through one coordinator look like successors of each other",
    holds: ({ versions }) => versions.startsWith("vv"),
    grades: swallowing,
    shows: ["P1", "P2"],
  },
  {
    name: "one copy, and a disk destroyed",
    because: "W = 1 acknowledges what a single disk holds, and a fault destroyed one",
    holds: ({ w, pw }, faults) =>
      Math.max(w, pw) < 2 && [...faults].some((kind) => destroyingFaults.has(kind)),
    grades: { P1: "expected", P2: "expected", P4: "metric", P4k: "metric" },
    shows: ["P1"],
  },
  {
    name: "strict quorum",
    because: "only homes count, and R + W > N",
    holds: isStrict,
    grades: { P10: "hard", P13: "hard" },
    shows: [],
  },
  {
    name: "weak quorum",
    because: "R + W <= N, so a read may meet no node that has the write",
    holds: ({ n, r, w, pr, pw }) => Math.max(r, pr) + Math.max(w, pw) <= n,
    grades: {},
    shows: ["P13"],
  },
  {
    name: "sloppy quorum",
    because: "fallbacks count",
    holds: () => true,
    grades: dotted,
    shows: [],
  },
];

/** The class of a run. A history that names no run is held to everything. */
export const classOf = ({ run, faults }: Configured): ConfigurationClass | undefined => {
  if (run === undefined) return undefined;
  const kinds = new Set(triedOf(faults).flatMap(namesOf));
  return configurationClasses.find(({ holds }) => holds(run.promises, kinds));
};

type Configured = Pick<History, "run" | "faults">;

/** A fault that was skipped has done nothing, so it excuses nothing. One that took no effect may have done half. */
const triedOf = (faults: History["faults"]) => faults.filter(({ stage }) => stage !== "skipped");

/** What a run of this configuration is bound to show; nothing of a run without faults. */
export const showsOf = (history: Configured): readonly Property[] => {
  if (triedOf(history.faults).length === 0) return [];
  const isUnion = history.run?.promises.codec === "union";
  return [...(classOf(history)?.shows ?? []), ...(isUnion ? (["P4"] as const) : [])];
};

export const gradeOf = (history: History, property: Property): Grade => {
  const promises = history.run?.promises;
  const configuration = classOf(history);
  if (promises === undefined || configuration === undefined) return "hard";
  // A union by name cannot tell "never had it" from "took it out": its resurfacing is a rate, never a verdict.
  if (promises.codec === "union" && property === "P4") return "metric";
  return configuration.grades[property] ?? dotted[property];
};
