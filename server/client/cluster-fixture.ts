/** For tests: some nodes over memory, each on ports of its own, in this process. */
import { defaultBucket, defaultIntervals, defaultLimits, type Intervals, type Limits } from "../config.ts";
import type { ProcessConfig } from "../config-file.ts";
import { freePorts } from "../process-fixture.ts";
import { type Server, serve } from "../serve.ts";
import type { HttpAddress } from "./http-entry.ts";

export type ServedCluster = {
  readonly clusterId: string;
  readonly addresses: readonly (HttpAddress & { readonly rpcPort: number })[];
  readonly servers: readonly Server[];
  readonly stop: () => Promise<void>;
};

/** What every node's configuration has beyond its addresses. */
export type Common = Partial<Omit<ProcessConfig, "node" | "listen">>;

/** What differs from the defaults. */
export type Settings = { readonly limits?: Partial<Limits>; readonly intervals?: Partial<Intervals> };

export async function servedCluster(
  nodeIds: readonly string[],
  common: Common = {},
  { limits, intervals }: Settings = {},
): Promise<ServedCluster> {
  const host = "127.0.0.1";
  const ports = await freePorts(2 * nodeIds.length);
  const members = nodeIds.map((nodeId, index) => ({
    nodeId,
    host,
    httpPort: ports[2 * index] ?? 0,
    rpcPort: ports[2 * index + 1] ?? 0,
  }));
  const clusterId = "served";
  const servers = await Promise.all(
    members.map(async ({ nodeId, httpPort, rpcPort }) => {
      const config: ProcessConfig = {
        dataDir: null,
        engine: "memory",
        eventLog: null,
        ...common,
        listen: { host, httpPort, rpcPort, verificationPort: 0, adminPort: 0 },
        node: {
          clusterId,
          nodeId,
          members,
          buckets: new Map([["default", defaultBucket]]),
          partitionCount: 16,
          limits: { ...defaultLimits, ...limits },
          intervals: { ...defaultIntervals, ...intervals },
        },
      };
      const outcome = await serve(config, (thrown) => {
        throw thrown;
      });
      if (outcome.type === "refused") throw new Error(outcome.detail);
      return outcome.server;
    }),
  );
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  return { clusterId, addresses: members, servers, stop };
}

/** Asks every node again and again until each has heard from enough others to serve. */
export async function formed({ addresses }: ServedCluster): Promise<void> {
  for (const { httpPort } of addresses) {
    while ((await fetch(`http://127.0.0.1:${httpPort}/v1/formed/key`)).status !== 404);
  }
}
