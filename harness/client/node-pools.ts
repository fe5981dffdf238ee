/** Connections to the nodes: one undici pool a node, one request at a time on a connection. */
import { Pool } from "undici";
import type { NodeName } from "../../checkers/history/event.ts";

export type ClientAddress = { readonly node: NodeName; readonly httpUrl: string };

/**
 * `connectionsMax` bounds each pool; it must be at least the number of requests that can be under way, or requests
 * wait for each other. Deadlines are the client's own, so the pool's timers are off or longer.
 */
export class NodePools {
  readonly #pools: ReadonlyMap<NodeName, Pool>;

  constructor(addresses: readonly ClientAddress[], connectionsMax: number) {
    const poolOf = (url: string): Pool =>
      new Pool(url, {
        connections: connectionsMax,
        pipelining: 1,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: { timeout: 2_000 },
      });
    this.#pools = new Map(addresses.map(({ node, httpUrl }) => [node, poolOf(httpUrl)]));
  }

  get nodes(): ReadonlyMap<NodeName, Pool> {
    return this.#pools;
  }

  /** Ends every connection, whatever is still under way on it. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}
