/** For tests of this room: bundles the server once and runs nodes of it as processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
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

/** Bundles a program of this room below `.build/`, where its native package is found. Resolves to the bundle's path. */
export async function bundleServer(source = "main.ts"): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const outfile = join(here, "..", ".build", "under-test", `${basename(source, ".ts")}-${pid}.js`);
  await build({
    entryPoints: [join(here, source)],
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

/** Three configurations of one cluster, on ports that were free a moment ago; `further` stands in each. */
export async function clusterFiles(directory: string, further: object = {}): Promise<readonly string[]> {
  const ports = await freePorts(9);
  const members = ["a", "b", "c"].map((nodeId, index) => ({
    nodeId,
    host: "127.0.0.1",
    rpcPort: ports[3 * index],
    httpPort: ports[3 * index + 1],
  }));
  return Promise.all(
    members.map(({ nodeId, host, rpcPort, httpPort }, index) =>
      configFile(directory, nodeId, {
        clusterId: "test",
        nodeId,
        dataDir: join(directory, nodeId),
        members,
        listen: { host, rpcPort, httpPort, verificationPort: ports[3 * index + 2] },
        ...further,
      }),
    ),
  );
}

/** Peers may need a moment to find each other; a refused write says so and is tried again under its own name. */
export async function untilWritten(serving: Record<string, unknown>, path: string): Promise<number> {
  const write = { method: "PUT", body: path, headers: { "tipcart-write-id": `write of ${path}` } };
  let status = 0;
  for (let attempt = 0; attempt < 50 && status !== 200; attempt += 1)
    status = (await call(serving, path, write)).status;
  return status;
}

/** Asks again while the node has no time to do anything: on a machine full of other work that is no answer of its own. */
export async function whenNotBusy(ask: () => Promise<Response>): Promise<Response> {
  let answer = await ask();
  while (answer.status === 429) answer = await ask();
  return answer;
}

/** A call of the client interface of whatever printed this line. */
export function call(
  serving: Record<string, unknown>,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`http://127.0.0.1:${String(serving["httpPort"])}${path}`, init);
}
