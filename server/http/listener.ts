/**
 * An HTTP port: dispatches calls to routes, writes their answers, and keeps every promise that is about HTTP alone.
 *
 * Header sizes, bodies, waiting and connections are bounded; a call that Node's parser rejects is answered in JSON
 * like any other; no text of an exception ever leaves. A route that throws is a fault of the node: the caller is told
 * that nothing is known of its call, and `onFault` ends the node.
 */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import findMyWay, { type HTTPMethod } from "find-my-way";
import type { Clock } from "../ports/clock.ts";
import { type Answer, failureAnswer, refusal } from "./answer.ts";
import { type BodyOutcome, BodyReader } from "./body.ts";
import { isTrustedHost } from "./host-check.ts";
import { defaultBounds, type ListenerBounds } from "./listener-bounds.ts";

/** One call as a route sees it. */
export type Call = {
  /** Path and query as the client sent them. */
  readonly target: string;
  /** The value of a header by its lower-case name; several of one name are joined by a comma. */
  readonly header: (name: string) => string | undefined;
  readonly readBody: (bytesMax: number) => Promise<BodyOutcome>;
};

export type Route = {
  readonly method: "GET" | "PUT" | "DELETE" | "POST";
  readonly path: string;
  /** For metrics: what this call is, in one word. */
  readonly name: string;
  readonly answer: (call: Call) => Promise<Answer>;
};

export type ListenerOptions = {
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  readonly routes: readonly Route[];
  readonly clock: Clock;
  readonly bounds?: Partial<ListenerBounds>;
  readonly onAnswered?: (call: {
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
    /** Length of the context answered, if there was one. */
    readonly contextBytes: number | undefined;
  }) => void;
  /** Called with what a route threw; the node must end. */
  readonly onFault: (thrown: unknown) => void;
};

export type ListenOutcome =
  | { readonly type: "listening"; readonly listener: Listener }
  /** `detail` is one sentence. */
  | { readonly type: "refused"; readonly detail: string };

const methods = ["GET", "PUT", "DELETE", "POST"] as const;
const isPlain = /^[A-Za-z0-9/_.-]*$/;

export async function listen(options: ListenerOptions): Promise<ListenOutcome> {
  const listener = new Listener(options);
  const failure = await listener.open();
  return failure === undefined ? { type: "listening", listener } : { type: "refused", detail: failure };
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #bounds: ListenerBounds;
  readonly #server: Server;
  readonly #router: ReturnType<typeof findMyWay>;
  readonly #bodies: BodyReader;
  readonly #busySockets = new WeakSet<Duplex>();
  #lastTrustedHost: string | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const bounds = { ...defaultBounds, ...options.bounds };
    this.#bounds = bounds;
    this.#bodies = new BodyReader(bounds.heldBodyBytesMax);
    this.#router = findMyWay({ ignoreDuplicateSlashes: false, maxParamLength: bounds.headerBytesMax });
    for (const route of options.routes) this.#router.on(route.method, route.path, () => undefined, route);
    this.#server = createServer({
      maxHeaderSize: bounds.headerBytesMax,
      headersTimeout: bounds.headersMs,
      requestTimeout: bounds.requestMs,
      keepAliveTimeout: bounds.keepAliveMs,
      connectionsCheckingInterval: bounds.checkMs,
      requireHostHeader: false,
    });
    this.#server.maxConnections = bounds.connectionCountMax;
    this.#server.on("request", (request, response) => this.#serve(request, response, () => undefined));
    this.#server.on("checkContinue", (request, response) =>
      this.#serve(request, response, () => response.writeContinue()),
    );
    this.#server.on("checkExpectation", (_request, response) =>
      write(response, refusal("bad-request", "The only expectation met here is 100-continue."), true),
    );
    this.#server.on("connect", (_request, socket) =>
      writeRaw(socket, refusal("bad-request", "CONNECT is not served here.")),
    );
    this.#server.on("clientError", (error: Error & { code?: string }, socket) =>
      this.#rejectParse(error, socket),
    );
  }

  /** Begins to listen. Resolves to one sentence when it cannot. */
  open(): Promise<string | undefined> {
    const { host, port } = this.#options;
    return new Promise((resolve) => {
      const onError = (error: Error & { code?: string }) => {
        resolve(
          error.code === "EADDRINUSE"
            ? `Port ${port} of ${host} is already in use.`
            : `Cannot listen on port ${port} of ${host}: ${error.message}.`,
        );
      };
      this.#server.once("error", onError);
      this.#server.listen(port, host, () => {
        this.#server.off("error", onError);
        resolve(undefined);
      });
    });
  }

  /** The port listened on; 0 before `open`. */
  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  /** Takes no more connections and ends the idle ones; calls under way are still answered. */
  drain(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  /** Ends every connection. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #serve(request: IncomingMessage, response: ServerResponse, beforeBody: () => void): void {
    const startMs = this.#options.clock.monotonicMs();
    const { socket } = request;
    this.#busySockets.add(socket);
    response.once("close", () => this.#busySockets.delete(socket));
    const route = this.#routeOf(request);
    const answered = route === undefined ? this.#unrouted(request) : this.#ask(route, request, beforeBody);
    answered
      .then((answer) => {
        write(response, answer, !this.#canServeOn(request));
        const durationMs = this.#options.clock.monotonicMs() - startMs;
        const contextBytes = answer.headers["tipcart-context"]?.length;
        const { status } = answer;
        this.#options.onAnswered?.({ route: route?.name ?? "none", status, durationMs, contextBytes });
      })
      .catch((thrown: unknown) => {
        const detail = "The node met a fault of its own and ends.";
        write(response, failureAnswer({ error: "internal", effect: "unknown", detail }), true);
        this.#options.onFault(thrown);
      });
  }

  async #ask(route: Route, request: IncomingMessage, beforeBody: () => void): Promise<Answer> {
    if (!this.#isTrusted(request.headers.host)) {
      return refusal(
        "bad-request",
        "The Host header names neither this machine nor the address listened on.",
      );
    }
    return await route.answer({
      target: request.url ?? "",
      header: (name) => request.headers[name]?.toString(),
      readBody: (bytesMax) => this.#bodies.read(request, bytesMax, beforeBody),
    });
  }

  /** A client says the same in every request. */
  #isTrusted(host: string | undefined): boolean {
    if (host !== undefined && host === this.#lastTrustedHost) return true;
    if (!isTrustedHost(host, this.#options.host)) return false;
    this.#lastTrustedHost = host;
    return true;
  }

  async #unrouted(request: IncomingMessage): Promise<Answer> {
    const path = plainPathOf(request);
    const allowed = methods.filter((method) => this.#router.find(method, path) !== null);
    if (allowed.length > 0) {
      const allow = allowed.join(", ");
      const detail = `This path has no call of the method ${request.method ?? "none"}; it has: ${allow}.`;
      const { headers, ...answer } = refusal("method-not-allowed", detail);
      return { ...answer, headers: { ...headers, allow } };
    }
    const known = this.#options.routes.map((route) => `${route.method} ${route.path}`).join(", ");
    return refusal(
      "no-such-route",
      `No call has this method (${request.method ?? "none"}) and path; there are: ${known}.`,
    );
  }

  #routeOf(request: IncomingMessage): Route | undefined {
    const found = this.#router.find(request.method as HTTPMethod, plainPathOf(request));
    return found === null ? undefined : (found.store as Route);
  }

  #rejectParse(error: Error & { code?: string }, socket: Duplex): void {
    // A socket whose earlier call is still being answered cannot be written to without mixing two answers.
    if (!socket.writable || this.#busySockets.has(socket) || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    writeRaw(socket, this.#refusalOf(error.code));
  }

  #refusalOf(code: string | undefined): Answer {
    const { headerBytesMax, headersMs } = this.#bounds;
    switch (code) {
      case "HPE_HEADER_OVERFLOW":
        return refusal("headers-too-large", `The request line and headers are over ${headerBytesMax} bytes.`);
      case "ERR_HTTP_REQUEST_TIMEOUT":
        return refusal("too-slow", `The head of the request did not arrive within ${headersMs / 1000} s.`);
      default:
        return refusal("bad-request", "The request is no well-formed HTTP.");
    }
  }

  /** Whether the connection stays usable: the body is read, or small enough to be read and dropped. */
  #canServeOn(request: IncomingMessage): boolean {
    if (request.complete) return true;
    const announced = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY);
    const isHeldBack = request.headers.expect !== undefined;
    return !isHeldBack && announced <= this.#bounds.droppedBodyBytesMax;
  }
}

/**
 * The path as the router may see it. Only the slashes matter there; it would cut at `#` and `;` and drop what is badly
 * encoded, but all of these belong to a key or deserve a sentence of their own.
 */
function plainPathOf(request: IncomingMessage): string {
  const [path = ""] = (request.url ?? "").split("?", 1);
  return isPlain.test(path) ? path : path.replaceAll(/[^A-Za-z0-9/_.-]/g, "_");
}

function write(response: ServerResponse, answer: Answer, isLast: boolean): void {
  if (response.headersSent || response.destroyed) return;
  const headers: Record<string, string | number> = {
    ...answer.headers,
    "content-length": Buffer.byteLength(answer.body),
  };
  if (isLast) headers["connection"] = "close";
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

function writeRaw(socket: Duplex | Socket, answer: Answer): void {
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}`,
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(answer.body)}`,
    "connection: close",
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), Buffer.from(answer.body)]));
}
