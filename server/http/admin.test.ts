import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  bundleServer,
  configFile,
  freePorts,
  inDirectory,
  type SpawnedNode,
  spawnNode,
} from "../process-fixture.ts";

let program = "";

beforeAll(async () => {
  program = await bundleServer();
});

afterAll(async () => {
  await rm(program, { force: true });
});

const first = ["a", "b", "c"];
const intervals = { gossipMs: 100, transferMs: 50, requestMs: 300 };

test("a fourth process joins three, gets its share, and leaves again, by calls of the admin port alone", async () => {
  await inDirectory(async (directory) => {
    const ports = await freePorts(8);
    const places = [...first, "d"].map((nodeId, index) => {
      const [rpcPort = 0, httpPort = 0] = ports.slice(index * 2);
      return { nodeId, host: "127.0.0.1", rpcPort, httpPort };
    });
    const begin = async (own: (typeof places)[number]): Promise<SpawnedNode> => {
      const isFirst = first.includes(own.nodeId);
      const config = {
        clusterId: "t",
        nodeId: own.nodeId,
        dataDir: join(directory, own.nodeId),
        partitionCount: 8,
        members: isFirst ? places.slice(0, 3) : [],
        ...(isFirst ? {} : { seeds: ["a"], addresses: places.slice(0, 1) }),
        listen: { host: "127.0.0.1", rpcPort: own.rpcPort, httpPort: own.httpPort, adminPort: 0 },
        intervals,
      };
      return spawnNode(program, ["--config", await configFile(directory, own.nodeId, config)]);
    };
    const nodes = await Promise.all(places.map(begin));
    const served = await Promise.all(nodes.map((node) => node.serving));
    const admin = `http://127.0.0.1:${String(served[1]?.["adminPort"])}/admin`;
    const client = `http://127.0.0.1:${String(served[0]?.["httpPort"])}/v1`;
    // Under one write id, so that an attempt that was taken though it was not answered is the same write.
    const put = { method: "PUT", body: "kept", headers: { "tipcart-write-id": "w-1" } };
    await eventually(async () => (await fetch(`${client}/carts/ada`, put)).status === 200);

    await eventually(async () => (await fetch(`${admin}/join?node=d`, { method: "POST" })).status === 200);
    await eventually(async () => (await stateOf(admin, "d")) === "valid");
    const joined = (await (await fetch(`${client}/ring`)).json()) as { partitions: string[][] };
    const left = await fetch(`${admin}/leave?node=d`, { method: "POST" });
    await eventually(async () => (await stateOf(admin, "d")) === undefined);
    const again = await fetch(`${admin}/leave?node=d`, { method: "POST" });
    const last = await fetch(`${admin}/leave?node=b`, { method: "POST" });

    expect(joined.partitions.some((list) => list.slice(0, 3).includes("d"))).toBe(true);
    expect([left.status, again.status, last.status]).toEqual([200, 409, 409]);
    expect(await last.json()).toMatchObject({ detail: expect.stringContaining("3 copies") });
    expect(await (await fetch(`${client}/carts/ada`)).text()).toBe("kept");
    for (const node of nodes) node.child.kill("SIGTERM");
    expect(await Promise.all(nodes.map(async (node) => (await node.ended).code))).toEqual([0, 0, 0, 0]);
  });
}, 30_000);

async function stateOf(admin: string, nodeId: string): Promise<string | undefined> {
  const members = (await (await fetch(`${admin}/members`)).json()) as { nodeId: string; state: string }[];
  return members.find((member) => member.nodeId === nodeId)?.state;
}

/** Asks again and again, for at most twenty seconds; each answer is the event that is waited for. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSo())) if (performance.now() > deadline) throw new Error("it never came to be so");
}
