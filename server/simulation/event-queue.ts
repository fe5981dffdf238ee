/**
 * The events of a simulated world that have not happened yet, in the order in which they will.
 *
 * A binary heap by time; events of one time come in the order in which they were asked for. Cancelled events stay
 * until their time comes and are then passed over, which is cheaper than taking them out: most timers of a node are
 * time-outs that are cancelled a few milliseconds later.
 */
export type ScheduledEvent = {
  readonly atMs: number;
  readonly sequence: number;
  readonly action: () => void;
  isCancelled: boolean;
};

export class EventQueue {
  readonly #heap: ScheduledEvent[] = [];
  #sequence = 0;

  add(atMs: number, action: () => void): ScheduledEvent {
    this.#sequence += 1;
    const event = { atMs, sequence: this.#sequence, action, isCancelled: false };
    let index = this.#heap.length;
    this.#heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || comesBefore(parent, event)) break;
      this.#heap[index] = parent;
      index = parentIndex;
    }
    this.#heap[index] = event;
    return event;
  }

  /** Takes out the next event that is not cancelled; undefined when there is none. */
  next(): ScheduledEvent | undefined {
    for (;;) {
      const event = this.#takeFirst();
      if (event === undefined || !event.isCancelled) return event;
    }
  }

  #takeFirst(): ScheduledEvent | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || this.#heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      if (left === undefined) break;
      const isRightSooner = right !== undefined && comesBefore(right, left);
      const child = isRightSooner ? right : left;
      if (comesBefore(last, child)) break;
      this.#heap[index] = child;
      index = 2 * index + (isRightSooner ? 2 : 1);
    }
    this.#heap[index] = last;
    return first;
  }
}

function comesBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  return a.atMs === b.atMs ? a.sequence < b.sequence : a.atMs < b.atMs;
}
