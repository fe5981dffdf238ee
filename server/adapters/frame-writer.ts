/**
 * Writes frames to a socket, all of one turn of the event loop as one piece: a system call for each small frame costs
 * more than the frame.
 *
 * What a slow or dead reader leaves unread is bounded; beyond it payloads are refused, and the caller decides. A
 * payload becomes a frame only when it is written, so that a refused one leaves no gap in the numbers of a seal.
 */
import type { Socket } from "node:net";
import { encodeFrames } from "../rpc/frame.ts";
import { checksum, type FrameGuard } from "../rpc/frame-guard.ts";

const unwrittenBytesMax = 64 * 1024 * 1024;

export class FrameWriter {
  readonly #socket: Socket;
  readonly #guard: FrameGuard;
  #payloads: Uint8Array[] = [];
  #payloadBytes = 0;

  constructor(socket: Socket, guard: FrameGuard = checksum) {
    this.#socket = socket;
    this.#guard = guard;
  }

  /** False when the payload was not taken because too much is unwritten, or the socket is gone. */
  write(payload: Uint8Array): boolean {
    const unwrittenBytes = this.#socket.writableLength + this.#payloadBytes;
    if (this.#socket.destroyed || unwrittenBytes + payload.length > unwrittenBytesMax) return false;
    if (this.#payloads.length === 0) setImmediate(() => this.#flush());
    this.#payloads.push(payload);
    this.#payloadBytes += payload.length;
    return true;
  }

  #flush(): void {
    this.#socket.write(encodeFrames(this.#payloads, this.#guard));
    this.#payloads = [];
    this.#payloadBytes = 0;
  }
}
