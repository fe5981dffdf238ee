/**
 * Which of `count` things comes next. Popularity in shops follows Zipf's law: the k-th most popular of them is drawn
 * with weight k^-exponent. 0.99 is the exponent that store benchmarks have agreed on.
 *
 * Zipf numbers are drawn by rejection-inversion (Hörmann and Derflinger, 1996): invert the integral H of the smooth
 * curve x^-exponent, round to the nearest rank, and reject the few draws that the rounding would count too often.
 * That takes constant time and no table, whatever the count.
 */
import type { Stream } from "./stream.ts";

/** Draws an index in [0, count). */
export type IndexDraw = (stream: Stream) => number;

export const zipfExponent = 0.99;

export const uniformIndex =
  (count: number): IndexDraw =>
  (stream) =>
    stream.integer(0, count - 1);

/** Index 0 is the most popular. `count` >= 1, `exponent` > 0. */
export function zipfianIndex(count: number, exponent = zipfExponent): IndexDraw {
  const steepness = 1 - exponent;
  const curve = (x: number): number => x ** -exponent;
  const integral = (x: number): number =>
    steepness === 0 ? Math.log(x) : Math.expm1(steepness * Math.log(x)) / steepness;
  const inverse = (area: number): number =>
    Math.exp(steepness === 0 ? area : Math.log1p(steepness * area) / steepness);
  const low = integral(1.5) - 1;
  const high = integral(count + 0.5);
  // Draws this close below a rank are always inside its share, so that most need no second look.
  const surelyInside = 2 - inverse(integral(2.5) - curve(2));
  return (stream) => {
    for (;;) {
      const area = high + stream.uniform() * (low - high);
      const x = inverse(area);
      const rank = Math.min(count, Math.max(1, Math.round(x)));
      if (rank - x <= surelyInside || area >= integral(rank + 0.5) - curve(rank)) return rank - 1;
    }
  };
}

/**
 * The same popularity in another order: ranks are dealt to indexes by a shuffle that `shuffle` decides, so that the
 * popular ones are not neighbours.
 */
export function scrambled(draw: IndexDraw, count: number, shuffle: Stream): IndexDraw {
  const dealt = Array.from({ length: count }, (_, rank) => rank);
  for (let last = count - 1; last > 0; last--) {
    const other = shuffle.integer(0, last);
    const moved = dealt[last] ?? 0;
    dealt[last] = dealt[other] ?? 0;
    dealt[other] = moved;
  }
  return (stream) => dealt[draw(stream)] ?? 0;
}
