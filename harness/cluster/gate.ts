/** What may pass in one direction between two nodes, on whichever connection it travels, and what becomes of those. */
import { isBreak, type LinkShape, type PassingShape } from "./link-shape.ts";

/** One connection's way through a gate. */
export class Passage {
  readonly #gate: Gate;
  #isForgotten = false;
  #hasEnded = false;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** Whether bytes may pass now. */
  get isOpen(): boolean {
    return this.#gate.isOpen && !this.#isForgotten;
  }

  /** Nothing more is passed on, and the other side is told so. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isReset(): boolean {
    return this.#gate.isReset;
  }

  get shape(): PassingShape | undefined {
    return this.#gate.shape;
  }

  /** For the gate alone. */
  change(shape: LinkShape | undefined): void {
    this.#isForgotten = shape?.trouble === "half-open";
    this.#hasEnded ||= shape?.trouble === "half-close";
  }

  /** Acts once, in a moment when it is open. */
  async whenOpen(act: () => void): Promise<void> {
    while (!this.isOpen) await this.#gate.changed();
    act();
  }
}

export class Gate {
  readonly #listeners = new Set<() => void>();
  readonly #passages = new Set<Passage>();
  #isOpen = true;
  #shape: LinkShape | undefined;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How bytes pass while it is open; undefined: as they come. */
  get shape(): PassingShape | undefined {
    return this.#shape === undefined || isBreak(this.#shape) ? undefined : this.#shape;
  }

  /** Whether no connection may stand. */
  get isReset(): boolean {
    return this.#shape?.trouble === "reset";
  }

  /** Of passing bytes, or of connections: a break other than a reset befalls those that pass now, and no later ones. */
  reshape(shape: LinkShape | undefined): void {
    this.#shape = shape;
    for (const passage of this.#passages) passage.change(shape);
    this.#tellAll();
  }

  /** Tells everybody who waits, at once and in the same turn. */
  set(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return;
    this.#isOpen = isOpen;
    this.#tellAll();
  }

  /** A connection's way through, which hears of every change until it leaves. */
  enter(onChange: () => void): { readonly passage: Passage; readonly leave: () => void } {
    const passage = new Passage(this);
    const forget = this.onChange(onChange);
    this.#passages.add(passage);
    return {
      passage,
      leave: () => {
        forget();
        this.#passages.delete(passage);
      },
    };
  }

  /** Returns how to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves at the next change. */
  async changed(): Promise<void> {
    await new Promise<void>((resolve) => {
      const forget = this.onChange(() => {
        forget();
        resolve();
      });
    });
  }

  /** Resolves when it opens, at once if it is open; it may have closed again by then. */
  async opened(): Promise<void> {
    while (!this.#isOpen) await this.changed();
  }

  #tellAll(): void {
    for (const listener of this.#listeners) listener();
  }
}
