/**
 * Writes frames to a socket, all of one turn of the event loop together: a system call for each small frame costs
 * more than the frame.
 *
 * What a slow or dead reader leaves unread is bounded; beyond it frames are refused, and the caller decides.
 */
import type { Socket } from "node:net";

export const unwrittenBytesMax = 64 * 1024 * 1024;

export class FrameWriter {
  readonly #socket: Socket;
  #isCorked = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** False when the frame was not taken because too much is unwritten, or the socket is gone. */
  write(frame: Uint8Array): boolean {
    if (this.#socket.destroyed || this.#socket.writableLength + frame.length > unwrittenBytesMax)
      return false;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#isCorked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(frame);
    return true;
  }
}
