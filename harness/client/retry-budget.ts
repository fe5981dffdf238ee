/**
 * How many second attempts a client may make for being impatient: a share of its first ones, and a small reserve.
 *
 * A store that is overloaded answers late, and a client that then asks twice overloads it for good. So real clients
 * give their retries a budget. One node of five that hangs needs second attempts for two requests in five and stays
 * within it; a store that is slow everywhere is asked once. An attempt after a clear refusal costs nothing here: the
 * node that refused did no work.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #reserve: number;
  #left: number;

  /** `share` of first attempts in [0, 1]; `reserve`: how many may be saved up. */
  constructor({ share, reserve }: { readonly share: number; readonly reserve: number }) {
    this.#share = share;
    this.#reserve = reserve;
    this.#left = reserve;
  }

  /** A first attempt was made. */
  earn(): void {
    this.#left = Math.min(this.#reserve, this.#left + this.#share);
  }

  /** Whether one second attempt may be made now; it is then taken from the budget. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
