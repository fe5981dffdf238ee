/**
 * This node's connection to one peer: its requests go out on it, and their replies come back on it. The peer's own
 * requests have another connection, so that a cut of one direction is a cut of one direction.
 *
 * A lost connection is made anew by the next request, after a short back-off that the request waits out as far as
 * its time allows. A connection that is cut silently looks open for minutes; so when a peer has owed an answer for
 * `silentMs` and not one byte has come, the connection is given up. A peer that is merely slow loses nothing but
 * the replies to requests that have timed out.
 */
import { connect, type Socket } from "node:net";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Exchange } from "../ports/network.ts";
import { AskerHandshake } from "../rpc/handshake.ts";
import type { FrameWriter } from "./frame-writer.ts";
import { type Credentials, PeerStream, type StreamFault } from "./peer-stream.ts";

export type PeerAddress = { readonly host: string; readonly port: number };

/** What the connection leaves to its owner: where the peer is, and what frames mean. */
export type PeerConnectionOptions = {
  readonly clock: Clock;
  readonly addressOf: () => PeerAddress | undefined;
  /** The address requests leave from, so that the direction of a pair can be told from outside. */
  readonly localAddress: string | undefined;
  readonly clusterId: string;
  /** Absent: the cluster has no secret. */
  readonly credentials?: Credentials;
  /** The connection was ended for what came over it. */
  readonly onRefused: (fault: StreamFault) => void;
  /** Takes one reply; false when it is none that this peer may send, which ends the connection. */
  readonly onPayload: (connection: PeerConnection, payload: Uint8Array) => boolean;
};

/** Makes the payload of a request, given its id and the milliseconds its asker will still wait. */
export type PayloadMaker = (requestId: number, budgetMs: number) => Uint8Array;

type Unreachable = Extract<Exchange, { type: "unreachable" }>["reason"];

type Pending = {
  readonly payloadOf: PayloadMaker;
  readonly deadlineMs: number;
  readonly settle: (exchange: Exchange) => void;
  readonly cancelTimeout: Cancel;
};

/** `writer` is there once requests may be sent. */
type Link = { readonly socket: Socket; writer?: FrameWriter };

export const inFlightMax = 4096;
const connectMs = 500;
const silentMs = 1000;
const backOffMs = { first: 10, max: 200 };

export class PeerConnection {
  readonly #options: PeerConnectionOptions;
  readonly #pending = new Map<number, Pending>();
  #link: Link | undefined;
  #cancelBackOff: Cancel | undefined;
  #nextBackOffMs = backOffMs.first;
  #notBeforeMs = 0;
  #nextRequestId = 1;
  /** Since when an answer is owed and nothing has been heard. */
  #silentSinceMs: number | undefined;
  #isClosed = false;

  constructor(options: PeerConnectionOptions) {
    this.#options = options;
  }

  request(payloadOf: PayloadMaker, timeoutMs: number): Promise<Exchange> {
    if (this.#isClosed) return unreachable("closed");
    if (timeoutMs <= 0) return unreachable("timeout");
    if (this.#pending.size >= inFlightMax) return unreachable("overloaded");
    const { clock } = this.#options;
    const requestId = this.#nextRequestId++;
    return new Promise((settle) => {
      const cancelTimeout = clock.after(timeoutMs, () => this.#timeOut(requestId));
      const pending = { payloadOf, deadlineMs: clock.monotonicMs() + timeoutMs, settle, cancelTimeout };
      this.#pending.set(requestId, pending);
      if (this.#link?.writer !== undefined) this.#send(this.#link.writer, requestId, pending);
      else this.#connectSoon();
    });
  }

  /** The reply to a request; of no effect when the request has ended. */
  settle(requestId: number, exchange: Exchange): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    this.#pending.delete(requestId);
    pending.cancelTimeout();
    pending.settle(exchange);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelBackOff?.();
    if (this.#link !== undefined) this.#lose(this.#link);
    this.#settleAll("closed");
  }

  #send(writer: FrameWriter, requestId: number, { payloadOf, deadlineMs }: Pending): void {
    const nowMs = this.#options.clock.monotonicMs();
    const isTaken = writer.write(payloadOf(requestId, Math.max(0, deadlineMs - nowMs)));
    if (isTaken) this.#silentSinceMs ??= nowMs;
    else this.settle(requestId, { type: "unreachable", reason: "overloaded" });
  }

  #timeOut(requestId: number): void {
    this.settle(requestId, { type: "unreachable", reason: "timeout" });
    const silentSinceMs = this.#silentSinceMs;
    if (silentSinceMs === undefined || this.#link === undefined) return;
    if (this.#options.clock.monotonicMs() - silentSinceMs >= silentMs) this.#lose(this.#link);
  }

  #connectSoon(): void {
    if (this.#link !== undefined || this.#cancelBackOff !== undefined) return;
    const waitMs = this.#notBeforeMs - this.#options.clock.monotonicMs();
    if (waitMs <= 0) return this.#connect();
    this.#cancelBackOff = this.#options.clock.after(waitMs, () => {
      this.#cancelBackOff = undefined;
      if (this.#pending.size > 0) this.#connect();
    });
  }

  #connect(): void {
    const address = this.#options.addressOf();
    if (address === undefined) return this.#settleAll("refused");
    const { localAddress } = this.#options;
    const socket = connect({ ...address, ...(localAddress && { localAddress }), noDelay: true });
    const link: Link = { socket };
    this.#link = link;
    const cancelConnect = this.#options.clock.after(connectMs, () => this.#lose(link));
    const { clusterId, credentials, onRefused } = this.#options;
    const stream = new PeerStream({
      socket,
      handshake: credentials && new AskerHandshake({ clusterId, ...credentials, nonce: credentials.nonce() }),
      onReady: (writer) => {
        cancelConnect();
        link.writer = writer;
        this.#nextBackOffMs = backOffMs.first;
        for (const [requestId, pending] of this.#pending) this.#send(writer, requestId, pending);
      },
      onPayload: (payload) => {
        if (!this.#options.onPayload(this, payload)) this.#lose(link);
      },
      onFault: (fault) => {
        onRefused(fault);
        this.#lose(link);
      },
    });
    socket.once("connect", () => {
      stream.begin();
      // After the stream, so that what the bytes have answered is owed no more.
      socket.on("data", () => {
        this.#silentSinceMs = this.#pending.size === 0 ? undefined : this.#options.clock.monotonicMs();
      });
    });
    // The reason of an error is of no use: whatever it was, the connection is closed next.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      cancelConnect();
      this.#lose(link);
    });
  }

  /** The link is of no use any more; whoever waits for it is told. Of no effect on a link already replaced. */
  #lose(link: Link): void {
    link.socket.destroy();
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#silentSinceMs = undefined;
    this.#notBeforeMs = this.#options.clock.monotonicMs() + this.#nextBackOffMs;
    this.#nextBackOffMs = Math.min(2 * this.#nextBackOffMs, backOffMs.max);
    this.#settleAll(link.writer === undefined ? "refused" : "closed");
  }

  #settleAll(reason: Unreachable): void {
    for (const requestId of this.#pending.keys()) {
      this.settle(requestId, { type: "unreachable", reason });
    }
  }
}

function unreachable(reason: Unreachable): Promise<Exchange> {
  return Promise.resolve({ type: "unreachable", reason });
}
