/**
 * Exact bounds on a rate from a count: Clopper and Pearson (1934).
 *
 * The lower bound is the rate under which as many as `bad` of `count` would still be seen with probability `alpha`;
 * the upper bound likewise for as few. No normal approximation: bad requests are few. The binomial tail is a
 * regularised incomplete beta function, computed by its continued fraction, and the bound found by halving.
 */

/** One-sided: each bound alone holds with 95 % confidence. */
export const alpha = 0.05;

/** The least rate that fits; 0 when nothing was bad. */
export const lowerBound = (bad: number, count: number): number =>
  bad === 0 ? 0 : rateWhere((rate) => incompleteBeta(rate, bad, count - bad + 1) > alpha);

/** The greatest rate that fits; 1 when all were bad, and for no request at all. */
export const upperBound = (bad: number, count: number): number =>
  bad >= count ? 1 : rateWhere((rate) => incompleteBeta(rate, bad + 1, count - bad) > 1 - alpha);

/** Requests, none of them bad, that prove a rate of at most `rate`: 2,995 for one in a thousand. */
export const provingCount = (rate: number): number => Math.ceil(Math.log(alpha) / Math.log1p(-rate));

/** Where a claim that holds for all greater rates begins to hold. */
const rateWhere = (holds: (rate: number) => boolean): number => {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
};

/** I_x(a, b): the probability that a beta-distributed value is at most `x`. */
const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  // The fraction converges fast only on this side of the mean; the other side by symmetry.
  return x < (a + 1) / (a + b + 2)
    ? (Math.exp(logFront) * betaFraction(x, a, b)) / a
    : 1 - (Math.exp(logFront) * betaFraction(1 - x, b, a)) / b;
};

/** Lentz's method. */
const betaFraction = (x: number, a: number, b: number): number => {
  const tiny = 1e-300;
  const guarded = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-13) break;
  }
  return fraction;
};

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Of positive values, to about 15 digits. */
const logGamma = (value: number): number => {
  const shifted = value - 1;
  const [first = 0, ...rest] = lanczos;
  const sum = rest.reduce((total, term, index) => total + term / (shifted + index + 1), first);
  const base = shifted + lanczos.length - 1.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
};
