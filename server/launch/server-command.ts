/**
 * `tipcart server`: one node or a small cluster by hand, until Ctrl-C.
 *
 * Prints the nodes and lines of curl to try them with. A node may be killed and started again by hand meanwhile, to
 * see what the others make of it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { StorageEngine } from "../config.ts";
import { curlLines } from "./curl-lines.ts";
import { type ClusterPlan, type LocalCluster, startLocalCluster } from "./local-cluster.ts";

/** What the command needs of the process it runs in. */
export type Surroundings = {
  /** The bundle of `server/main.ts`. */
  readonly serverProgram: string;
  readonly print: (text: string) => void;
  readonly complain: (sentence: string) => void;
  /** Resolves when the person wants to stop. */
  readonly interrupted: () => Promise<void>;
  readonly setExitCode: (exitCode: number) => void;
};

type Options = {
  readonly nodes: number;
  readonly data?: string;
  readonly basePort: number;
  readonly n?: number;
  readonly r?: number;
  readonly w?: number;
  readonly storage: StorageEngine;
  readonly versions: "dvv" | "vv-max";
};

/** The subcommand, to be mounted in a program of commands. Sets the exit code: 0, or what the failed node ended with. */
export function serverCommand(surroundings: Surroundings): Command {
  return new Command("server")
    .description("Start one node, or a cluster on this machine, and use it with curl until Ctrl-C.")
    .option("--nodes <count>", "how many nodes to start", wholeNumber(1, 9), 1)
    .option("--data <dir>", "keep the data here (default: a temporary directory, removed at the end)")
    .option(
      "--base-port <port>",
      "first node's client port; the others follow in tens",
      wholeNumber(1024, 65_000),
      7100,
    )
    .option(
      "--n <copies>",
      "copies of each key (default: 3, or as many as there are nodes)",
      wholeNumber(1, 9),
    )
    .option("--r <replies>", "replies a read waits for (default: 2, or n)", wholeNumber(1, 9))
    .option("--w <acks>", "acknowledgements a write waits for (default: 2, or n)", wholeNumber(1, 9))
    .addOption(
      new Option("--versions <mode>", "how concurrent writes are told apart")
        .choices(["dvv", "vv-max"])
        .default("dvv"),
    )
    .addOption(
      new Option("--storage <engine>", "what keeps the data")
        .choices(["level", "lmdb", "memory"])
        .default("level"),
    )
    .addHelpText(
      "after",
      `
Examples:
  tipcart server                          one node, in a temporary directory
  tipcart server --nodes 3                three nodes, three copies, R = W = 2
  tipcart server --nodes 3 --data ./data  the same, kept for the next time
  tipcart server --nodes 5 --w 1          writes are acknowledged by one node
  tipcart server --nodes 3 --versions vv-max    the paper's version vectors, which lose writes
`,
    )
    .action(async (options: Options) => surroundings.setExitCode(await run(options, surroundings)));
}

/** Parses `argv` (without program and command name) and runs the command. */
export async function runServerCommand(argv: readonly string[], surroundings: Surroundings): Promise<void> {
  await serverCommand(surroundings).parseAsync([...argv], { from: "user" });
}

async function run(options: Options, surroundings: Surroundings): Promise<number> {
  const kept = options.data === undefined ? undefined : resolve(options.data);
  const directory = kept ?? (await mkdtemp(join(tmpdir(), "tipcart-server-")));
  try {
    const start = await startLocalCluster(planOf(options, directory, surroundings.serverProgram));
    if (start.type === "failed") {
      surroundings.complain(`${start.nodeId} did not start: ${start.said}`);
      return start.exitCode;
    }
    await serveUntilInterrupted(start.cluster, directory, surroundings);
    return 0;
  } finally {
    if (kept === undefined) await rm(directory, { recursive: true, force: true });
  }
}

async function serveUntilInterrupted(
  cluster: LocalCluster,
  directory: string,
  { print, complain, interrupted }: Surroundings,
): Promise<void> {
  const rows = cluster.nodes.map(
    ({ nodeId, httpPort, pid }) => `  ${nodeId}  http://127.0.0.1:${httpPort}  pid ${pid}\n`,
  );
  print(`${cluster.nodes.length} nodes serve, data in ${directory}\n${rows.join("")}\n`);
  print(curlLines(cluster.nodes.map((node) => node.httpPort)));
  print("\nCtrl-C stops all nodes.\n");
  cluster.onEnded((nodeId, how) => {
    const command = cluster.nodes.find((node) => node.nodeId === nodeId)?.command ?? "";
    complain(`${nodeId} has ended (${how}); the others serve on. To start it again: ${command}`);
  });
  await interrupted();
  await cluster.stop();
  print("All nodes have stopped.\n");
}

function planOf(options: Options, directory: string, serverProgram: string): ClusterPlan {
  const n = options.n ?? Math.min(3, options.nodes);
  const quorum = Math.min(2, n);
  return {
    serverProgram,
    nodeCount: options.nodes,
    directory,
    basePort: options.basePort,
    storage: options.storage,
    bucket: { n, r: options.r ?? quorum, w: options.w ?? quorum, versions: options.versions },
  };
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
