/**
 * The search for the highest rate that still meets a service level: doubled until one fails, then halved between the
 * highest that passed and the lowest that failed. Pure: told how each trial went, it names the next rate.
 */

export type RateSearch = {
  readonly start: number;
  readonly max: number;
  /** The highest that passed; 0 before any has. */
  readonly passed: number;
  /** The lowest that failed. */
  readonly failed: number | undefined;
};

/** The search ends when the two ends are this close. */
const precision = 0.05;
/** Nothing below this is tried. */
export const rateMin = 10;

export const rateSearch = (start: number, max: number): RateSearch => ({
  start,
  max,
  passed: 0,
  failed: undefined,
});

/** The next rate to try, a whole number; undefined when the search is over. */
export function nextRate({ start, max, passed, failed }: RateSearch): number | undefined {
  if (failed === undefined) {
    if (passed === 0) return Math.min(start, max);
    return passed >= max ? undefined : Math.min(passed * 2, max);
  }
  if (passed === 0) return failed <= rateMin ? undefined : Math.max(rateMin, Math.floor(failed / 4));
  const middle = Math.round(Math.sqrt(passed * failed));
  const isNear = failed <= passed * (1 + precision);
  return isNear || middle <= passed || middle >= failed ? undefined : middle;
}

/** What is known after a trial at `rate`. One that fails below what has passed before counts: load is no proof. */
export function afterTrial(search: RateSearch, rate: number, hasPassed: boolean): RateSearch {
  if (hasPassed) return { ...search, passed: Math.max(search.passed, rate) };
  return {
    ...search,
    failed: Math.min(search.failed ?? rate, rate),
    passed: rate <= search.passed ? 0 : search.passed,
  };
}
