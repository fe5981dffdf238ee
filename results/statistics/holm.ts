/**
 * Holm's correction (1979): of several questions asked at once, one is likely to be answered wrongly by chance. The
 * smallest probability is multiplied by the number of questions, the next by one less, and none may end below the one
 * before it.
 */

/** Each probability as it counts among all of them, in the order given; at most 1. */
export const holmAdjusted = (probabilities: readonly number[]): readonly number[] => {
  const adjusted = new Float64Array(probabilities.length);
  const ascending = probabilities.map((_, index) => index);
  ascending.sort((a, b) => (probabilities[a] ?? 1) - (probabilities[b] ?? 1));
  let least = 0;
  for (const [place, index] of ascending.entries()) {
    least = Math.min(1, Math.max(least, (probabilities.length - place) * (probabilities[index] ?? 1)));
    adjusted[index] = least;
  }
  return [...adjusted];
};
