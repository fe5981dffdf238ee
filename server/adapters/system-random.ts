/**
 * Chance from the operating system: what an identity is drawn from must not repeat after a restart. Bytes are drawn
 * ahead, since each write without an id of its own needs some and a draw costs more than the bytes.
 */
import { randomFillSync } from "node:crypto";
import type { Random } from "../ports/random.ts";

const drawnBytes = 4096;

export class SystemRandom implements Random {
  readonly #drawn = new Uint8Array(drawnBytes);
  #usedBytes = drawnBytes;

  uniform(): number {
    return Math.random();
  }

  bytes(length: number): Uint8Array {
    if (length > drawnBytes) return randomFillSync(new Uint8Array(length));
    if (this.#usedBytes + length > drawnBytes) {
      randomFillSync(this.#drawn);
      this.#usedBytes = 0;
    }
    const bytes = this.#drawn.slice(this.#usedBytes, this.#usedBytes + length);
    this.#usedBytes += length;
    return bytes;
  }
}
