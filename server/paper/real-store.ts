/**
 * The store as processes, for experiments whose figures are times: some nodes, a front before them if one is wanted,
 * and clients of either kind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { execPath } from "node:process";
import { startOnAnyPorts } from "../bench/cluster-on-any-ports.ts";
import type { Client } from "../client/client.ts";
import { connect } from "../client/connect.ts";
import type { BucketConfig, StorageEngine } from "../config.ts";
import { type LocalCluster, localClusterId } from "../launch/local-cluster.ts";

/** Bundles of `server/main.ts` and `server/front/front-main.ts`. */
export type FrontPrograms = { readonly server: string; readonly front: string };

export type StorePlan = {
  readonly programs: FrontPrograms;
  readonly nodeCount: number;
  readonly storage: StorageEngine;
  readonly buckets?: Readonly<Record<string, Partial<BucketConfig>>>;
};

/** By which way requests go: through a front to some node, to some node, or to the homes themselves. */
export type Way = "front" | "node" | "library";

const host = "127.0.0.1";
/** One attempt that waits: a request that is slow is to be timed, not given up and tried again. */
const patience = { attemptCountMax: 1, attemptMs: 10_000, totalMs: 10_000 } as const;

export class RealStore {
  readonly #plan: StorePlan;
  readonly #directory: string;
  readonly #cluster: LocalCluster;
  readonly #fronts: ChildProcess[] = [];
  readonly #clients: Client[] = [];

  private constructor(plan: StorePlan, directory: string, cluster: LocalCluster) {
    this.#plan = plan;
    this.#directory = directory;
    this.#cluster = cluster;
  }

  /** N = 3, R = W = 2. Throws when the nodes do not start. */
  static async start(plan: StorePlan): Promise<RealStore> {
    const { directory, cluster } = await startOnAnyPorts({
      serverProgram: plan.programs.server,
      nodeCount: plan.nodeCount,
      bucket: {},
      buckets: plan.buckets ?? {},
      storage: plan.storage,
    });
    return new RealStore(plan, directory, cluster);
  }

  async client(way: Way): Promise<Client> {
    const nodes = this.#cluster.nodes.map(({ nodeId, httpPort }) => ({ nodeId, host, httpPort }));
    const seeds = way === "front" ? [{ nodeId: "front", host, httpPort: await this.#openFront() }] : nodes;
    const client = await connect({
      seeds,
      patience,
      ...(way === "library" && { coordinate: { clusterId: localClusterId } }),
    });
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) await client.close();
    for (const front of this.#fronts) {
      const ended = once(front, "exit");
      front.kill("SIGTERM");
      await ended;
    }
    await this.#cluster.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Its client port. */
  async #openFront(): Promise<number> {
    const nodes = this.#cluster.nodes.flatMap(({ httpPort }) => ["--node", `${host}:${httpPort}`]);
    const args = [this.#plan.programs.front, "--listen", `${host}:0`, ...nodes];
    const front = spawn(execPath, args, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { TIPCART_PARENT_GUARD: "1" },
    });
    const [said] = await Promise.race([once(front.stdout, "data"), once(front, "exit")]);
    if (!(said instanceof Buffer)) throw new Error("The front ended before it served.");
    this.#fronts.push(front);
    front.stdout.resume();
    return Number((JSON.parse(said.toString()) as { readonly httpPort: number }).httpPort);
  }
}
