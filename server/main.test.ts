import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  bundleServer,
  call,
  clusterFiles,
  configFile,
  inDirectory,
  type SpawnedNode,
  spawnNode,
  untilWritten,
} from "./process-fixture.ts";

let program = "";

beforeAll(async () => {
  program = await bundleServer();
});

afterAll(async () => {
  await rm(program, { force: true });
});

test("a node says when it serves, and where, and stops gracefully on SIGTERM", async () => {
  await inDirectory(async (directory) => {
    const node = spawnNode(program, ["--config", await configFile(directory, "a", await alone(directory))]);

    const serving = await node.serving;
    node.child.kill("SIGTERM");

    const port = expect.any(Number);
    expect(serving).toMatchObject({ type: "serving", nodeId: "a", httpPort: port, rpcPort: port, boot: 1 });
    expect(serving["pid"]).toBe(node.child.pid);
    expect(serving["verificationPort"]).toBeGreaterThan(0);
    expect(await node.ended).toEqual({ code: 0, signal: null, said: "" });
  });
});

test("what was acknowledged is there after kill -9 and a restart, under a higher boot", async () => {
  await inDirectory(async (directory) => {
    const args = ["--config", await configFile(directory, "a", await alone(directory))];
    const first = spawnNode(program, args);
    const put = await call(await first.serving, "/v1/carts/ada", { method: "PUT", body: "kept" });
    first.child.kill("SIGKILL");
    await first.ended;

    const second = spawnNode(program, args);
    const serving = await second.serving;
    const got = await call(serving, "/v1/carts/ada");

    expect(await put.json()).toMatchObject({ acknowledgements: [{ node: "a", durability: "synced" }] });
    expect([got.status, await got.text()]).toEqual([200, "kept"]);
    expect(serving["boot"]).toBe(2);
    second.child.kill("SIGTERM");
    await second.ended;
  });
});

test("each stage tells its queue, as it is and as it was at most since somebody looked", async () => {
  await inDirectory(async (directory) => {
    const node = spawnNode(program, ["--config", await configFile(directory, "a", await alone(directory))]);
    const serving = await node.serving;

    const puts = Array.from({ length: 20 }, () =>
      call(serving, "/v1/carts/ada", { method: "PUT", body: "v" }),
    );
    await Promise.all(puts);
    const metrics = await (await call(serving, "/metrics")).text();

    for (const queue of ["lock_queue", "commit_queue", "peer_queue", "answer_queue"]) {
      expect(metrics).toMatch(new RegExp(`^tipcart_${queue} \\d+$`, "m"));
    }
    expect(metrics).toMatch(/^tipcart_commit_queue_max [1-9]/m);
    node.child.kill("SIGTERM");
    await node.ended;
  });
});

test("a node ends when its parent is gone", async () => {
  await inDirectory(async (directory) => {
    const node = spawnNode(program, ["--config", await configFile(directory, "a", await alone(directory))]);
    await node.serving;

    node.child.stdin?.end();

    expect(await node.ended).toMatchObject({ code: 0 });
  });
});

test.each<[string, object | undefined, string]>([
  ["no configuration", undefined, "Usage: node server.js --config <file.json>."],
  ["an unknown field", { colour: 1 }, 'The configuration has an unknown field "colour".'],
  [
    "an impossible quorum",
    { buckets: { default: { n: 1, r: 2 } } },
    "The bucket default asks for r = 2 of only n = 1 copies.",
  ],
])("%s ends with exit code 64 and a sentence", async (_name, change, sentence) => {
  await inDirectory(async (directory) => {
    const config = { ...(await alone(directory)), ...change };
    const args = change === undefined ? [] : ["--config", await configFile(directory, "a", config)];

    const { code, said } = await spawnNode(program, args).ended;

    expect(code).toBe(64);
    expect(said.split("\n")).toContain(sentence);
  });
});

test("a configuration that is not there ends with exit code 64 and a sentence", async () => {
  const { code, said } = await spawnNode(program, ["--config", "/nowhere/at-all.json"]).ended;

  expect(code).toBe(64);
  expect(said).toMatch(/^The configuration \/nowhere\/at-all\.json cannot be read: .*\.$/);
});

test("a busy port ends with exit code 69 and a sentence", async () => {
  await inDirectory(async (directory) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const config = await alone(directory);

    for (const field of ["rpcPort", "httpPort", "verificationPort"]) {
      const busy = { ...config, listen: { ...config.listen, [field]: port } };
      const { code, said } = await spawnNode(program, ["--config", await configFile(directory, field, busy)])
        .ended;

      expect([code, said]).toEqual([69, `Port ${port} of 127.0.0.1 is already in use.`]);
    }
    holder.close();
  });
});

test("an armed node stops itself before it answers, and answers when it is continued", async () => {
  await inDirectory(async (directory) => {
    const node = spawnNode(program, ["--config", await configFile(directory, "a", await alone(directory))]);
    const serving = await node.serving;
    const trigger = `http://127.0.0.1:${String(serving["verificationPort"])}/verify/trigger`;
    const armed = await fetch(`${trigger}?event=write-answered`, { method: "POST" });
    let isAnswered = false;

    const put = call(serving, "/v1/carts/ada", { method: "PUT", body: "late" }).finally(() => {
      isAnswered = true;
    });
    await vi.waitUntil(() => stateLetterOf(node.child.pid) === "T", { timeout: 10_000, interval: 5 });
    const wasAnswered = isAnswered;
    node.child.kill("SIGCONT");

    expect([armed.status, wasAnswered]).toEqual([200, false]);
    expect((await put).status).toBe(200);
    expect(await (await fetch(trigger)).json()).toEqual({ armed: null, fired: "write-answered" });
    node.child.kill("SIGTERM");
    await node.ended;
  });
});

test("a data directory in use ends with exit code 69 and a sentence", async () => {
  await inDirectory(async (directory) => {
    const args = ["--config", await configFile(directory, "a", await alone(directory))];
    const first = spawnNode(program, args);
    await first.serving;

    const { code, said } = await spawnNode(program, args).ended;

    const sentence = `The data directory ${join(directory, "store")} is in use by another process.`;
    expect([code, said]).toEqual([69, sentence]);
    first.child.kill("SIGTERM");
    await first.ended;
  });
});

test.each([
  { placement: { strategy: 1, tokensPerNode: 8 } },
  { placement: { strategy: 2, tokensPerNode: 8, partitions: 8 } },
  { placement: { strategy: 3, partitions: 8 } },
])(
  "three processes are one store ($placement.strategy): it survives the kill -9 of one, which then catches up",
  async (placement) => {
    await inDirectory(async (directory) => {
      const paths = await clusterFiles(directory, placement);
      const nodes = paths.map((path) => spawnNode(program, ["--config", path]));
      const [a = {}, b = {}, c = {}] = await Promise.all(nodes.map((node) => node.serving));
      const before = await untilWritten(a, "/v1/carts/before");

      nodes[2]?.child.kill("SIGKILL");
      await nodes[2]?.ended;
      const during = await untilWritten(b, "/v1/carts/during");
      const restarted = spawnNode(program, ["--config", paths[2] ?? ""]);
      const c2 = await restarted.serving;
      const quiet = await verify(a, "/verify/quiesce?timeout=20000", "POST");
      const quietC = await verify(c2, "/verify/quiesce?timeout=20000", "POST");

      expect([before, during]).toEqual([200, 200]);
      expect([quiet["isQuiet"], quietC["isQuiet"]]).toEqual([true, true]);
      expect(c2["httpPort"]).toBe(c["httpPort"]);
      for (const key of ["before", "during"]) {
        const raw = await verify(c2, `/verify/key/carts/${key}`);
        expect(raw).toMatchObject({ main: { type: "found" } });
        expect(await (await call(c2, `/v1/carts/${key}?r=3`)).text()).toBe(`/v1/carts/${key}`);
      }
      for (const node of [nodes[0], nodes[1], restarted]) await stopped(node);
    });
  },
  60_000,
);

async function stopped(node: SpawnedNode | undefined): Promise<void> {
  node?.child.kill("SIGTERM");
  expect(await node?.ended).toMatchObject({ code: 0 });
}

async function verify(
  serving: Record<string, unknown>,
  path: string,
  method = "GET",
): Promise<Record<string, unknown>> {
  const answer = await fetch(`http://127.0.0.1:${String(serving["verificationPort"])}${path}`, { method });
  return (await answer.json()) as Record<string, unknown>;
}

async function alone(directory: string) {
  return {
    clusterId: "test",
    nodeId: "a",
    dataDir: join(directory, "store"),
    members: [{ nodeId: "a", host: "127.0.0.1", rpcPort: 1, httpPort: 1 }],
    listen: { host: "127.0.0.1", rpcPort: 0, httpPort: 0, verificationPort: 0 },
    buckets: { default: { n: 1, r: 1, w: 1 } },
  };
}

/** As /proc has it, behind the name in brackets. */
function stateLetterOf(pid: number | undefined): string | undefined {
  return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
}
