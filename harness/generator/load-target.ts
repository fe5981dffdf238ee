/** Whom a generator loads, made ready: a store that was named, the null server, or a cluster that is started for it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalCluster } from "../cluster/local-cluster.ts";
import type { LoadTarget } from "../commands/load-options.ts";
import { startGuardian } from "../guardian/guardian.ts";
import { rehearse } from "../run/rehearsal.ts";
import { forkNullServer } from "./generator-child.ts";
import type { Target } from "./job.ts";

export type ReadyTarget = {
  readonly type: "ready";
  readonly target: Target;
  /** Names of the entrances, for the report. */
  readonly entrances: readonly string[];
  /** Ends what was started. */
  readonly close: () => Promise<void>;
};

export type Unready = { readonly type: "unready"; readonly reason: string };

/** A cluster is warm enough for `rate` requests/s then; `signal` ends its rehearsal early. */
export async function readyTarget(
  wanted: LoadTarget,
  rate: number,
  signal: AbortSignal,
): Promise<ReadyTarget | Unready> {
  switch (wanted.type) {
    case "given":
      return {
        type: "ready",
        target: wanted.target,
        entrances: entrancesOf(wanted.target),
        close: async () => {},
      };
    case "null": {
      const server = await forkNullServer();
      const target: Target =
        wanted.transport === "framed"
          ? { transport: "framed", entrances: [{ host: "127.0.0.1", port: server.framedPort }] }
          : { transport: "http", urls: [`http://127.0.0.1:${server.httpPort}`], bucket: "load" };
      return { type: "ready", target, entrances: ["null"], close: () => server.stop() };
    }
    case "cluster":
      return startCluster(wanted, rate, signal);
  }
}

const entrancesOf = (target: Target): readonly string[] =>
  target.transport === "http" ? target.urls : target.entrances.map(({ host, port }) => `${host}:${port}`);

async function startCluster(
  { nodes: count, n, r, w, isDurable }: LoadTarget & { readonly type: "cluster" },
  rate: number,
  signal: AbortSignal,
): Promise<ReadyTarget | Unready> {
  const guarded = startGuardian();
  if (guarded.type === "refused") return { type: "unready", reason: guarded.reason };
  const { guardian } = guarded;
  const directory = await mkdtemp(join(tmpdir(), "tipcart-load-"));
  const clean = async (): Promise<void> => {
    await guardian.bye();
    await rm(directory, { recursive: true, force: true });
  };
  const nodes = Array.from({ length: count }, (_, index) => `n${index + 1}`);
  const created = await createLocalCluster({
    directory,
    nodes,
    network: { type: "direct" },
    clock: "auto",
    settings: { clusterId: `tipcart-load-${process.pid}`, isDurable, buckets: { default: { n, r, w } } },
    watch: guardian.watch,
  });
  if (created.type === "refused") {
    await clean();
    return { type: "unready", reason: created.reason };
  }
  const { cluster } = created;
  const close = async (): Promise<void> => {
    await cluster.stopAll();
    await clean();
  };
  const started = await cluster.startAll();
  if (started.type === "failed") {
    await close();
    return { type: "unready", reason: started.reason };
  }
  await rehearse(cluster.addresses, rate, () => signal.aborted);
  const urls = cluster.addresses.map(({ httpUrl }) => httpUrl);
  return { type: "ready", target: { transport: "http", urls, bucket: "load" }, entrances: nodes, close };
}
