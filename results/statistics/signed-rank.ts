/**
 * Wilcoxon's signed-rank statistic, exactly (Wilcoxon 1945), and the shift that goes with it (Hodges & Lehmann 1963):
 * how much the second of two things is above the first when both were measured in pairs.
 *
 * Pairs are compared with themselves only, so what slows a whole pair down (a busy minute of the machine) cancels out.
 * The probability comes from counting all sign patterns, so it is right for seven pairs as for forty, and with ties:
 * ranks are doubled, and middle ranks become whole numbers.
 */

/** The differences that say anything; a pair of equals is left out, as Wilcoxon does. */
const telling = (differences: readonly number[]): readonly number[] =>
  differences.filter((one) => one !== 0 && !Number.isNaN(one));

/** How likely differences at least so far above zero are, when either sign is as likely; 1 when none says anything. */
export const signedRankProbability = (differences: readonly number[]): number => {
  const values = telling(differences);
  const ranks = doubledRanks(values.map(Math.abs));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  // patterns[s]: sign patterns whose positive ranks sum to s. Exact in doubles up to 53 pairs, and a share beyond.
  const patterns = new Float64Array(total + 1);
  patterns[0] = 1;
  for (const rank of ranks)
    for (let sum = total; sum >= rank; sum--)
      patterns[sum] = (patterns[sum] ?? 0) + (patterns[sum - rank] ?? 0);
  const observed = ranks.reduce((sum, rank, index) => ((values[index] ?? 0) > 0 ? sum + rank : sum), 0);
  const atLeast = patterns.subarray(observed).reduce((sum, one) => sum + one, 0);
  return atLeast / 2 ** values.length;
};

/** Twice the rank of each value among all, the middle of their ranks for equals. */
export const doubledRanks = (values: readonly number[]): readonly number[] => {
  const ascending = values.toSorted((a, b) => a - b);
  const places = new Map<number, { readonly first: number; last: number }>();
  for (const [index, value] of ascending.entries()) {
    const place = places.get(value);
    if (place === undefined) places.set(value, { first: index + 1, last: index + 1 });
    else place.last = index + 1;
  }
  return values.map((value) => {
    const { first, last } = places.get(value) ?? { first: 0, last: 0 };
    return first + last;
  });
};

/** The median of all means of two differences, each with itself included; NaN of none. */
export const hodgesLehmann = (differences: readonly number[]): number =>
  medianOf(differences.flatMap((one, index) => differences.slice(index).map((other) => (one + other) / 2)));

/** NaN of no value. */
export const medianOf = (values: readonly number[]): number => {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = ascending.length / 2;
  return (
    ((ascending[Math.ceil(middle) - 1] ?? Number.NaN) + (ascending[Math.floor(middle)] ?? Number.NaN)) / 2
  );
};
