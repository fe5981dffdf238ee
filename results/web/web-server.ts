/**
 * `tipcart serve`: stored runs in a browser, over HTTP on this machine alone.
 *
 * It listens on a loopback address and answers only to its own names: a page of another site can make a browser
 * resolve that site's name to this machine, but it cannot help saying the name in the Host header. Everything is
 * read-only, so there is no token; sizes, times and the number of calls are bounded.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { textAnswer, type WebAnswer } from "./web-answer.ts";
import { type WebOptions, WebPages } from "./web-pages.ts";

export type Listening = {
  readonly type: "listening";
  readonly url: string;
  /** Resolves when every connection is closed. */
  readonly close: () => Promise<void>;
};
/** `reason` is one sentence. */
export type Refused = { readonly type: "refused"; readonly reason: string };

const headerBytesMax = 16 * 1024;
const connectionsMax = 64;
/** Pages in the making; one more is turned away. */
const callsMax = 16;

/** `port` 0 takes a free one. */
export const serveRuns = async (
  options: WebOptions & { readonly port: number },
): Promise<Listening | Refused> => {
  const pages = new WebPages(options);
  let calls = 0;
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      requireHostHeader: false,
    },
    (request, response) => {
      const refusal = refusalOf(request, calls);
      if (refusal !== undefined) return send(response, refusal, request.method);
      calls += 1;
      pages
        .answer(request.url ?? "/")
        .catch(() => textAnswer(500, "This page could not be made."))
        .then((answer) => send(response, answer, request.method))
        .finally(() => {
          calls -= 1;
        });
    },
  );
  server.maxConnections = connectionsMax;
  server.on("clientError", (_, socket) =>
    socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
  );
  return await listening(server, options.port);
};

const listening = (server: Server, port: number): Promise<Listening | Refused> =>
  new Promise((resolve) => {
    server.once("error", (error: Error & { code?: string }) =>
      resolve({
        type: "refused",
        reason:
          error.code === "EADDRINUSE"
            ? `Port ${port} is already in use; --port chooses another one, and 0 a free one.`
            : `Port ${port} cannot be listened on: ${error.code ?? error.message}.`,
      }),
    );
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve({ type: "listening", url: `http://127.0.0.1:${bound}/`, close: () => closed(server) });
    });
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const refusalOf = (request: IncomingMessage, calls: number): WebAnswer | undefined => {
  if (!isOwnName(request.headers.host))
    return textAnswer(421, "This is not the host that was asked for; use localhost or 127.0.0.1.");
  if (request.method !== "GET" && request.method !== "HEAD")
    return textAnswer(405, "Runs can only be looked at here.");
  return calls >= callsMax ? textAnswer(503, "Too many pages are being made; ask again.") : undefined;
};

const isOwnName = (host: string | undefined): boolean =>
  host !== undefined && /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host);

const send = (response: ServerResponse, { status, headers, body }: WebAnswer, method?: string): void => {
  const bytes = Buffer.from(body, "utf8");
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  response.end(method === "HEAD" ? undefined : bytes);
};
