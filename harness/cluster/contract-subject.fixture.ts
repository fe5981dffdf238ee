/** Clusters for the contract suite: three nodes in a directory of their own, of the stub or of the real server. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { projectRoot } from "../bundle/project-root.ts";
import { findProgram } from "../shell.ts";
import type { ClockChoice } from "./clock-choice.ts";
import type { ContractSubject } from "./cluster.contract.ts";
import type { Ability } from "./cluster.ts";
import { findCpuGroups } from "./cpu-groups.ts";
import type { DiskChoice } from "./disk-choice.ts";
import { buildDiskShim } from "./disk-shim.ts";
import { createLocalCluster, type NetworkChoice } from "./local-cluster.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** Bundles one source of the project for one test file. Below `.build/`, where packages are found. */
export async function bundleSource(source: string, outfile: string): Promise<string> {
  await build({
    absWorkingDir: projectRoot(),
    entryPoints: [source],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "silent",
  });
  return outfile;
}

/** For what a test bundles and writes; the test removes it. */
export async function temporaryDirectory(): Promise<string> {
  const folder = join(projectRoot(), ".build");
  await mkdir(folder, { recursive: true });
  return mkdtemp(join(folder, "fixture-"));
}

/** Abilities that no driver has on this machine, each with the reason. */
export async function lackingHere(): Promise<Partial<Record<Ability, string>>> {
  const [shim, cpuGroups] = [await buildDiskShim(), findCpuGroups()];
  return {
    ...(shim.type === "built" ? {} : { "power-cut": shim.reason, "disk-trouble": shim.reason }),
    ...(findProgram("prlimit") === undefined
      ? { "file-limit": "prlimit (package util-linux) is not installed" }
      : {}),
    ...(cpuGroups.type === "found" ? {} : { "cpu-share": cpuGroups.reason }),
  };
}

/** Bundled for this one use, so that no test depends on a build made before. */
const bundleStub = (directory: string): Promise<string> =>
  bundleSource("harness/cluster/stub-node.fixture.ts", join(directory, "stub-node.mjs"));

export async function contractSubject(
  network: NetworkChoice,
  clock: ClockChoice,
  serverBundle?: string,
  spares: readonly string[] = [],
  disk: DiskChoice = "shim",
): Promise<ContractSubject> {
  const directory = await temporaryDirectory();
  const started: ProcessIdentity[] = [];
  const cpuGroups = findCpuGroups();
  const created = await createLocalCluster({
    ...(cpuGroups.type === "found" ? { cpuGroups: cpuGroups.groups } : {}),
    directory,
    nodes: ["n1", "n2", "n3"],
    spares,
    settings: { clusterId: "contract", isDurable: true },
    network,
    clock,
    needsDiskFaults: true,
    disk,
    serverBundle: serverBundle ?? (await bundleStub(directory)),
    watch: { started: (identity) => started.push(identity), ended: () => {} },
  });
  if (created.type === "refused") throw new Error(created.reason);
  return { cluster: created.cluster, started, remove: () => rm(directory, { recursive: true, force: true }) };
}
