/**
 * The answering side of the node network: takes the connections of peers and answers their requests in whatever
 * order they are done.
 *
 * A peer that sends damaged frames, speaks for another cluster or replies to nothing is cut off; it will connect
 * anew. A connection on which nothing comes for `idleMs` belongs to a peer that is gone, since a living one pings.
 */
import { createServer, type Server, type Socket } from "node:net";
import { AnswererHandshake } from "../rpc/handshake.ts";
import type { FrameWriter } from "./frame-writer.ts";
import { type Credentials, PeerStream, type StreamFault } from "./peer-stream.ts";

/** Answers one payload with another; undefined when it is none that may be answered, which ends the connection. */
export type PayloadHandler = (payload: Uint8Array) => Promise<Uint8Array | undefined>;

const connectionCountMax = 1024;
const idleMs = 60_000;

export type PeerServerOptions = {
  readonly clusterId: string;
  /** Absent: whoever connects is a peer. */
  readonly credentials?: Credentials;
  /** A connection was ended for what came over it. */
  readonly onRefused: (fault: StreamFault) => void;
  /** Called with what a handler threw; the node must end. */
  readonly onFault: (thrown: unknown) => void;
};

export class PeerServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #answer: PayloadHandler | undefined;
  readonly #options: PeerServerOptions;

  constructor(options: PeerServerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#take(socket));
    this.#server.maxConnections = connectionCountMax;
  }

  /** Begins to take connections, which wait unanswered until `serve`. Resolves to one sentence when it cannot. */
  open(host: string, port: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#server.once("error", (error: Error & { code?: string }) => {
        resolve(
          error.code === "EADDRINUSE"
            ? `Port ${port} of ${host} is already in use.`
            : `Cannot listen on port ${port} of ${host}: ${error.message}.`,
        );
      });
      this.#server.listen(port, host, () => resolve(undefined));
    });
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  serve(answer: PayloadHandler): void {
    this.#answer = answer;
    for (const socket of this.#sockets) this.#converse(socket, answer);
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(idleMs, () => socket.destroy());
    if (this.#answer !== undefined) this.#converse(socket, this.#answer);
  }

  #converse(socket: Socket, answer: PayloadHandler): void {
    const { clusterId, credentials, onFault, onRefused } = this.#options;
    let writer: FrameWriter | undefined;
    const onPayload = (payload: Uint8Array) => {
      answer(payload)
        .then((reply) => {
          if (reply === undefined || writer?.write(reply) !== true) socket.destroy();
        })
        .catch(onFault);
    };
    const handshake =
      credentials && new AnswererHandshake({ clusterId, ...credentials, nonce: credentials.nonce() });
    const onReady = (ready: FrameWriter) => {
      writer = ready;
    };
    new PeerStream({ socket, handshake, onReady, onPayload, onFault: onRefused }).begin();
  }
}
