/**
 * The lattice of consistency models: which model contains which, and which anomaly each forbids beyond what the
 * models below it forbid. Strict serializability is at the top; everything a history does not rule out, it is
 * compatible with.
 *
 * Transactions: Adya 1999 (PL-1 is here read-uncommitted, PL-2 read-committed, PL-2.99 repeatable-read, PL-3
 * serializable, PL-SS strict-serializable, PL-2+ consistent-view), Bailis and others 2014, Cerone and others 2015,
 * Daudjee and Salem 2006 for the session and strong variants. Single objects: Herlihy and Wing 1990, Lamport 1979
 * and 1986, Ahamad and others 1995, Terry and others 1994. Serializable means conflict-serializable.
 */

export type ConsistencyModel = {
  /** Models that every history of this model satisfies too. */
  readonly contains: readonly string[];
  readonly forbids: readonly string[];
};

const model = (contains: readonly string[], forbids: readonly string[] = []): ConsistencyModel => ({
  contains,
  forbids,
});

const transactional: Record<string, ConsistencyModel> = {
  "read-uncommitted": model([], ["G0", "duplicate-elements", "cyclic-versions"]),
  "read-committed": model(["read-uncommitted"], ["G1"]),
  "monotonic-atomic-view": model(["read-committed"]),
  "monotonic-view": model(["read-committed"]),
  "monotonic-snapshot-read": model(["read-committed"]),
  "cursor-stability": model(["read-committed"], ["lost-update"]),
  "read-atomic": model(["monotonic-atomic-view"], ["internal", "future-read"]),
  "update-atomic": model(["read-atomic"], ["lost-update"]),
  "causal-transactions": model(["read-atomic"]),
  prefix: model(["causal-transactions"]),
  "parallel-snapshot-isolation": model(["causal-transactions", "update-atomic"]),
  "consistent-view": model(["cursor-stability", "monotonic-view"], ["G-single"]),
  "forward-consistent-view": model(["consistent-view"]),
  "update-serializable": model(["forward-consistent-view"]),
  "repeatable-read": model(["cursor-stability", "monotonic-atomic-view"], ["G2-item", "lost-update"]),
  "snapshot-isolation": model(
    [
      "forward-consistent-view",
      "monotonic-atomic-view",
      "monotonic-snapshot-read",
      "parallel-snapshot-isolation",
      "prefix",
    ],
    ["G-nonadjacent"],
  ),
  "view-serializable": model([]),
  serializable: model(
    ["repeatable-read", "snapshot-isolation", "update-serializable", "view-serializable"],
    ["G2"],
  ),
};

const sessions: Record<string, ConsistencyModel> = {
  "strong-session-read-uncommitted": model(["read-uncommitted"], ["G0-process"]),
  "strong-session-read-committed": model(
    ["read-committed", "strong-session-read-uncommitted"],
    ["G1-process", "G1c-process"],
  ),
  "strong-session-snapshot-isolation": model(
    ["snapshot-isolation", "strong-session-read-committed"],
    ["G-nonadjacent-process"],
  ),
  "strong-session-serializable": model(["serializable", "strong-session-snapshot-isolation"], ["G2-process"]),
};

const strong: Record<string, ConsistencyModel> = {
  "strong-read-uncommitted": model(["strong-session-read-uncommitted"], ["G0-realtime"]),
  "strong-read-committed": model(
    ["strong-session-read-committed", "strong-read-uncommitted"],
    ["G1-realtime", "G1c-realtime"],
  ),
  "strong-snapshot-isolation": model(
    ["strong-session-snapshot-isolation", "strong-read-committed"],
    ["G-nonadjacent-realtime"],
  ),
  "strict-serializable": model(
    ["strong-session-serializable", "strong-snapshot-isolation", "linearizable"],
    ["G2-realtime"],
  ),
};

const singleObject: Record<string, ConsistencyModel> = {
  linearizable: model(["sequential", "regular"], ["non-linearizable"]),
  regular: model([], ["non-regular", "garbage-read"]),
  sequential: model(["causal"], ["garbage-read"]),
  causal: model(["writes-follow-reads", "PRAM"]),
  PRAM: model(["monotonic-reads", "monotonic-writes", "read-your-writes"]),
  "writes-follow-reads": model([], ["write-before-its-cause"]),
  "monotonic-reads": model([], ["backward-read"]),
  "monotonic-writes": model([], ["writes-swapped"]),
  "read-your-writes": model([], ["own-write-unread"]),
};

export const consistencyModels: Readonly<Record<string, ConsistencyModel>> = {
  ...transactional,
  ...sessions,
  ...strong,
  ...singleObject,
};

/** Other names of the same models, as other tools' files have them. */
export const modelAliases: Readonly<Record<string, string>> = {
  "PL-1": "read-uncommitted",
  "PL-2": "read-committed",
  "PL-2+": "consistent-view",
  "PL-2.99": "repeatable-read",
  "PL-3": "serializable",
  "PL-SI": "snapshot-isolation",
  "PL-SS": "strict-serializable",
  "conflict-serializable": "serializable",
  "strong-serializable": "strict-serializable",
};
