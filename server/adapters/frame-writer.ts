/**
 * Writes frames to a socket, all of one turn of the event loop as one piece: a system call for each small frame costs
 * more than the frame.
 *
 * What a slow or dead reader leaves unread is bounded; beyond it frames are refused, and the caller decides.
 */
import type { Socket } from "node:net";

const unwrittenBytesMax = 64 * 1024 * 1024;

export class FrameWriter {
  readonly #socket: Socket;
  #frames: Uint8Array[] = [];
  #frameBytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** False when the frame was not taken because too much is unwritten, or the socket is gone. */
  write(frame: Uint8Array): boolean {
    const unwrittenBytes = this.#socket.writableLength + this.#frameBytes;
    if (this.#socket.destroyed || unwrittenBytes + frame.length > unwrittenBytesMax) return false;
    if (this.#frames.length === 0) setImmediate(() => this.#flush());
    this.#frames.push(frame);
    this.#frameBytes += frame.length;
    return true;
  }

  #flush(): void {
    const [only] = this.#frames;
    const isAlone = this.#frames.length === 1 && only !== undefined;
    this.#socket.write(isAlone ? only : Buffer.concat(this.#frames, this.#frameBytes));
    this.#frames = [];
    this.#frameBytes = 0;
  }
}
