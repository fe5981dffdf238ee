/** Acts that must not overlap: one after another, whatever became of the one before. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  do<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
