/**
 * What a checker says of a history.
 *
 * `violated` always carries a witness. `breached` is an agreed service level that was not held, without any wrong
 * answer. `inconclusive` is an honest "cannot tell" with its reason; it is never a pass. The worst of several
 * verdicts is the run's, and none hides another.
 */
import type { WriteId } from "./history/event.ts";

export type VerdictType = "passed" | "inconclusive" | "breached" | "violated";

export type LineageNode = {
  readonly id: string;
  readonly label: string;
  readonly role: "write" | "read" | "delete" | "missing";
  readonly at?: number;
};
export type LineageEdge = {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly because: string;
};

/** The smallest part of a run that still breaks a promise, as an illustration: the verdict never rests on it. */
export type SmallestPart = {
  readonly requestCount: number;
  /** Requests of the anomaly's key in the whole run. */
  readonly requestCountBefore: number;
  /** False when the search was ended by its budget: a smaller part may do. */
  readonly isMinimal: boolean;
  /** What is left, one sentence an event, in order of time. */
  readonly story: readonly string[];
};

/** A witness: what was wrong, told so that a person can follow it. */
export type Anomaly = {
  /** A name from anomalies/catalog.ts. */
  readonly type: string;
  readonly key?: string;
  /** One sentence: what was promised, what happened. */
  readonly sentence: string;
  /** Further sentences, one step of the story each, in order of time. */
  readonly story: readonly string[];
  /** Ids of the requests that show it. */
  readonly requests: readonly number[];
  readonly writes: readonly WriteId[];
  readonly lineage?: { readonly nodes: readonly LineageNode[]; readonly edges: readonly LineageEdge[] };
  /** Of the first anomaly of a verdict, when somebody looked for it. */
  readonly smallest?: SmallestPart;
};

export type Verdict = {
  readonly checker: string;
  /** "P1" … "P24" of the property table in checkers/README.md, or the name of a consistency model. */
  readonly properties: readonly string[];
  readonly type: VerdictType;
  /** One sentence with the numbers: "0 of 12,431 acknowledged writes lost". */
  readonly summary: string;
  /** At most `anomalyLimit`, the clearest first; `anomalyCount` counts all. */
  readonly anomalies: readonly Anomaly[];
  readonly anomalyCount: number;
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Property -> how many anomalies break it, the untold ones too. */
  readonly violations?: Readonly<Record<string, number>>;
  /** The run's configuration does not promise this; it is reported all the same. */
  readonly expected?: boolean;
};

export const anomalyLimit = 20;

const severity: Record<VerdictType, number> = { passed: 0, inconclusive: 1, breached: 2, violated: 3 };

/** The worst of `types`; `inconclusive` for none, since nothing judged is nothing passed. */
export const worst = (types: readonly VerdictType[]): VerdictType =>
  types.length === 0 ? "inconclusive" : types.reduce((a, b) => (severity[b] > severity[a] ? b : a));
