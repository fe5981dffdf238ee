/** A node that does what a test tells it to: every request waits until the test has answered it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type StubRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  answer(status: number, json: unknown): void;
  answerText(status: number, text: string): void;
  /** Closes the connection without an answer. */
  hangUp(): void;
};

export class StubNode {
  readonly #server = createServer((request, response) => void this.#receive(request, response));
  readonly #received: StubRequest[] = [];
  readonly #waiting: ((request: StubRequest) => void)[] = [];
  requestCount = 0;

  static async start(): Promise<StubNode> {
    const stub = new StubNode();
    await new Promise<void>((resolve) => {
      stub.#server.listen(0, "127.0.0.1", resolve);
    });
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next request, in order of arrival. */
  next(): Promise<StubRequest> {
    const received = this.#received.shift();
    if (received !== undefined) return Promise.resolve(received);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => {
      request.on("end", resolve);
    });
    const answerText = (status: number, text: string): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(text);
    };
    const received: StubRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks),
      answer: (status, json) => answerText(status, JSON.stringify(json)),
      answerText,
      hangUp: () => request.socket.destroy(),
    };
    this.requestCount += 1;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#received.push(received);
    else waiting(received);
  }
}

/** An acknowledgement of `write` by two homes. */
export const acknowledged = (write: string) => ({
  context: "ctx-after",
  writeId: write,
  dot: "n1:1",
  coordinator: "n1",
  acknowledgements: [
    { node: "n1", role: "home", durability: "synced" },
    { node: "n4", role: "fallback", standsInFor: "n2", durability: "buffered" },
  ],
  degraded: true,
});

export const found = (values: readonly string[], tombstones: readonly string[] = []) => ({
  siblings: values.map((value) => ({ value: Buffer.from(value).toString("base64"), writeId: value })),
  tombstones,
  context: "ctx-read",
  coordinator: "n1",
  replied: ["n1", "n2"],
});

export const refused = (error: string, outcome: "none" | "unknown") => ({
  error,
  outcome,
  detail: "because",
});
