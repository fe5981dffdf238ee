/**
 * How long a peer usually takes for one kind of request, and so when it is late (Dynamo §4.5, 6: the 99.9th
 * percentile is made by the slowest replica).
 *
 * Mean and mean deviation, each a moving average, as TCP estimates its round trips (Jacobson 1988): mean plus four
 * deviations lies near the 99th percentile of what was seen lately, for two numbers a peer and no history. When
 * everything slows down the estimate follows, so overload is not answered with more requests.
 *
 * A class that changes in place, for speed: it is told of every reply.
 */
const meanShare = 1 / 8;
const deviationShare = 1 / 4;
/** Fewer replies than this say too little. */
const replyCountMin = 8;

export class ReplyTimes {
  #meanMs = 0;
  #deviationMs = 0;
  #replyCount = 0;

  /** A reply came after `tookMs`. Silence says nothing here: how long it would have taken is not known. */
  observe(tookMs: number): void {
    this.#replyCount += 1;
    if (this.#replyCount === 1) {
      this.#meanMs = tookMs;
      this.#deviationMs = tookMs / 2;
      return;
    }
    const error = tookMs - this.#meanMs;
    this.#meanMs += error * meanShare;
    this.#deviationMs += (Math.abs(error) - this.#deviationMs) * deviationShare;
  }

  /** After how long to call the peer late: `usualMs` at first, then what was seen, within a factor of four of it. */
  patienceMs(usualMs: number): number {
    if (this.#replyCount < replyCountMin) return usualMs;
    return Math.min(usualMs * 4, Math.max(usualMs / 4, this.#meanMs + 4 * this.#deviationMs));
  }
}
