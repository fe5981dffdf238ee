/** The benchmark's cluster: three nodes as processes of their own, a client process, and what both cost. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { execPath } from "node:process";
import { createInterface } from "node:readline";
import type { LocalCluster } from "../launch/local-cluster.ts";
import type { ClientFigures, ClientLine, ClientPlan } from "./client-plan.ts";
import { startOnAnyPorts } from "./cluster-on-any-ports.ts";
import { cpuMicrosecondsOf } from "./cpu-time.ts";

/** Bundles of `server/main.ts` and `server/bench/client-process.ts`. */
export type Programs = { readonly server: string; readonly client: string };

export type LoadFigures = ClientFigures & {
  /** Microseconds of CPU of one request, over all nodes; the client's own are not in it. */
  readonly cpuMicroseconds: number;
};

const nodeCount = 3;

export class ClusterUnderLoad {
  readonly #programs: Programs;
  readonly #directory: string;
  readonly #cluster: LocalCluster;

  private constructor(programs: Programs, directory: string, cluster: LocalCluster) {
    this.#programs = programs;
    this.#directory = directory;
    this.#cluster = cluster;
  }

  /** N = 3, R = W = 2, synced before the acknowledgement or in memory. Throws when the nodes do not start. */
  static async start(programs: Programs, storage: "level" | "memory"): Promise<ClusterUnderLoad> {
    const { directory, cluster } = await startOnAnyPorts({
      serverProgram: programs.server,
      nodeCount,
      bucket: { n: 3, r: 2, w: 2 },
      storage,
    });
    return new ClusterUnderLoad(programs, directory, cluster);
  }

  /** Throws when the client process ends without figures. */
  async measure(plan: Omit<ClientPlan, "httpPorts">): Promise<LoadFigures> {
    const { nodes } = this.#cluster;
    const pids = nodes.map(({ pid }) => pid);
    const httpPorts = nodes.map(({ httpPort }) => httpPort);
    const whole: ClientPlan = { ...plan, httpPorts };
    const child = spawn(execPath, [this.#programs.client, JSON.stringify(whole)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let cpuBefore = 0;
    for await (const text of createInterface(child.stdout)) {
      const line = JSON.parse(text) as ClientLine;
      if (line.type === "began") cpuBefore = cpuMicrosecondsOf(pids);
      else {
        const { type: _ended, ...figures } = line;
        return { ...figures, cpuMicroseconds: (cpuMicrosecondsOf(pids) - cpuBefore) / figures.requestCount };
      }
    }
    throw new Error("The client of the benchmark ended without figures.");
  }

  /**
   * Stops all nodes and starts one again, twice: after a clean stop and after SIGKILL. Milliseconds from the start of
   * its process to its line that it serves.
   */
  async restart(): Promise<{ readonly afterStopMs: number; readonly afterKillMs: number }> {
    await this.#cluster.stop();
    const clean = await this.#startAlone();
    await endOf(clean.child, "SIGKILL");
    const unclean = await this.#startAlone();
    await endOf(unclean.child, "SIGTERM");
    return { afterStopMs: clean.servingMs, afterKillMs: unclean.servingMs };
  }

  async stop(): Promise<void> {
    await this.#cluster.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #startAlone(): Promise<{ readonly child: ChildProcess; readonly servingMs: number }> {
    const config = join(this.#directory, this.#cluster.nodes[0]?.nodeId ?? "", "node.json");
    const beganMs = performance.now();
    const child = spawn(execPath, [this.#programs.server, "--config", config], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { TIPCART_PARENT_GUARD: "1" },
    });
    await once(child.stdout, "data");
    return { child, servingMs: performance.now() - beganMs };
  }
}

async function endOf(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}
