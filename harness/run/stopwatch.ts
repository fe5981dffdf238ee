/** What each step of a run took, for the record: `lap` ends a step and begins the next. */
export class Stopwatch {
  readonly lapsMs: Record<string, number> = Object.create(null);
  #lapBegan = performance.now();

  /** Names the step that has just ended; a name used again adds up. */
  lap(name: string): void {
    const now = performance.now();
    this.lapsMs[name] = (this.lapsMs[name] ?? 0) + Math.round(now - this.#lapBegan);
    this.#lapBegan = now;
  }
}
