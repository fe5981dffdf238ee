/**
 * Odds that the paper and its lectures quote: that some machine of many is down, and what share of failures a
 * number of requests without any still allows (the exact bound of a binomial with nothing seen).
 */

/** 1 - (1 - p)^n: some of `machines` is down when each is with `downShare`. */
export function someDown(machines: number, downShare: number): number {
  return -Math.expm1(machines * Math.log1p(-downShare));
}

/** The success share that `requests` without a failure prove at this confidence, 0 to 1. */
export function provedSuccessShare(requests: number, confidence: number): number {
  return (1 - confidence) ** (1 / requests);
}

/** How many requests without a failure prove `successShare` at this confidence. */
export function requestsToProve(successShare: number, confidence: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(successShare));
}
