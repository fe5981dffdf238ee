/**
 * The tables of checkers/README.md that are made from the code: the checkers, the properties and what each kind of
 * configuration promises, and the anomalies. Each stands between two marks and is typed nowhere else.
 */
import { catalog, type Property, properties } from "./anomalies/catalog.ts";
import { cartCheckers } from "./cart-checkers.ts";
import { configurationClasses, derived, dotted } from "./promises.ts";

/** What a checker proves, what it cannot, and how its cost grows. `n` is the number of requests. */
type Note = {
  readonly proves: string;
  readonly cannot: string;
  readonly cost: string;
  /** Sound: what it condemns is wrong. Complete: what is wrong, as far as it judges, it condemns. */
  readonly holds: string;
  readonly source: string;
};

/** Checker -> its golden histories, which only a reader of the folder can count. */
export type GoldenCounts = ReadonlyMap<string, number>;

const notes: Readonly<Record<string, Note>> = {
  "acked-writes": {
    proves: "every loss of an acknowledged write, given final reads of its key",
    cannot: "say where it was lost; a write that a later one had seen counts as kept",
    cost: "n",
    holds: "both, given final reads",
    source: "Dynamo §4.5; Jepsen's set-full",
  },
  "acked-adds": {
    proves: "every acknowledged item that is gone without anybody's will, by the store or by the codec",
    cannot: "judge values that are no carts",
    cost: "n, and the lines of carts",
    holds: "both, given final reads",
    source: "Dynamo §4.4",
  },
  phantoms: {
    proves:
      "every returned or dumped version that nobody wrote so, there, before; every definite failure seen",
    cannot: "find what no read and no dump shows",
    cost: "n",
    holds: "both",
    source: "Saltzer et al. 1984; Adya's G1a",
  },
  resurfacing: {
    proves: "every removed line and every deleted key that a read shows again",
    cannot: "condemn union carts, which cannot do better: their rate is measured",
    cost: "n, and the lines of carts",
    holds: "both",
    source: "Shapiro et al. 2011; Dynamo §4.4",
  },
  convergence: {
    proves: "every difference between replicas, trees and answers after the cluster came to rest",
    cannot: "tell late from never while a cluster is still exchanging: then it is inconclusive",
    cost: "keys × nodes",
    holds: "both, at rest",
    source: "Dynamo §4.6, 4.7; Vogels 2008",
  },
  siblings: {
    proves: "every version returned beside its successor, every write returned twice",
    cannot: "see contexts, which are opaque: only what they led to",
    cost: "n",
    holds: "both",
    source: "Preguiça et al. 2010; Dynamo §6.3",
  },
  freshness: {
    proves: "every read that missed a write acknowledged before it",
    cannot: "order what overlaps in time",
    cost: "n",
    holds: "both",
    source: "Gifford 1979",
  },
  sessions: {
    proves: "every read that missed its client's own write, or went back behind its own read",
    cannot: "follow a shopper from one device to another",
    cost: "n",
    holds: "both",
    source: "Terry et al. 1994",
  },
  checkout: {
    proves: "every order that lacks an acknowledged line of its session, every line sold twice",
    cannot: "call either a violation without a sealed manifest",
    cost: "n",
    holds: "both",
    source: "Helland and Campbell 2009",
  },
  availability: {
    proves:
      "every node that served nobody for 3 s and 30 attempts without the excuse of a fault or of a load loop that stalled",
    cannot: "judge a node that is slow but answers: see `sla`",
    cost: "attempts × faults",
    holds: "sound",
    source: "Dynamo §2.3",
  },
  recovery: {
    proves: "nothing: how long nodes took to answer and the cluster to come to rest, after each heal",
    cannot: "judge: the times are measures",
    cost: "attempts × faults",
    holds: "a measure",
    source: "–",
  },
  crashes: {
    proves: "every node that ended by itself, with its exit code or signal and its last log line",
    cannot: "see a node that hangs: see `availability`",
    cost: "ends × faults",
    holds: "both",
    source: "Gray 1985",
  },
  sla: {
    proves: "objectives held or missed, with 95 % confidence, counted exactly at the limit",
    cannot: "clear a store whose load generator lagged: then it is inconclusive",
    cost: "n × objectives",
    holds: "sound, at 95 %",
    source: "Dynamo §2.2; Clopper and Pearson 1934",
  },
  exercised: {
    proves:
      "that the run could have failed: load around each fault, proof of it, siblings, hints, final reads",
    cannot: "violate: what is missing makes the run inconclusive",
    cost: "n × faults",
    holds: "complete for what it asks",
    source: "–",
  },
};

const tables: ReadonlyMap<string, (goldens: GoldenCounts) => string> = new Map([
  ["checkers", checkerTable],
  ["properties", propertyTable],
  ["anomalies", anomalyTable],
]);

/** `readme` with each table between its marks brought up to date; undefined when a mark is missing. */
export function withTables(readme: string, goldens: GoldenCounts): string | undefined {
  let fresh: string | undefined = readme;
  for (const [name, table] of tables) {
    fresh = fresh === undefined ? undefined : withTable(fresh, name, table(goldens));
  }
  return fresh;
}

function withTable(readme: string, name: string, table: string): string | undefined {
  const startMark = `<!-- ${name}: made from the code -->`;
  const endMark = `<!-- end of ${name} -->`;
  const start = readme.indexOf(startMark);
  const end = readme.indexOf(endMark);
  if (start < 0 || end < start) return undefined;
  return `${readme.slice(0, start + startMark.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

const lineOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [lineOf(head), `|${"---|".repeat(head.length)}`, ...rows.map(lineOf)].join("\n");
}

function checkerTable(goldens: GoldenCounts): string {
  const rows = cartCheckers.map((checker) => {
    const note = notes[checker.name];
    return [
      `\`${checker.name}.ts\``,
      checker.properties.join(", "),
      note?.proves ?? "",
      note?.cannot ?? "",
      note?.holds ?? "",
      note?.source ?? "",
      note?.cost ?? "",
      String(goldens.get(checker.name) ?? 0),
    ];
  });
  return tableOf(
    ["checker", "judges", "finds", "cannot", "sound, complete", "source", "cost grows with", "goldens"],
    rows,
  );
}

/** Columns: the classes, the last of which is the default; an empty cell says the same as the default. */
function propertyTable(): string {
  const special = configurationClasses.slice(0, -1);
  const rows = Object.entries(properties).map(([name, promise]) => {
    const property = name as Property;
    const judge = cartCheckers.find((checker) => checker.properties.includes(property))?.name;
    const judgedBy = judge === undefined ? (derived[property] ?? "") : `\`${judge}\``;
    return [
      name,
      promise,
      judgedBy,
      dotted[property],
      ...special.map(({ grades }) => grades[property] ?? ""),
    ];
  });
  return tableOf(["", "property", "judged by", "sloppy quorum", ...special.map(({ name }) => name)], rows);
}

function anomalyTable(): string {
  const rows = Object.entries(catalog).map(([name, { property, definition, source }]) => [
    `\`${name}\``,
    property,
    definition,
    source,
  ]);
  return tableOf(["anomaly", "breaks", "what it is", "source"], rows);
}
