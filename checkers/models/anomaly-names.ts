/**
 * What can be wrong with the history of a store, by its name in the literature, and which anomaly is a case of which
 * other: a history that shows the first shows the second. Names ending in `-process` and `-realtime` are cycles that
 * need the order within sessions or the order of time.
 *
 * Sources: Adya, Weak Consistency (1999); Bailis and others, Highly Available Transactions (2014); Cerone and
 * Gotsman, Analysing Snapshot Isolation (2018); Kingsbury and Alvaro, Elle (2020); Lamport, On Interprocess
 * Communication (1986); Terry and others, Session Guarantees (1994).
 */

export type AnomalyDefinition = {
  readonly definition: string;
  readonly source: string;
  /** The anomalies this one is a case of. */
  readonly implies: readonly string[];
};

const cycle = (definition: string, implies: readonly string[]): AnomalyDefinition => ({
  definition,
  source: "Adya 1999; Kingsbury and Alvaro 2020",
  implies,
});

const cyclesOf = (suffix: string, wider: string | undefined): Record<string, AnomalyDefinition> => {
  const also = (name: string): readonly string[] => (wider === undefined ? [] : [`${name}${wider}`]);
  const here = (name: string): string => name + suffix;
  return {
    [here("G0")]: cycle("a cycle of write-write dependencies", [here("G1c"), ...also("G0")]),
    [here("G1c")]: cycle("a cycle of write-write and write-read dependencies", [here("G1"), ...also("G1c")]),
    [here("G1")]: cycle("G1a, G1b or G1c", also("G1")),
    [here("G-single-item")]: cycle("a cycle with exactly one anti-dependency on an item", [
      here("G-single"),
      here("G-nonadjacent-item"),
      ...also("G-single-item"),
    ]),
    [here("G-single")]: cycle("a cycle with exactly one anti-dependency", [
      here("G-nonadjacent"),
      ...also("G-single"),
    ]),
    [here("G-nonadjacent-item")]: cycle("a cycle without two anti-dependencies in a row, on items", [
      here("G-nonadjacent"),
      here("G2-item"),
      ...also("G-nonadjacent-item"),
    ]),
    [here("G-nonadjacent")]: cycle("a cycle without two anti-dependencies in a row", [
      here("G2"),
      ...also("G-nonadjacent"),
    ]),
    [here("G2-item")]: cycle("a cycle with anti-dependencies on items", [here("G2"), ...also("G2-item")]),
    [here("G2")]: cycle("a cycle with anti-dependencies", also("G2")),
  };
};

const plain = (definition: string, source: string, implies: readonly string[] = []): AnomalyDefinition => ({
  definition,
  source,
  implies,
});

const elle = "Kingsbury and Alvaro 2020";
const session = "Terry and others 1994";

/** Every anomaly the transactional and register checkers can name. */
export const anomalyDefinitions: Readonly<Record<string, AnomalyDefinition>> = {
  ...cyclesOf("", "-process"),
  ...cyclesOf("-process", "-realtime"),
  ...cyclesOf("-realtime", undefined),
  G1a: plain("a read of something an aborted transaction wrote", "Adya 1999", ["G1"]),
  G1b: plain("a read of a write its own transaction had overwritten", "Adya 1999", ["G1"]),
  internal: plain("a transaction that contradicts its own earlier reads or writes", "Cerone and others 2015"),
  "future-read": plain("a transaction that reads what it only writes later", elle, ["G1c"]),
  "dirty-update": plain("a committed write on top of an aborted one", elle, ["G1a"]),
  "incompatible-order": plain("two reads of a list of which neither is a prefix of the other", elle, ["G1a"]),
  "duplicate-elements": plain("one append that is in a list twice", elle),
  "cyclic-versions": plain("versions of a key that must each be older than the other", elle),
  "garbage-read": plain("a read of a value that nobody wrote", elle, ["G1a"]),
  "lost-update": plain("two writes on top of the same version, both acknowledged", "Bailis and others 2014", [
    "write-skew",
    "G2-item",
  ]),
  "write-skew": plain(
    "two transactions that each overwrite what the other read",
    "Berenson and others 1995",
    ["G2"],
  ),
  "stale-read": plain("a read of a value overwritten before the read began", "Lamport 1986", [
    "non-linearizable",
    "non-regular",
  ]),
  "read-from-future": plain("a read that ended before its value was written", "Lamport 1986", [
    "non-linearizable",
    "non-regular",
  ]),
  "new-old-inversion": plain("a later read that sees an older value than an earlier one", "Lamport 1986", [
    "non-linearizable",
  ]),
  "non-linearizable": plain(
    "no order of the operations agrees with time and values",
    "Herlihy and Wing 1990",
  ),
  "non-regular": plain("a read of neither the last nor a concurrent write", "Lamport 1986"),
  "lost-element": plain("an acknowledged element that is gone", "Jepsen's set and queue checkers"),
  "counter-out-of-bounds": plain(
    "a read that no subset of the additions explains",
    "Jepsen's counter checker",
  ),
  "wrong-final-value": plain("a counter that did not arrive at its sum", "Jepsen's pn-counter checker"),
  divergence: plain("final reads that disagree", "Jepsen's pn-counter checker"),
  "duplicate-id": plain("one id given out twice", "Jepsen's unique-ids checker"),
  "wrong-total": plain("a snapshot whose accounts do not add up", "Jepsen's bank checker"),
  "negative-balance": plain("an account overdrawn", "Jepsen's bank checker"),
  "wrong-accounts": plain("a snapshot with accounts missing", "Jepsen's bank checker"),
  "wrong-shape": plain("a read that is not of the promised shape", "Jepsen's bank checker"),
  "own-write-unread": plain("a session that does not see its own write", session),
  "backward-read": plain("a session that reads an older version after a newer one", session),
  "writes-swapped": plain("a session's writes in the wrong order", session),
  "write-before-its-cause": plain("a write ordered before what its session had read", session),
};

/** What the anomalies of carts (anomalies/catalog.ts) mean for a store of registers. */
const cartAnomalies: Readonly<Record<string, readonly string[]>> = {
  "lost-write": ["non-regular", "non-linearizable"],
  "phantom-value": ["garbage-read"],
  "foreign-value": ["garbage-read"],
  "damaged-value": ["garbage-read"],
  "future-value": ["read-from-future"],
  "failed-write-seen": ["G1a"],
};

/** All that `anomalies` are, themselves included. */
export const impliedAnomalies = (anomalies: Iterable<string>): ReadonlySet<string> =>
  closure(anomalies, (name) => anomalyDefinitions[name]?.implies ?? cartAnomalies[name] ?? []);

/** All anomalies that are one of `anomalies`, themselves included. */
export const anomaliesImplying = (anomalies: Iterable<string>): ReadonlySet<string> => {
  const wanted = new Set(anomalies);
  const known = [...Object.keys(anomalyDefinitions), ...Object.keys(cartAnomalies)];
  const cases = known.filter((name) => [...impliedAnomalies([name])].some((implied) => wanted.has(implied)));
  return new Set([...wanted, ...cases]);
};

/** What is reached from `first` by `next`, `first` included. */
export const closure = (
  first: Iterable<string>,
  next: (name: string) => readonly string[],
): ReadonlySet<string> => {
  const reached = new Set(first);
  for (const name of reached) for (const more of next(name)) reached.add(more);
  return reached;
};
