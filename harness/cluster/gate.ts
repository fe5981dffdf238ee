/** Whether bytes may pass in one direction between two nodes, on whichever connection they travel. */
import type { LinkShape } from "./link-shape.ts";

export class Gate {
  readonly #listeners = new Set<() => void>();
  #isOpen = true;
  #shape: LinkShape | undefined;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How bytes pass while it is open; undefined: as they come. */
  get shape(): LinkShape | undefined {
    return this.#shape;
  }

  reshape(shape: LinkShape | undefined): void {
    this.#shape = shape;
  }

  /** Tells everybody who waits, at once and in the same turn. */
  set(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return;
    this.#isOpen = isOpen;
    for (const listener of this.#listeners) listener();
  }

  /** Returns how to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when it opens, at once if it is open; it may have closed again by then. */
  async opened(): Promise<void> {
    if (this.#isOpen) return;
    await new Promise<void>((resolve) => {
      const forget = this.onChange(() => {
        forget();
        resolve();
      });
    });
  }

  /** Acts once, in a moment when it is open. */
  async whenOpen(act: () => void): Promise<void> {
    while (!this.#isOpen) await this.opened();
    act();
  }
}
