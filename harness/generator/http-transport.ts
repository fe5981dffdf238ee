/**
 * Requests over HTTP/1.1, as an adapter words them: undici's `dispatch`, one request at a time on a connection and as
 * many connections as requests may be under way. When one has to wait for its connection all the same, `onSent`
 * comes late, and the wait shows as lag.
 */
import { type Dispatcher, Pool } from "undici";
import type { Adapter } from "./adapter.ts";
import type { LoadRequest, Transport, TransportEvents } from "./transport.ts";

export class HttpTransport implements Transport {
  readonly #pools: readonly Pool[];
  readonly #adapter: Adapter;
  readonly #open = new Map<number, Conversation>();
  #events: TransportEvents = { onSent: () => {}, onEnded: () => {} };

  /** `urls`: the entrances, a scheme and a host each. `connectionsMax` of each entrance. */
  constructor(urls: readonly string[], adapter: Adapter, connectionsMax: number) {
    this.#adapter = adapter;
    this.#pools = urls.map(
      (url) =>
        new Pool(url, {
          connections: connectionsMax,
          pipelining: 1,
          headersTimeout: 0,
          bodyTimeout: 0,
          connect: { timeout: 2_000 },
        }),
    );
  }

  open(events: TransportEvents): Promise<void> {
    this.#events = events;
    return Promise.resolve();
  }

  send(request: LoadRequest): void {
    const { row, kind, key, value } = request;
    const pool = this.#pools[request.entry % this.#pools.length];
    const conversation = new Conversation(request, this.#adapter, {
      onSent: this.#events.onSent,
      onEnded: (ended, outcome) => {
        this.#open.delete(ended);
        this.#events.onEnded(ended, outcome);
      },
    });
    this.#open.set(row, conversation);
    try {
      const {
        method,
        path,
        headers = {},
        body = null,
      } = this.#adapter.request({ kind, key, value, serial: row });
      pool?.dispatch({ method, path, headers: { ...headers }, body }, conversation);
    } catch {
      conversation.fail();
    }
  }

  abandon(row: number): void {
    this.#open.get(row)?.abandon();
    this.#open.delete(row);
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.destroy()));
  }
}

class Conversation implements Dispatcher.DispatchHandler {
  readonly #request: LoadRequest;
  readonly #adapter: Adapter;
  readonly #events: TransportEvents;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Readonly<Record<string, string | readonly string[] | undefined>> = {};
  #hasEnded = false;

  constructor(request: LoadRequest, adapter: Adapter, events: TransportEvents) {
    this.#request = request;
    this.#adapter = adapter;
    this.#events = events;
  }

  /** Nothing has left. */
  fail(): void {
    this.#end("fail");
  }

  abandon(): void {
    this.#hasEnded = true;
    this.#controller?.abort(new Error("the time is over"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#hasEnded) return controller.abort(new Error("the time was over before it was sent"));
    this.#controller = controller;
    this.#events.onSent(this.#request.row);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseEnd(): void {
    const { kind, key } = this.#request;
    const answered = { kind, key, status: this.#status, headers: this.#headers };
    try {
      this.#adapter.learn?.(answered);
      this.#end(this.#adapter.outcome(answered));
    } catch {
      // An adapter that cannot read the answer leaves nobody who could.
      this.#end("info");
    }
  }

  onResponseError(): void {
    this.#end(this.#controller === undefined ? "fail" : "info");
  }

  #end(outcome: "ok" | "fail" | "info"): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#events.onEnded(this.#request.row, outcome);
  }
}
