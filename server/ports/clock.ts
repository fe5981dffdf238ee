/**
 * The time a node may know.
 *
 * Two clocks with two purposes. The monotonic one measures: time-outs, back-off, grace periods, ages. The wall
 * one only stamps: last-write-wins versions and fields a person reads. A node never measures with the wall clock,
 * since an operator, NTP or a fault may move it at any moment.
 */

/** Stops a timer; calling it twice, or after the timer fired, does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since an arbitrary start of this boot, never going back, fractional. */
  monotonicMs(): number;

  /** Milliseconds since 1970 as the operating system believes; may jump either way between two calls. */
  wallMs(): number;

  /** Runs `action` once, `delayMs` (>= 0) of monotonic time from now, unless cancelled first. */
  after(delayMs: number, action: () => void): Cancel;

  /** Resolves after `delayMs` (>= 0) of monotonic time. For loops that end with their node; else use `after`. */
  sleep(delayMs: number): Promise<void>;
}
