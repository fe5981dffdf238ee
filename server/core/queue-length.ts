/**
 * How many wait somewhere: now, and at most since somebody last asked. A length that is only looked at now and then
 * misses the bursts that matter, so the most is kept between two looks (the staged pipeline of Dynamo §5).
 */
export type Length = { readonly now: number; readonly most: number };

export class QueueLength {
  #now = 0;
  #most = 0;

  enter(): void {
    this.#now += 1;
    if (this.#now > this.#most) this.#most = this.#now;
  }

  /** Once for each `enter`. */
  leave(): void {
    this.#now -= 1;
  }

  /** `most` since the last call; the next one begins with those who wait now. */
  take(): Length {
    const length = { now: this.#now, most: this.#most };
    this.#most = this.#now;
    return length;
  }
}
