/** The anomalies found so far: all counted by type, a few of each kept with their story. */
import { type Anomaly, anomalyLimit } from "../verdict.ts";

export class AnomalyList {
  readonly #counts = new Map<string, number>();
  readonly #kept: Anomaly[] = [];

  /** Anomaly -> how often it was found. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  get kept(): readonly Anomaly[] {
    return this.#kept;
  }

  /** `tell` is only called for the ones that are kept. */
  add(
    type: string,
    tell: () => Pick<Anomaly, "sentence" | "story" | "requests"> & { readonly key?: string },
  ): void {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    if (count <= anomalyLimit) this.#kept.push({ type, writes: [], ...tell() });
  }

  /** Takes over what another analysis counted and kept. */
  merge(counts: ReadonlyMap<string, number>, kept: readonly Anomaly[]): void {
    for (const [type, count] of counts) this.#counts.set(type, (this.#counts.get(type) ?? 0) + count);
    this.#kept.push(...kept);
  }
}
