/** For tests of this room: bundles the server once and runs nodes of it as processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath, pid } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export type Ended = { readonly code: number | null; readonly signal: string | null; readonly said: string };

export type SpawnedNode = {
  readonly child: ChildProcess;
  /** The line printed when serving; rejects when the process ends without it. */
  readonly serving: Promise<Record<string, unknown>>;
  readonly ended: Promise<Ended>;
};

/** Bundles `server/main.ts` below `.build/`, where its native package is found. Resolves to the bundle's path. */
export async function bundleServer(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const outfile = join(here, "..", ".build", "under-test", `server-${pid}.js`);
  await build({
    entryPoints: [join(here, "main.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["classic-level", "lmdb"],
    banner: {
      js: 'import { createRequire as __makeRequire } from "node:module"; const require = __makeRequire(import.meta.url);',
    },
    outfile,
  });
  return outfile;
}

export function spawnNode(program: string, args: readonly string[]): SpawnedNode {
  return spawnProgram(execPath, [program, ...args]);
}

/** As `spawnNode`, through another program that becomes the node. */
export function spawnProgram(command: string, args: readonly string[]): SpawnedNode {
  const child = spawn(command, [...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { TIPCART_PARENT_GUARD: "1" },
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const ended = once(child, "close").then(
    ([code, signal]) => ({ code, signal, said: said.join("").trim() }) as Ended,
  );
  const firstLine = once(createInterface(child.stdout), "line").then(([line]) => JSON.parse(String(line)));
  const serving = Promise.race([
    firstLine,
    ended.then(({ said: sentences }) => Promise.reject(new Error(`the node ended: ${sentences}`))),
  ]);
  serving.catch(() => undefined);
  return { child, serving, ended };
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      return address !== null && typeof address === "object" ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Gives `act` a directory that is gone afterwards. */
export async function inDirectory(act: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tipcart-node-"));
  try {
    await act(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Writes `config` as a file of `directory` and resolves to its path. */
export async function configFile(directory: string, name: string, config: object): Promise<string> {
  const path = join(directory, `${name}.json`);
  await writeFile(path, JSON.stringify(config));
  return path;
}
