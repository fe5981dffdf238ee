/**
 * What can be wrong with a cart or key-value history: each anomaly by its name, with the property it breaks. The
 * table in checkers/README.md is made from this.
 */

/** One pattern that a guarantee forbids. */
export type CatalogEntry = {
  readonly property: Property;
  readonly definition: string;
  /** Where the guarantee or the pattern comes from. */
  readonly source: string;
};

export type Property =
  | "P1"
  | "P2"
  | "P3"
  | "P4"
  | "P4k"
  | "P5"
  | "P6"
  | "P7"
  | "P8"
  | "P9"
  | "P10"
  | "P11"
  | "P12"
  | "P13"
  | "P14"
  | "P15"
  | "P16"
  | "P17"
  | "P18"
  | "P19"
  | "P20"
  | "P21"
  | "P22"
  | "P23"
  | "P24";

/** What each property promises, in one sentence. */
export const properties: Readonly<Record<Property, string>> = {
  P1: "no acknowledged write is lost",
  P2: "no acknowledged add is lost",
  P3: "nothing is read that was not written, byte for byte",
  P4: "what a remove took out stays out",
  P4k: "no deleted key comes back",
  P5: "a remove with nothing concurrent takes effect",
  P6: "siblings are concurrent versions",
  P7: "there are no more siblings than concurrent writes",
  P8: "a put replaces just what its context had seen",
  P9: "the contexts of a session never go back",
  P10: "a session reads its own writes",
  P11: "a session never reads older than before",
  P12: "a write comes after what its session had read and written",
  P13: "a read sees every write acknowledged before it began",
  P14: "after the heal all replicas agree",
  P15: "a definite failure never happened",
  P16: "how old reads are, by the time since the acknowledgement",
  P17: "an order takes everything its session had put in the cart",
  P18: "nothing is sold twice",
  P19: "quantities add up",
  P20: "requests are answered, and in time",
  P21: "after a heal the cluster recovers, and in time",
  P22: "metadata stays within bounds",
  P23: "where the last write wins, all replicas agree on the winner",
  P24: "the run was a test at all",
};

const dynamo = "Dynamo (SOSP 2007)";
const sessions = "Terry et al., Session guarantees (PDIS 1994)";

export const catalog = {
  "lost-write": {
    property: "P1",
    definition: "An acknowledged write is in no final read, nor an ancestor of any, nor taken by a delete.",
    source: `${dynamo} §4.5; Jepsen's set-full`,
  },
  "lost-add": {
    property: "P2",
    definition:
      "An item whose add was acknowledged is not in the final cart, and nobody who saw it took it out.",
    source: `${dynamo} §4.4: an add to cart is never lost`,
  },
  "phantom-value": {
    property: "P3",
    definition: "A node returned bytes that no client of the run wrote.",
    source: "Vogels, Eventually consistent (2008)",
  },
  "foreign-value": {
    property: "P3",
    definition: "A node returned under one key a value that was written to another.",
    source: "riak_kv, bitcask: records under the wrong key",
  },
  "damaged-value": {
    property: "P3",
    definition: "A node returned a value whose bytes are not those that were written.",
    source: "end-to-end argument: Saltzer et al. (1984)",
  },
  "false-tombstone": {
    property: "P3",
    definition: "A node called deleted, by the id of a put, what nobody had deleted.",
    source: "Cassandra: tombstones made by a clock, or by a merge",
  },
  "future-value": {
    property: "P3",
    definition: "A value was read, or built upon, before it was written.",
    source: "Jepsen: reads from the future",
  },
  "phantom-tag": {
    property: "P3",
    definition: "A cart holds a line that no add put there.",
    source: "observed-remove sets: Shapiro et al. (2011)",
  },
  "failed-write-seen": {
    property: "P15",
    definition: "A write that definitely failed was read, or built upon.",
    source: "Adya's aborted read (G1a), for single keys",
  },
  "resurfaced-tag": {
    property: "P4",
    definition: "A line is in a cart although a remove that had observed it is among the cart's ancestors.",
    source: "observed-remove sets: Shapiro et al. (2011)",
  },
  "resurfaced-item": {
    property: "P4",
    definition: "An item is in a cart although removes among the cart's ancestors observed every add of it.",
    source: `${dynamo} §4.4: deleted items can resurface`,
  },
  "resurrected-key": {
    property: "P4k",
    definition: "A read begun after an acknowledged delete returned a version that the delete had seen.",
    source: "Riak and Cassandra: zombies after tombstone reaping",
  },
  "false-sibling": {
    property: "P6",
    definition: "A read returned a version beside another that was built on it.",
    source: "Preguiça et al., Dotted version vectors (2010)",
  },
  "sibling-explosion": {
    property: "P7",
    definition: "A read returned one write more than once: retries counted as writes of their own.",
    source: "riak_kv #627: sibling explosion",
  },
  "own-write-unread": {
    property: "P10",
    definition: "A session did not read the write it had been acknowledged.",
    source: sessions,
  },
  "backward-read": {
    property: "P11",
    definition: "A session read a version and later an older state without it.",
    source: sessions,
  },
  "stale-read": {
    property: "P13",
    definition: "A read missed a write acknowledged before it began.",
    source: "Gifford, Weighted voting (1979): R + W > N",
  },
  "divergent-replicas": {
    property: "P14",
    definition: "After quiescence two homes of a key store different states.",
    source: `${dynamo} §4.7; Vogels (2008)`,
  },
  "missing-copy": {
    property: "P14",
    definition: "After quiescence a home of a key stores nothing of it, while another does.",
    source: `${dynamo} §4.7`,
  },
  "misplaced-copy": {
    property: "P14",
    definition: "After quiescence a node that is no home of a key still stores it.",
    source: `${dynamo} §4.6`,
  },
  "undelivered-hint": {
    property: "P14",
    definition: "A hint stayed undelivered although its target could be reached.",
    source: `${dynamo} §4.6; riak_kv #847`,
  },
  "unequal-trees": {
    property: "P14",
    definition:
      "Two homes store the same of a partition, and their hash trees differ, or the other way round.",
    source: `${dynamo} §4.7; riak_core #828`,
  },
  "divergent-final-reads": {
    property: "P14",
    definition: "After quiescence two nodes answered the same read differently.",
    source: "Vogels, Eventually consistent (2008)",
  },
  "incomplete-order": {
    property: "P17",
    definition: "An order lacks an item whose add its session had been acknowledged and nobody had removed.",
    source: "Helland and Campbell, Building on quicksand (2009)",
  },
  "double-sale": {
    property: "P18",
    definition: "One added line is in two orders.",
    source: "Helland and Campbell, Building on quicksand (2009)",
  },
  "objective-missed": {
    property: "P20",
    definition: "More requests of a phase were late or failed than its objective allows, beyond doubt.",
    source: `${dynamo} §2.2: 99.9 % within 300 ms`,
  },
  "unavailable-node": {
    property: "P20",
    definition: "A node that nothing kept from its peers failed every attempt for whole seconds.",
    source: `${dynamo} §2.3: always writeable`,
  },
  "node-crash": {
    property: "P20",
    definition: "A node's process ended by itself; no fault of the run ended it.",
    source: "Gray, Why do computers stop (1985)",
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;

export type AnomalyType = keyof typeof catalog;

export const propertyOf = (type: AnomalyType): Property => catalog[type].property;

/** Undefined when no property is called so. */
export const propertyNamed = (name: string): Property | undefined =>
  Object.hasOwn(properties, name) ? (name as Property) : undefined;
