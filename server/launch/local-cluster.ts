/**
 * A few nodes on this machine, each a process of its own, for a person to play with.
 *
 * No node outlives its starter: each has its end of a pipe as standard input and ends when the other end is gone,
 * whatever way the starter went. Nodes are in process groups of their own, so that Ctrl-C reaches the starter alone,
 * which then stops them in order.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execPath } from "node:process";
import type { BucketConfig, Member, StorageEngine } from "../config.ts";

export type ClusterPlan = {
  /** The bundle of `server/main.ts`. */
  readonly serverProgram: string;
  readonly nodeCount: number;
  /** Where each node's configuration and store go. */
  readonly directory: string;
  /** Node i (from 0) listens for clients on basePort + 10 i, for its peers on the port after it, and so on. */
  readonly basePort: number;
  /** Of every bucket that is not among `buckets`. */
  readonly bucket: Partial<BucketConfig>;
  readonly buckets?: Readonly<Record<string, Partial<BucketConfig>>>;
  readonly storage: StorageEngine;
};

export type LocalNode = {
  readonly nodeId: string;
  readonly httpPort: number;
  readonly pid: number;
  /** What starts this node again by hand. */
  readonly command: string;
};

export type ClusterStart =
  | { readonly type: "serving"; readonly cluster: LocalCluster }
  /** `exitCode` and what the node said on standard error. */
  | { readonly type: "failed"; readonly nodeId: string; readonly exitCode: number; readonly said: string };

export type LocalCluster = {
  readonly nodes: readonly LocalNode[];
  /** Resolves for each node that ends before it was told to. */
  readonly onEnded: (tell: (nodeId: string, how: string) => void) => void;
  readonly stop: () => Promise<void>;
};

/** The name that a client which drives itself has to know. */
export const localClusterId = "by-hand";

const stopMs = 15_000;

type Started = { readonly member: Member; readonly child: ChildProcess; readonly command: string };

export async function startLocalCluster(plan: ClusterPlan): Promise<ClusterStart> {
  const members = Array.from({ length: plan.nodeCount }, (_, index) => memberOf(plan, index));
  const started = await Promise.all(members.map((member) => startNode(plan, members, member)));
  const failed = started.find((node) => "said" in node);
  const running = started.filter((node) => "child" in node);
  if (failed !== undefined) {
    await stopAll(running);
    return { type: "failed", ...failed };
  }
  return { type: "serving", cluster: clusterOf(running) };
}

function clusterOf(running: readonly Started[]): LocalCluster {
  let isStopping = false;
  return {
    nodes: running.map(({ member, child, command }) => ({
      nodeId: member.nodeId,
      httpPort: member.httpPort,
      pid: child.pid ?? 0,
      command,
    })),
    onEnded: (tell) => {
      for (const { member, child } of running) {
        child.once("exit", (code, signal) => {
          if (!isStopping) tell(member.nodeId, signal ?? `exit code ${code ?? "?"}`);
        });
      }
    },
    stop: async () => {
      isStopping = true;
      await stopAll(running);
    },
  };
}

async function startNode(
  plan: ClusterPlan,
  members: readonly Member[],
  member: Member,
): Promise<Started | { readonly nodeId: string; readonly exitCode: number; readonly said: string }> {
  const { nodeId, host, rpcPort, httpPort } = member;
  const directory = resolve(plan.directory, nodeId);
  const path = join(directory, "node.json");
  const listen = { host, rpcPort, httpPort, verificationPort: httpPort + 2 };
  const dataDir = join(directory, "store");
  const buckets = { ...plan.buckets, default: plan.bucket };
  const { storage } = plan;
  await mkdir(directory, { recursive: true });
  await writeFile(
    path,
    `${JSON.stringify({ clusterId: localClusterId, nodeId, dataDir, storage, members, listen, buckets }, null, 2)}\n`,
  );
  const args = [plan.serverProgram, "--config", path];
  const child = spawn(execPath, args, { detached: true, stdio: "pipe", env: { TIPCART_PARENT_GUARD: "1" } });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  // A node that ended has closed its standard input; nothing is ever written there.
  child.stdin.on("error", () => undefined);
  const first = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  child.stdout.resume();
  if (first[0] instanceof Buffer) return { member, child, command: `node ${args.join(" ")}` };
  return { nodeId, exitCode: Number(first[0] ?? 70), said: Buffer.concat(said).toString().trim() };
}

function memberOf({ basePort }: ClusterPlan, index: number): Member {
  const httpPort = basePort + 10 * index;
  return { nodeId: `node-${index + 1}`, host: "127.0.0.1", httpPort, rpcPort: httpPort + 1 };
}

async function stopAll(running: readonly Started[]): Promise<void> {
  await Promise.all(
    running.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const tooLate = setTimeout(() => child.kill("SIGKILL"), stopMs);
      await ended;
      clearTimeout(tooLate);
    }),
  );
}
