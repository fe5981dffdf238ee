/** What the benchmark asks of its client process, and what that says back, each as one line of JSON. */

export type ClientPlan = {
  /** Client ports of the nodes; connections are dealt out over them in turn. */
  readonly httpPorts: readonly number[];
  /**
   * `fill` puts each key, again where it is refused, and ends. `put` overwrites a few keys of each connection's own
   * again and again, each time with the context of the answer before, as a shopper does. `get` reads what `fill` put,
   * in no order.
   */
  readonly operation: "fill" | "put" | "get";
  readonly connectionCount: number;
  /** Keys of `fill` and `get`. */
  readonly keyCount: number;
  readonly valueBytes: number;
  /** Not counted. */
  readonly warmUpMs: number;
  readonly measuredMs: number;
};

export type ClientFigures = {
  readonly requestCount: number;
  readonly perSecond: number;
  /** Milliseconds from writing a request to having its whole answer. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Answers by status, but 200. */
  readonly otherAnswers: Readonly<Record<string, number>>;
};

/** `began` when the warm-up is over, `ended` after the last answer. */
export type ClientLine = { readonly type: "began" } | ({ readonly type: "ended" } & ClientFigures);
