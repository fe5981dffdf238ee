/**
 * How many requests may be sent a second time out of impatience: a share of the first ones, and a small reserve.
 *
 * What is overloaded answers late, and whoever then asks twice keeps it overloaded for good, long after the cause is
 * gone. So impatience has a budget: one peer that hangs stays within it and is routed round; when everything is
 * slow, everything is asked once. A request after a clear refusal costs nothing here, since nobody worked for it.
 */
export class HedgeBudget {
  readonly #share: number;
  readonly #reserve: number;
  #left: number;

  /** `share` of first requests in [0, 1]; `reserve`: how many may be saved up, and are there at the start. */
  constructor({ share, reserve }: { readonly share: number; readonly reserve: number }) {
    this.#share = share;
    this.#reserve = reserve;
    this.#left = reserve;
  }

  /** A first request was made. */
  earn(): void {
    this.#left = Math.min(this.#reserve, this.#left + this.#share);
  }

  /** Whether one more may be sent now; it is then taken from the budget. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
