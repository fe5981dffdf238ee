/** The kinds of figures that two builds are compared by, and how large a difference matters. */

/** Of the requests of one operation in one kind of phase. */
export type RequestMetric = "p50" | "quiet p99" | "p99" | "p99.9" | "bad share";

export type MetricKind = RequestMetric | "CPU per request";

/** More is worse for each of them. */
export const metricKinds: Readonly<
  Record<
    MetricKind,
    {
      readonly unit: "ms" | "share";
      /** Candidate over baseline: less than this is usually no change worth an alarm, however certain it is. */
      readonly effectMin: number;
      /** Few decide: each more makes it harder for all others to be believed. */
      readonly isGating: boolean;
      /** Added to both sides before they are divided. */
      readonly offset: number;
    }
  >
> = {
  p50: { unit: "ms", effectMin: 1.05, isGating: true, offset: 0 },
  "quiet p99": { unit: "ms", effectMin: 1.1, isGating: true, offset: 0 },
  p99: { unit: "ms", effectMin: 1.1, isGating: false, offset: 0 },
  "p99.9": { unit: "ms", effectMin: 1.2, isGating: false, offset: 0 },
  "CPU per request": { unit: "ms", effectMin: 1.05, isGating: true, offset: 0 },
  // One request in a thousand may be bad. With that added, one bad request against none is no infinite regression.
  "bad share": { unit: "share", effectMin: 1.5, isGating: true, offset: 0.001 },
};

/** So much slower a median matters, where nobody says otherwise; a share. */
export const mattersUsually = 0.05;

/**
 * Candidate over baseline from which on a change of this kind matters, where one of a median by the share `matters`
 * does. The rest keeps its distance: a tail may change more.
 */
export const effectMinOf = (kind: MetricKind, matters: number): number =>
  metricKinds[kind].effectMin ** (Math.log1p(matters) / Math.log1p(mattersUsually));

/** The logarithm of candidate over baseline; NaN where it says nothing. */
export const logRatio = (kind: MetricKind, baseline: number, candidate: number): number => {
  const { offset } = metricKinds[kind];
  const ratio = (candidate + offset) / (baseline + offset);
  return ratio > 0 && Number.isFinite(ratio) ? Math.log(ratio) : Number.NaN;
};
