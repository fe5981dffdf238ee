/**
 * One HTTP request to one node, and what became of it, as a value: answered, never sent, or sent and not answered.
 * The difference between the last two decides whether a write may have happened, so it is taken from the moment at
 * which the connection begins to write the request, not guessed from an error's name.
 */
import type { Dispatcher } from "undici";
import { answerBytesMax } from "./client-limits.ts";

export type HttpRequest = {
  readonly method: "GET" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
};

export type Exchanged =
  | { readonly type: "answered"; readonly status: number; readonly body: Buffer }
  /** No byte of it has left: refused, or still waiting for a connection when it was abandoned. */
  | { readonly type: "unsent"; readonly error: string }
  /** Some of it may have arrived. */
  | { readonly type: "lost"; readonly error: string };

export type Exchange = {
  /** Never rejects. */
  readonly ended: Promise<Exchanged>;
  /** Waits no longer: ends it now, as `unsent` or `lost`, unless it has ended. What arrives later is ignored. */
  abandon(error: string): void;
};

export function exchange(node: Dispatcher, request: HttpRequest): Exchange {
  const handler = new ExchangeHandler();
  const { method, path, headers, body } = request;
  const options: Dispatcher.DispatchOptions = { method, path, headers: { ...headers }, body: body ?? null };
  try {
    node.dispatch(options, handler);
  } catch (thrown) {
    handler.end({ type: "unsent", error: sentenceOf(thrown) });
  }
  return { ended: handler.ended, abandon: (error) => handler.abandon(error) };
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly ended: Promise<Exchanged>;
  #resolve: (exchanged: Exchanged) => void = () => {};
  #controller: Dispatcher.DispatchController | undefined;
  #hasEnded = false;
  #status = 0;
  #chunks: Buffer[] = [];
  #byteCount = 0;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(exchanged: Exchanged): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#chunks = [];
    this.#resolve(exchanged);
  }

  abandon(error: string): void {
    const controller = this.#controller;
    this.#endUnanswered(error);
    controller?.abort(new Error(error));
  }

  #endUnanswered(error: string): void {
    this.end({ type: this.#controller === undefined ? "unsent" : "lost", error });
  }

  /** The next thing that happens is that the request is written. One abandoned while it waited is not. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#hasEnded) controller.abort(new Error("abandoned before it was sent"));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#byteCount += chunk.length;
    if (this.#byteCount > answerBytesMax) this.abandon(`answer over ${answerBytesMax} bytes`);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.end({ type: "answered", status: this.#status, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#endUnanswered(sentenceOf(error));
  }
}

/** A short name that groups well: the system's code where there is one. */
const sentenceOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.message;
};
