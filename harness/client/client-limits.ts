/** How patient a client is. A real one in front of a shopper would be no more so. */

export type ClientLimits = {
  /** An attempt that has not answered by then is joined by a second one at another node (120). */
  readonly secondAttemptMs: number;
  /** From its first attempt a request has this long, waiting for a connection included (1000). */
  readonly deadlineMs: number;
};

export const clientLimits: ClientLimits = { secondAttemptMs: 120, deadlineMs: 1000 };

/** Of all clients of a run together: second attempts for a quarter of the first ones, a hundred saved up at most. */
export const clientBudget = { share: 0.25, reserve: 100 } as const;

/** An answer that grows beyond this is given up: 100 siblings of the largest value, in base64, are not read. */
export const answerBytesMax = 32 * 1024 * 1024;
