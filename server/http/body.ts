/**
 * Reads the body of a request as bytes, within a bound.
 *
 * A body that announces too many bytes is refused before one of them is read; one that does not say its length is
 * refused at the first byte too many. What all bodies on their way may hold together is bounded as well: memory is
 * set aside before a body is read, by its announced length or, where it has none, by the largest allowed.
 */
import type { IncomingMessage } from "node:http";

export type BodyOutcome =
  | { readonly type: "read"; readonly bytes: Uint8Array }
  | { readonly type: "too-large" }
  /** The bodies being read already fill what may be held. */
  | { readonly type: "overloaded" }
  /** The client went away or was too slow; there is nobody to answer. */
  | { readonly type: "aborted" };

export class BodyReader {
  readonly #heldBytesMax: number;
  #heldBytes = 0;

  constructor(heldBytesMax: number) {
    this.#heldBytesMax = heldBytesMax;
  }

  /** `beforeReading` is called once it is settled that the body is wanted. */
  async read(request: IncomingMessage, bytesMax: number, beforeReading: () => void): Promise<BodyOutcome> {
    const announced = announcedBytes(request);
    if (announced !== undefined && announced > bytesMax) return { type: "too-large" };
    const setAside = announced ?? bytesMax;
    if (this.#heldBytes + setAside > this.#heldBytesMax) return { type: "overloaded" };
    this.#heldBytes += setAside;
    beforeReading();
    try {
      return await collect(request, bytesMax);
    } finally {
      this.#heldBytes -= setAside;
    }
  }
}

function announcedBytes(request: IncomingMessage): number | undefined {
  const header = request.headers["content-length"];
  return header === undefined
    ? request.headers["transfer-encoding"] === undefined
      ? 0
      : undefined
    : Number(header);
}

function collect(request: IncomingMessage, bytesMax: number): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let byteCount = 0;
    const onData = (chunk: Buffer) => {
      byteCount += chunk.length;
      if (byteCount <= bytesMax) return void chunks.push(chunk);
      request.off("data", onData);
      resolve({ type: "too-large" });
    };
    // The first of these counts. They stay, so that an error after it finds somebody who listens.
    const onClose = () => resolve({ type: "aborted" });
    request.on("data", onData).on("end", () => resolve({ type: "read", bytes: joined(chunks) }));
    request.on("close", onClose).on("error", onClose);
  });
}

function joined(chunks: readonly Buffer[]): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}
