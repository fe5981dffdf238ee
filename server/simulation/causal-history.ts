/**
 * What really happened to a key, as explicit sets of causes: the yardstick for clocks, kept without any.
 *
 * Each write names the writes its client had seen when it made it. From these names alone follows what may be left
 * at the end: a write is lost if it was acknowledged and nothing that survives descends from it; a survivor is a
 * phantom if it was never made or definitely failed, and falsely concurrent if another survivor descends from it.
 */
export type RecordedWrite = {
  readonly writeId: string;
  /** Write ids the client had seen of this key. */
  readonly parents: readonly string[];
  outcome: "open" | "ok" | "fail" | "info";
};

export class CausalHistory {
  readonly #writes = new Map<string, RecordedWrite>();

  begin(writeId: string, parents: readonly string[]): RecordedWrite {
    const write: RecordedWrite = { writeId, parents, outcome: "open" };
    this.#writes.set(writeId, write);
    return write;
  }

  count(outcome: RecordedWrite["outcome"]): number {
    return [...this.#writes.values()].filter((write) => write.outcome === outcome).length;
  }

  /**
   * Everything wrong with these survivors (write ids of the siblings and tombstones left), one sentence each. `reaped`
   * are deletes that were there and were dropped with their keys: they are not lost, and what they had seen is over.
   */
  faultsOf(survivors: readonly string[], reaped: readonly string[] = []): readonly string[] {
    const known = survivors.filter((writeId) => this.#writes.has(writeId));
    const over = this.#descentOf(reaped);
    const reached = new Set([...this.#descentOf(known), ...over]);
    const faults = survivors.filter((one) => !known.includes(one)).map((one) => `${one} was never written`);
    for (const { writeId, outcome } of this.#writes.values()) {
      if (outcome === "ok" && !reached.has(writeId)) faults.push(`${writeId} was acknowledged and is lost`);
      if (outcome === "fail" && reached.has(writeId))
        faults.push(`${writeId} failed for certain and is there`);
    }
    for (const survivor of known) {
      if (over.has(survivor) && !reaped.includes(survivor))
        faults.push(`${survivor} is back although it was deleted and reaped`);
      const others = this.#descentOf(known.filter((one) => one !== survivor));
      if (others.has(survivor)) faults.push(`${survivor} is a sibling of a write that has seen it`);
    }
    return faults;
  }

  /** These writes and everything they descend from. */
  #descentOf(writeIds: readonly string[]): ReadonlySet<string> {
    const reached = new Set<string>();
    const open = [...writeIds];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...(this.#writes.get(next)?.parents ?? []));
    }
    return reached;
  }
}
