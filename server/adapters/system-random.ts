/** Chance from the operating system: what an identity is drawn from must not repeat after a restart. */
import { randomBytes } from "node:crypto";
import type { Random } from "../ports/random.ts";

export class SystemRandom implements Random {
  uniform(): number {
    return Math.random();
  }

  bytes(length: number): Uint8Array {
    return randomBytes(length);
  }
}
