/**
 * The two clocks of a node in a simulated world.
 *
 * The wall clock belongs to the machine: it survives restarts, and a fault moves it. The monotonic clock belongs
 * to the boot: it starts anywhere and may run a little fast or slow, as real quartz does, but never back.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

/** What a machine's quartz and its operators do to time. Changed while the world runs. */
export type MachineTime = {
  /** How far the wall clock is from the true time. */
  wallOffsetMs: number;
  /** Monotonic milliseconds for each true one; 1 is exact, 1.0001 gains 8.6 s a day. */
  readonly rate: number;
  /** Between two steps of the wall clock (default 1). */
  readonly tickMs?: number;
};

/** Where virtual time 0 lies on the wall: 2026-01-01T00:00:00Z. */
const wallStartMs = 1_767_225_600_000;

export class SimulatedClock implements Clock {
  readonly #process: SimulatedProcess;
  readonly #machine: MachineTime;
  readonly #bootedAtMs: number;

  constructor(process: SimulatedProcess, machine: MachineTime) {
    this.#process = process;
    this.#machine = machine;
    this.#bootedAtMs = process.world.nowMs();
  }

  monotonicMs(): number {
    return (this.#process.world.nowMs() - this.#bootedAtMs) * this.#machine.rate;
  }

  wallMs(): number {
    const { tickMs = 1, wallOffsetMs } = this.#machine;
    const nowMs = Math.floor(this.#process.world.nowMs() / tickMs) * tickMs;
    return Math.floor(wallStartMs + nowMs + wallOffsetMs);
  }

  after(delayMs: number, action: () => void): Cancel {
    return this.#process.after(delayMs / this.#machine.rate, action);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }
}
