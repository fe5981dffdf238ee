/** One node as a process on a real disk: killed in the middle of writes, and with no room left. */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bundleServer,
  configFile,
  inDirectory,
  spawnNode,
  spawnProgram,
  whenNotBusy,
} from "./process-fixture.ts";

type Serving = Record<string, unknown>;

let program = "";

beforeAll(async () => {
  program = await bundleServer();
});

afterAll(async () => {
  await rm(program, { force: true });
});

describe.each(["level", "lmdb"])("a node on %s", (storage) => {
  test("killed in the middle of writes has everything it acknowledged, three times over", async () => {
    await inDirectory(async (directory) => {
      const args = ["--config", await nodeConfig(directory, storage)];
      const acknowledged: string[] = [];
      for (let life = 1; life <= 3; life += 1) {
        const node = spawnNode(program, args);
        const serving = await node.serving;
        const isKilled = writersOf(serving, `life${life}`, acknowledged);
        while (acknowledged.length < life * 150) await new Promise(setImmediate);
        node.child.kill("SIGKILL");
        await Promise.all([isKilled, node.ended]);
      }

      const node = spawnNode(program, args);
      const serving = await node.serving;
      const found = await Promise.all(acknowledged.map((key) => textOf(serving, key)));

      expect(acknowledged.length).toBeGreaterThanOrEqual(450);
      expect(found).toEqual(acknowledged);
      node.child.kill("SIGTERM");
      expect(await node.ended).toMatchObject({ code: 0 });
    });
  });

  test("with no room left acknowledges nothing more, goes on reading, and writes again once there is room", async () => {
    await inDirectory(async (directory) => {
      const config = await nodeConfig(directory, storage);
      // The shell becomes the node, whose files may have half a mebibyte each until the limit is lifted.
      const limited = 'ulimit -S -f 512; exec "$0" "$@"';
      const node = spawnProgram("/bin/bash", ["-c", limited, execPath, program, "--config", config]);
      const serving = await node.serving;

      const kept: string[] = [];
      const refusal = await putUntilRefused(serving, kept);
      const next = await put(serving, "next", "x");
      const health = await (await fetch(`${urlOf(serving)}/v1/health`)).json();
      const readable = await Promise.all(kept.map((key) => statusOf(serving, key)));
      await promisify(execFile)("prlimit", ["--pid", String(node.child.pid), "--fsize=unlimited"]);
      await putUntilTaken(serving, "later");
      node.child.kill("SIGKILL");
      await node.ended;
      const again = spawnNode(program, ["--config", config]);
      const servingAgain = await again.serving;
      const still = await Promise.all([...kept, "later"].map((key) => statusOf(servingAgain, key)));

      expect(kept.length).toBeGreaterThan(0);
      expect(refusal).toMatchObject({ error: "quorum-unmet", outcome: "unknown" });
      expect([next.status, await next.json()]).toMatchObject([503, { outcome: "none" }]);
      expect(health).toMatchObject({ phase: "serving", isReadOnly: true });
      expect(new Set(readable)).toEqual(new Set([200]));
      expect(new Set(still)).toEqual(new Set([200]));
      again.child.kill("SIGTERM");
      await again.ended;
    });
  });
});

async function nodeConfig(directory: string, storage: string): Promise<string> {
  return configFile(directory, "a", {
    clusterId: "test",
    nodeId: "a",
    dataDir: join(directory, "store"),
    storage,
    members: [{ nodeId: "a", host: "127.0.0.1", rpcPort: 1, httpPort: 1 }],
    listen: { host: "127.0.0.1", rpcPort: 0, httpPort: 0, verificationPort: 0 },
    buckets: { default: { n: 1, r: 1, w: 1 } },
    intervals: { diskRecoveryMs: 50 },
  });
}

/** Sixteen clients that write until the node is gone; what it acknowledged goes to `acknowledged`. */
async function writersOf(serving: Serving, name: string, acknowledged: string[]): Promise<void> {
  const writer = async (id: number) => {
    for (let count = 0; ; count += 1) {
      const key = `${name}-${id}-${count}`;
      const answer = await put(serving, key, key).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 200) acknowledged.push(key);
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, id) => writer(id)));
}

async function putUntilRefused(serving: Serving, kept: string[]): Promise<unknown> {
  for (let count = 0; count < 500; count += 1) {
    const answer = await put(serving, `k${count}`, "x".repeat(20_000));
    if (answer.status !== 200) return answer.json();
    kept.push(`k${count}`);
  }
  return "never refused";
}

async function putUntilTaken(serving: Serving, key: string): Promise<void> {
  while ((await put(serving, key, key)).status !== 200) await new Promise(setImmediate);
}

function put(serving: Serving, key: string, body: string): Promise<Response> {
  return whenNotBusy(() => fetch(`${urlOf(serving)}/v1/carts/${key}`, { method: "PUT", body }));
}

async function statusOf(serving: Serving, key: string): Promise<number> {
  return (await get(serving, key)).status;
}

async function textOf(serving: Serving, key: string): Promise<string> {
  return (await get(serving, key)).text();
}

function get(serving: Serving, key: string): Promise<Response> {
  return whenNotBusy(() => fetch(`${urlOf(serving)}/v1/carts/${key}`));
}

function urlOf(serving: Serving): string {
  return `http://127.0.0.1:${String(serving["httpPort"])}`;
}
