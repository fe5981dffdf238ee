/**
 * When a request is tried again: within its attempts and its time, under the same write id, and never where that
 * could do harm.
 *
 * A refusal that says `fail` did nothing, so another node may be asked. After `info` nobody knows: a second attempt
 * is recognised by its write id while the key remembers it, but beyond that only a value that merges with its own
 * copy is safe to send twice. So it is made only when the application says that its values are like that. And once
 * one attempt may have happened, no later refusal makes it undone: the request ends as `info`.
 */
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Attempt, ClientError } from "./entry.ts";

export type Patience = {
  /** Attempts a request may take, at least 1 (default 2). */
  readonly attemptCountMax: number;
  /** What one attempt may take (default 120): a healthy store answers in a tenth of it. */
  readonly attemptMs: number;
  /** What all of them may take (default 300, the service level of the paper's carts). */
  readonly totalMs: number;
};

export const defaultPatience: Patience = { attemptCountMax: 2, attemptMs: 120, totalMs: 300 };

type Ending = { readonly type: "ok" } | { readonly type: "fail" | "info"; readonly error: ClientError };

/** Every node would say the same of these. */
const final: ReadonlySet<ClientError> = new Set([
  "bad-request",
  "bad-context",
  "no-such-route",
  "method-not-allowed",
  "precondition",
  "encoded-body",
  "headers-too-large",
  "too-large",
  "too-many-siblings",
]);

/** The last attempt's ending, or the one that matters more. The time runs from the call. */
export async function pursue<Outcome extends Ending>(
  { attemptCountMax, attemptMs, totalMs }: Patience,
  clock: Clock,
  isRetrySafe: boolean,
  attempt: (made: Attempt) => Promise<Outcome>,
): Promise<Outcome> {
  const deadlineMs = clock.monotonicMs() + totalMs;
  const tried = new Set<NodeId>();
  let uncertain: Outcome | undefined;
  for (let left = attemptCountMax; ; left -= 1) {
    const remainingMs = deadlineMs - clock.monotonicMs();
    // The last one allowed may use all the time there is.
    const timeoutMs = Math.max(1, left > 1 ? Math.min(attemptMs, remainingMs) : remainingMs);
    const ending = await attempt({ tried, timeoutMs });
    if (ending.type === "ok") return ending;
    if (ending.type === "info") uncertain = ending;
    const isOver = left <= 1 || clock.monotonicMs() >= deadlineMs || final.has(ending.error);
    if (isOver || (ending.type === "info" && !isRetrySafe)) return uncertain ?? ending;
  }
}
