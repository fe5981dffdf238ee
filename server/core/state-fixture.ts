/** Key states for tests: random ones, and what a handful of replicas makes of a random history. */
import * as fc from "fast-check";
import { vectorOf } from "./version-vector.ts";
import type { Dot, KeyState, RecentWrite, Sibling, VersionVector } from "./versions.ts";
import { WriteMemory } from "./write-memory.ts";

/** Tests of laws run so many times; the nightly ones longer. */
export const numRuns = (usual: number): number => (process.env["TIPCART_DEEP"] ? usual * 20 : usual);

/** Text a client may choose, the names every JavaScript object inherits among it. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "", "a/b", "ключ", "\0") },
);

export const anyActor: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("a~1~0", "b~1~0", "b~1~12", "c~f00d~3", "__proto__"),
  fc.string({ maxLength: 80 }),
);

export const anyDot: fc.Arbitrary<Dot> = fc.record({
  actor: anyActor,
  counter: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
});

export const anyVector: fc.Arbitrary<VersionVector> = fc
  .array(anyDot, { maxLength: 6 })
  .map((dots) => vectorOf(new Map(dots.map(({ actor, counter }) => [actor, counter]))));

/** A state of the right shape and of no particular sense, for codecs. */
export const anyState: fc.Arbitrary<KeyState> = fc.record({
  clock: anyVector,
  cloud: fc.array(anyDot, { maxLength: 3 }),
  siblings: fc.array(anySibling(), { maxLength: 4 }),
  recent: fc.array(anyRecent(), { maxLength: 4 }).map((writes) => WriteMemory.of(writes)),
});

function anySibling(): fc.Arbitrary<Sibling> {
  const parts = {
    dots: fc.array(anyDot, { minLength: 1, maxLength: 3 }),
    writeId: anyText,
    value: fc.option(fc.uint8Array({ maxLength: 200 })),
    rank: fc.maxSafeNat(),
    wallMs: fc.double({ noNaN: true }),
  };
  return fc.oneof(fc.record(parts), fc.record({ ...parts, clock: anyVector }));
}

function anyRecent(): fc.Arbitrary<RecentWrite> {
  return fc.record({
    writeId: anyText,
    dots: fc.array(anyDot, { minLength: 1, maxLength: 3 }),
    rank: fc.maxSafeNat(),
  });
}
