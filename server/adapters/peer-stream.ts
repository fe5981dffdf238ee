/**
 * Frames between two nodes over one socket, after the handshake where the cluster has a secret.
 *
 * The first thing wrong ends the stream, and its name is told: a peer of another cluster, a secret that does not
 * fit, a frame whose tag does not. Without a secret there is no handshake and no delay.
 */
import type { Socket } from "node:net";
import { FrameDecoder } from "../rpc/frame.ts";
import { checksum } from "../rpc/frame-guard.ts";
import {
  type AnswererHandshake,
  type AskerHandshake,
  answerWithoutSecret,
  type HandshakeFault,
  type HandshakeStep,
  looksLikeHandshake,
} from "../rpc/handshake.ts";
import { FrameWriter } from "./frame-writer.ts";

/** `damaged`: a frame too long, or whose tag does not fit. `silent`: no whole handshake in time. */
export type StreamFault = HandshakeFault | "damaged" | "silent";

/** What a connection needs to prove that it belongs to a cluster with a secret. */
export type Credentials = { readonly secret: string; readonly nonce: () => Uint8Array };

export type PeerStreamOptions = {
  readonly socket: Socket;
  /** Absent: the cluster has no secret. */
  readonly handshake: AskerHandshake | AnswererHandshake | undefined;
  /** From now on frames may be written. */
  readonly onReady: (writer: FrameWriter) => void;
  readonly onPayload: (payload: Uint8Array) => void;
  /** The socket is being closed. */
  readonly onFault: (fault: StreamFault) => void;
};

const handshakeMs = 2000;

export class PeerStream {
  readonly #options: PeerStreamOptions;
  #handshake: AskerHandshake | AnswererHandshake | undefined;
  #decoder = new FrameDecoder(checksum);
  #hasReceived = false;
  #isOver = false;

  /** For a socket that is connected. */
  constructor(options: PeerStreamOptions) {
    this.#options = options;
    this.#handshake = options.handshake;
  }

  begin(): void {
    const { socket, onReady } = this.#options;
    const handshake = this.#handshake;
    socket.on("data", (chunk) => this.#receive(chunk));
    if (handshake === undefined) return onReady(new FrameWriter(socket));
    const timeout = setTimeout(() => {
      if (this.#handshake !== undefined) this.#end("silent");
    }, handshakeMs);
    socket.once("close", () => clearTimeout(timeout));
    if ("hello" in handshake) socket.write(handshake.hello());
  }

  #receive(chunk: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#handshake !== undefined) return this.#advance(this.#handshake.push(chunk));
    const isFirst = !this.#hasReceived;
    this.#hasReceived = true;
    const pushed = this.#decoder.push(chunk);
    for (const payload of pushed.frames) if (!this.#isOver) this.#options.onPayload(payload);
    if (pushed.type === "ok") return;
    const isHandshake = isFirst && pushed.frames.length === 0 && looksLikeHandshake(chunk);
    if (isHandshake) this.#end("secret-needed", answerWithoutSecret());
    else this.#end("damaged");
  }

  #advance(step: HandshakeStep): void {
    if (step.type === "refused") return this.#end(step.fault, step.send);
    const { socket, onReady } = this.#options;
    if (step.send !== undefined) socket.write(step.send);
    if (step.type === "waiting") return;
    this.#handshake = undefined;
    this.#hasReceived = true;
    this.#decoder = new FrameDecoder(step.seals.receiving);
    onReady(new FrameWriter(socket, step.seals.sending));
    if (step.rest.length > 0) this.#receive(step.rest);
  }

  #end(fault: StreamFault, lastWords?: Uint8Array): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { socket, onFault } = this.#options;
    if (lastWords !== undefined) socket.write(lastWords);
    socket.destroySoon();
    onFault(fault);
  }
}
