/**
 * Chance, from one seed. A run has one seed and many uses for it: each use has a stream of its own, found by its
 * name, so that drawing one number more in one place shifts nothing elsewhere. The name and the seed are hashed into
 * the state of a pure-rand generator; streams of different names are as independent as SHA-256 makes them.
 */
import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** Numbers of one seeded stream, used up as they are drawn. */
export interface Stream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer, both ends included. */
  integer(low: number, high: number): number;
  /** Uniform bytes. */
  bytes(length: number): Uint8Array;
}

/** The stream called `name` of the run with this seed, from its beginning. */
export function streamOf(seed: number, name: string): Stream {
  const digest = createHash("sha256").update(`${seed}/${name}`).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  return {
    uniform: () => uniformFloat64(generator),
    integer: (low, high) => uniformInt(generator, low, high),
    bytes: (length) => {
      const words = Int32Array.from({ length: Math.ceil(length / 4) }, () => generator.next());
      return new Uint8Array(words.buffer, 0, length);
    },
  };
}
