/**
 * Notices that this process was stopped for a while: by a signal, a swapped-out machine, a long pause of the host.
 *
 * What waits in its sockets then is old. Whoever sent it has given up, has perhaps written elsewhere and seen that
 * superseded; coordinating it now would bring back what is long gone, once more writes have passed than a key
 * remembers (`recent` in core/versions.ts). So a node that wakes refuses writes of clients for a moment: the sender
 * either no longer cares or asks somebody else. Nobody can be asked how old a message is, since clocks differ.
 */
import type { Clock } from "../ports/clock.ts";
import { Recurring } from "./recurring.ts";

/** How often the node looks at itself. */
const lookMs = 50;
/** A gap this long is no busy moment: longer than any client waits for one attempt. */
const stallMsMin = 500;
/** What is left of an earlier lag at each look: a second later a third of it. */
const lagDecay = 0.95;
/** How long what has piled up is refused. */
const wakingMs = 100;

export class StallWatch {
  readonly #clock: Clock;
  readonly #looking: Recurring;
  #lastLookMs: number;
  #awakeAtMs = Number.NEGATIVE_INFINITY;
  #ranSinceMs: number;
  #lagMs = 0;
  #lateMs = 0;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
    this.#lastLookMs = clock.monotonicMs();
    this.#ranSinceMs = this.#lastLookMs;
    this.#looking = new Recurring(clock, lookMs, () => this.#look());
  }

  start(): void {
    this.#look();
    this.#looking.start(lookMs);
  }

  stop(): Promise<void> {
    return this.#looking.stop();
  }

  /** Whether what arrives now may have waited here while nobody was looking. */
  isWaking(): boolean {
    const nowMs = this.#clock.monotonicMs();
    return nowMs - this.#lastLookMs > stallMsMin || nowMs < this.#awakeAtMs;
  }

  /** For how long this process has run without a stop. */
  awakeForMs(): number {
    return this.isWaking() ? 0 : this.#clock.monotonicMs() - this.#ranSinceMs;
  }

  /** How late this process came to its own timers lately: its largest delay, fading. */
  lagMs(): number {
    return Math.max(this.#lagMs, this.lateMs());
  }

  /** How late it came to the last of them, or is to the next one. */
  lateMs(): number {
    return Math.max(this.#lateMs, this.#clock.monotonicMs() - this.#lastLookMs - lookMs);
  }

  #look(): undefined {
    const nowMs = this.#clock.monotonicMs();
    this.#lateMs = Math.max(0, nowMs - this.#lastLookMs - lookMs);
    this.#lagMs = Math.max(this.#lagMs * lagDecay, this.#lateMs);
    if (nowMs - this.#lastLookMs > stallMsMin) {
      this.#awakeAtMs = nowMs + wakingMs;
      this.#ranSinceMs = nowMs;
    }
    this.#lastLookMs = nowMs;
  }
}
