/**
 * A write that was sent again after its request had ended, byte for byte and under its own name, as a network that
 * held it back would deliver it. It is one more attempt of that request: its client knows nothing of it, and what
 * the store makes of it shows in the reads of everybody.
 */
import type { Attempt, Micros } from "./event.ts";

export type LateCopy = {
  readonly type: "late-copy";
  /** Of the put or delete that it repeats. */
  readonly id: number;
  /** When the attempt ended. */
  readonly at: Micros;
  readonly attempt: Attempt;
};
