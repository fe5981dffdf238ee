/**
 * Sets of small integers as sorted, disjoint half-open intervals: from, until, from, until …
 *
 * A version's ancestors are nearly everything that was written before it, with few exceptions, so a set of
 * thousands is a handful of numbers. Nothing is rounded: unlike a maximum per writer, an interval set leaves a lost
 * write out.
 */
export type Intervals = ArrayLike<number>;

export const contains = (set: Intervals, member: number): boolean => {
  let low = 0;
  let high = (set.length >> 1) - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (member < (set[middle * 2] ?? 0)) high = middle - 1;
    else if (member >= (set[middle * 2 + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
};

/** Both sets together, in time of their interval counts. */
export const union = (left: Intervals, right: Intervals): Intervals => {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const result: number[] = [];
  let leftIndex = 0;
  let rightIndex = 0;
  while (leftIndex < left.length || rightIndex < right.length) {
    const takeLeft =
      rightIndex >= right.length ||
      (leftIndex < left.length && (left[leftIndex] ?? 0) <= (right[rightIndex] ?? 0));
    const from = (takeLeft ? left[leftIndex] : right[rightIndex]) ?? 0;
    const until = (takeLeft ? left[leftIndex + 1] : right[rightIndex + 1]) ?? 0;
    if (takeLeft) leftIndex += 2;
    else rightIndex += 2;
    const last = result.length - 1;
    if (last > 0 && from <= (result[last] ?? 0)) result[last] = Math.max(result[last] ?? 0, until);
    else result.push(from, until);
  }
  return result;
};

/** The set and one more member. */
export const including = (set: Intervals, member: number): Intervals =>
  contains(set, member) ? set : union(set, [member, member + 1]);

/** Calls `visit` with each member of `left` that is not in `right`, ascending, until it returns false. */
export const eachMissing = (left: Intervals, right: Intervals, visit: (member: number) => boolean): void => {
  let rightIndex = 0;
  for (let leftIndex = 0; leftIndex < left.length; leftIndex += 2) {
    let member = left[leftIndex] ?? 0;
    const until = left[leftIndex + 1] ?? 0;
    while (member < until) {
      while (rightIndex < right.length && (right[rightIndex + 1] ?? 0) <= member) rightIndex += 2;
      const nextFrom = rightIndex < right.length ? (right[rightIndex] ?? 0) : Infinity;
      if (nextFrom <= member) {
        member = right[rightIndex + 1] ?? until;
        continue;
      }
      for (const gapEnd = Math.min(until, nextFrom); member < gapEnd; member++) if (!visit(member)) return;
    }
  }
};

export const isSubset = (left: Intervals, right: Intervals): boolean => {
  let isMissing = false;
  eachMissing(left, right, () => {
    isMissing = true;
    return false;
  });
  return !isMissing;
};
