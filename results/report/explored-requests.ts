/**
 * Single requests as a page carries them: a list a column, one place a request, in the order in which they were due.
 *
 * Written by the report and read by its program in a browser, so this file imports nothing. Numbers are whole and
 * mostly small, which is what makes the compressed text short: times as differences, names as places in a list.
 */

export const explorableKinds = ["get", "put", "delete"] as const;
/** "slow": acknowledged later than the strictest limit of the run's objectives. */
export const explorableEndings = ["ok", "slow", "failed", "unknown"] as const;

/** Requests that one page carries at most. */
export const exploredLimit = 50_000;

export type ExploredRequests = {
  readonly version: 1;
  /** Requests of the whole run, without the final reads. */
  readonly allCount: number;
  /** Seconds since the run began: where the load ends. */
  readonly untilS: number;
  readonly limitMs: number | null;
  readonly bands: readonly { readonly fromS: number; readonly untilS: number; readonly name: string }[];
  readonly nodes: readonly string[];
  readonly keys: readonly string[];
  /** Each the difference to the one before. */
  readonly ids: readonly number[];
  /** When it was due, in tenths of a millisecond; each the difference to the one before. */
  readonly due: readonly number[];
  /** Response from when it was due, in tenths of a millisecond; -1: it never completed. */
  readonly took: readonly number[];
  /** A digit each: a place in `explorableKinds`, in `explorableEndings`. */
  readonly kinds: string;
  readonly endings: string;
  /** Places in `nodes`, in `keys`. */
  readonly entries: readonly number[];
  readonly keyPlaces: readonly number[];
};
