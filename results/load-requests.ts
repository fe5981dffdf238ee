/**
 * The requests of the load, one after another, with the times that everything here counts by.
 *
 * A request belongs to the moment it was due, and its response counts from then on, so that what a stall held up is
 * charged to the stall. The final reads come after the load and are left out.
 */
import type { Micros } from "../checkers/history/event.ts";
import type { History } from "../checkers/history/history.ts";
import type { Outcome, RequestKind } from "../checkers/history/rows.ts";

export type LoadRequest = {
  readonly row: number;
  readonly kind: RequestKind;
  readonly outcome: Outcome;
  readonly due: Micros;
  /** How late it was sent; never negative. */
  readonly lagMs: number;
  /** From when it was due, and from when it was sent; infinite when it never completed. */
  readonly responseMs: number;
  readonly serviceMs: number;
};

/** In the order of the history. */
export function* loadRequests({ requests }: History): Generator<LoadRequest> {
  for (let row = 0; row < requests.count; row += 1) {
    if (requests.isFinal(row)) continue;
    const due = requests.intended(row);
    const sent = requests.sent(row);
    const done = requests.done(row);
    yield {
      row,
      kind: requests.kind(row),
      outcome: requests.outcome(row),
      due,
      lagMs: Math.max(0, sent - due) / 1_000,
      // One that was sent before it was due gains nothing by it.
      responseMs: (done - Math.min(due, sent)) / 1_000,
      serviceMs: (done - sent) / 1_000,
    };
  }
}
