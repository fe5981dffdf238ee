/**
 * A client in a simulated world: asks a node, waits a while, and hears no more from a node that has died.
 *
 * What it is told is what any client is told: happened, did not, or nobody knows. Silence is the last of these.
 */
import type { ClientGet, ClientWrite, GetOutcome, WriteOutcome } from "../outcomes.ts";
import type { NodeId } from "../ports/network.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";

export type ReadValues = {
  /** Sorted. */
  readonly values: readonly string[];
  readonly tombstones: readonly string[];
  readonly context: string;
};

export class SimulatedClient {
  readonly #cluster: SimulatedCluster;
  readonly #patienceMs: number;

  /** Takes silence for an answer after `patienceMs`. */
  constructor(cluster: SimulatedCluster, patienceMs = 2000) {
    this.#cluster = cluster;
    this.#patienceMs = patienceMs;
  }

  /** Resolves in any case; needs the world to run. */
  get(entry: NodeId, request: ClientGet): Promise<GetOutcome> {
    const silence: GetOutcome = { type: "fail", error: "timeout", detail: "The node did not answer." };
    return this.#patiently(this.#cluster.node(entry).get(request), silence);
  }

  write(entry: NodeId, request: ClientWrite): Promise<WriteOutcome> {
    const silence: WriteOutcome = { type: "info", error: "timeout", detail: "The node did not answer." };
    return this.#patiently(this.#cluster.node(entry).write(request), silence);
  }

  /** Runs the world until the write has ended well; throws otherwise. The value is text. */
  async put(
    entry: NodeId,
    key: string,
    value: string | null,
    options: Omit<ClientWrite, "bucket" | "key" | "value"> & { readonly bucket?: string } = {},
  ): Promise<Extract<WriteOutcome, { type: "ok" }>> {
    const bytes = value === null ? null : new TextEncoder().encode(value);
    const { bucket = "default", ...rest } = options;
    const outcome = await this.#cluster.world.run(this.write(entry, { bucket, key, value: bytes, ...rest }));
    if (outcome.type !== "ok")
      throw new Error(`put ${key}: ${outcome.type} ${outcome.error}: ${outcome.detail}`);
    return outcome;
  }

  /** Runs the world until the read has ended well; throws otherwise. */
  async read(
    entry: NodeId,
    key: string,
    options: Omit<ClientGet, "bucket" | "key"> & { readonly bucket?: string } = {},
  ): Promise<ReadValues> {
    const { bucket = "default", ...rest } = options;
    const outcome = await this.#cluster.world.run(this.get(entry, { bucket, key, ...rest }));
    if (outcome.type !== "ok") throw new Error(`get ${key}: ${outcome.error}: ${outcome.detail}`);
    return {
      values: outcome.siblings.map(({ value }) => new TextDecoder().decode(value)).toSorted(),
      tombstones: outcome.tombstones,
      context: outcome.context,
    };
  }

  #patiently<T>(answer: Promise<T>, silence: T): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#cluster.world.after(this.#patienceMs, () => resolve(silence));
      answer.then((outcome) => {
        cancel();
        resolve(outcome);
      }, reject);
    });
  }
}
