import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  bundleServer,
  call,
  clusterFiles,
  inDirectory,
  type SpawnedNode,
  spawnNode,
  untilWritten,
} from "../process-fixture.ts";

type Serving = Record<string, unknown>;

const programs = { server: "", front: "" };

beforeAll(async () => {
  programs.server = await bundleServer();
  programs.front = await bundleServer("front/front-main.ts");
});

afterAll(async () => {
  for (const program of Object.values(programs)) await rm(program, { force: true });
});

/** Three nodes, and two fronts that know all of them. */
async function withFronts(
  act: (
    nodes: readonly SpawnedNode[],
    fronts: readonly SpawnedNode[],
    at: readonly Serving[],
  ) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    const paths = await clusterFiles(directory, { storage: "memory" });
    const nodes = paths.map((path) => spawnNode(programs.server, ["--config", path]));
    const serving = await Promise.all(nodes.map((node) => node.serving));
    const known = serving.flatMap(({ httpPort }) => ["--node", `127.0.0.1:${String(httpPort)}`]);
    const fronts = [1, 2].map(() => spawnNode(programs.front, ["--listen", "127.0.0.1:0", ...known]));
    try {
      await act(nodes, fronts, await Promise.all(fronts.map((front) => front.serving)));
    } finally {
      for (const { child } of [...nodes, ...fronts]) child.kill("SIGKILL");
      await Promise.all([...nodes, ...fronts].map(({ ended }) => ended));
    }
  });
}

/** On a busy machine a node may be late or refuse; what it did not do, or did under the same name, is asked again. */
async function answered(at: Serving, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = {
    ...init.headers,
    "tipcart-write-id": `${init.method ?? "GET"} ${path} ${String(init.body)}`,
  };
  let answer = await call(at, path, { ...init, headers });
  for (let attempt = 0; attempt < 50 && [429, 503, 504].includes(answer.status); attempt += 1)
    answer = await call(at, path, { ...init, headers });
  return answer;
}

test("a client of a front reads and writes as at a node, whichever front it is", async () => {
  await withFronts(async (_nodes, _fronts, [one = {}, other = {}]) => {
    const first = await untilWritten(one, "/v1/carts/ada");
    const read = await answered(other, "/v1/carts/ada?timeout=10000");
    const context = { "tipcart-context": read.headers.get("tipcart-context") ?? "" };
    const replaced = await answered(one, "/v1/carts/ada?timeout=10000", {
      method: "PUT",
      body: "new",
      headers: context,
    });
    const blind = await answered(other, "/v1/carts/ada?timeout=10000", { method: "PUT", body: "beside" });
    const both = await answered(one, "/v1/carts/ada?timeout=10000");
    const siblings = (await both.json()) as { readonly siblings: readonly unknown[] };
    const gone = await answered(one, "/v1/carts/ada?force&timeout=10000", { method: "DELETE" });

    expect([first, await read.text(), read.headers.get("tipcart-versions")]).toEqual([
      200,
      "/v1/carts/ada",
      "dvv",
    ]);
    expect([replaced.status, blind.status, both.status, gone.status]).toEqual([200, 200, 300, 200]);
    expect(siblings.siblings).toHaveLength(2);
    expect((await answered(other, "/v1/carts/ada?timeout=10000")).status).toBe(404);
    expect((await answered(one, "/v1/carts/ada?r=x")).status).toBe(400);
  });
}, 60_000);

test("it goes round a node that is killed, and takes nothing with it when it is killed itself", async () => {
  await withFronts(async (nodes, fronts, [one = {}, other = {}]) => {
    const keys = Array.from({ length: 12 }, (_, index) => `/v1/carts/k${index}`);
    const statuses: number[] = [];
    for (const key of keys.slice(0, 4)) statuses.push(await untilWritten(one, key));
    nodes[0]?.child.kill("SIGKILL");
    await nodes[0]?.ended;
    for (const key of keys.slice(4, 8)) statuses.push(await untilWritten(one, key));
    fronts[0]?.child.kill("SIGKILL");
    await fronts[0]?.ended;
    for (const key of keys.slice(8)) statuses.push(await untilWritten(other, key));

    expect(statuses).toEqual(keys.map(() => 200));
    for (const key of keys) expect(await (await answered(other, `${key}?timeout=10000`)).text()).toBe(key);
  });
}, 60_000);

test("a front of nobody says so, and one of other machines is refused", async () => {
  const alone = spawnNode(programs.front, ["--listen", "127.0.0.1:0", "--node", "127.0.0.1:1"]);
  const far = spawnNode(programs.front, ["--listen", "0.0.0.0:0", "--node", "127.0.0.1:1"]);

  expect(await alone.ended).toMatchObject({
    code: 69,
    said: "None of 127.0.0.1:1 answers as a node of a cluster.",
  });
  expect(await far.ended).toMatchObject({
    code: 64,
    said: expect.stringContaining("loopback addresses only"),
  });
});
