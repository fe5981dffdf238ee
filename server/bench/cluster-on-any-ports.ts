/** Some nodes as processes of their own in a directory that they share with nobody, on whatever ports are free. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterPlan, type LocalCluster, startLocalCluster } from "../launch/local-cluster.ts";

const attemptsMax = 5;

export type TemporaryCluster = {
  /** Of the nodes' configurations and stores; whoever stops the cluster removes it. */
  readonly directory: string;
  readonly cluster: LocalCluster;
};

/** Throws what a node said when they do not start on any of a few ranges of ports. */
export async function startOnAnyPorts(
  plan: Omit<ClusterPlan, "directory" | "basePort">,
): Promise<TemporaryCluster> {
  const directory = await mkdtemp(join(tmpdir(), "tipcart-bench-"));
  let said = "";
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const basePort = 20_000 + Math.floor(Math.random() * 10_000);
    const start = await startLocalCluster({ ...plan, directory, basePort });
    if (start.type === "serving") return { directory, cluster: start.cluster };
    ({ said } = start);
  }
  await rm(directory, { recursive: true, force: true });
  throw new Error(said);
}
