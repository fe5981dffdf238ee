import { Client } from "undici";
import { afterAll, expect, test } from "vitest";
import { withNode } from "../http/node-fixture.ts";
import { errors } from "../outcomes.ts";
import { scenario } from "../simulation/scenario.ts";
import { SimulatedNetwork } from "../simulation/simulated-network.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";
import { type RandomStream, World } from "../simulation/world.ts";
import {
  contextToken,
  type Hostility,
  hostileConfig,
  hostileContext,
  hostileFrame,
  hostileHandshake,
  hostileMessage,
  hostileMoment,
  hostileRequest,
  hostileTarget,
  mutatedToken,
} from "./hostile-inputs.ts";
import { mutated, mutatedText, pick } from "./mutation.ts";

const isDeep = process.env["TIPCART_DEEP"] === "1";
/** All inputs of one run; with TIPCART_DEEP=1 a million, on a seed of its own each time. */
const inputCount = isDeep ? 1_000_000 : 6000;
const seed = isDeep ? Number(process.env["TIPCART_SEED"] ?? Date.now() % 2 ** 31) : 1;
const told: string[] = [];

afterAll(() => {
  if (isDeep) console.log(`hostile inputs, seed ${seed}:\n${told.join("\n")}`);
});

/** Shares of the inputs, in thousandths; together a thousand. */
const pure: readonly [name: string, thousandths: number, hostility: Hostility][] = [
  ["contexts", 250, hostileContext],
  ["frames", 200, hostileFrame],
  ["handshakes", 50, hostileHandshake],
  ["messages", 200, hostileMessage],
  ["request targets", 90, hostileTarget],
  ["moments", 10, hostileMoment],
  ["configuration files", 40, hostileConfig],
];

test.each(pure)(
  "damaged %s (%d of 1000 inputs) are refused as values",
  (name, thousandths, hostility) => {
    const random = new World(seed).random(name);

    const wrong: string[] = [];
    counted(name, thousandths, () => {
      const found = hostility(random);
      if (found !== undefined) wrong.push(found);
    });

    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  },
  600_000,
);

test("damaged contexts (80 of 1000) are refused by the node, which holds what it held", async () => {
  const { cluster, client } = await lonely();
  await client.put("n1", "k", "kept");
  const node = cluster.node("n1");
  const before = await cluster.world.run(node.dump(null, 1000));
  const random = new World(seed).random("writes");

  await countedAsync("writes with a bad context", 80, async () => {
    const context = mutatedToken(contextToken(random), random);
    const value = random.happens(0.2) ? null : random.bytes(4);
    const outcome = await node.write({ bucket: "b", key: "k2", value, context });
    if (outcome.type !== "fail" || outcome.error !== "bad-context") {
      throw new Error(`seed ${seed}: ${context}: ${outcome.type}`);
    }
  });

  expect(await cluster.world.run(node.dump(null, 1000))).toEqual(before);
}, 600_000);

test("requests of peers (20 of 1000) that are well formed and nonsense are answered, every one", async () => {
  const { cluster, client } = await scenario({
    nodeIds: ["n1", "n2"],
    buckets: { default: { n: 2, r: 1, w: 1 } },
  });
  // The other member is gone, and somebody speaks as it would.
  cluster.crash("n2");
  const { members } = cluster.node("n1").membership();
  const { incarnation = "" } = members.find(({ nodeId }) => nodeId === "n2") ?? {};
  const process = new SimulatedProcess(cluster.world, "n2");
  const network = new SimulatedNetwork(cluster.links, "n2", process);
  const ringHash = () => cluster.node("n1").ring().hash;
  const self = { nodeId: "n2", incarnation, boot: 2 };
  await network.serve(self, async () => ({ type: "pong" }), ringHash);
  const random = new World(seed).random("peers");
  const replies = new Set<string>();

  await countedAsync("requests of peers", 20, async () => {
    const request = hostileRequest(random, ringHash());
    const exchange = await cluster.world.run(network.request("n1", request, 5000));
    if (exchange.type !== "reply") throw new Error(`seed ${seed}: ${JSON.stringify(request)}`);
    const { reply } = exchange;
    replies.add(reply.type === "refused" ? reply.reason : reply.type);
  });

  // Those that stand on the right ring are carried out, not turned away at the door.
  for (const reply of ["pong", "state", "stored", "wrote", "hashes", "keys", "states"])
    expect(replies).toContain(reply);
  expect(replies).not.toContain("wrong-ring");

  await client.put("n1", "after", "serves");
  expect((await client.read("n1", "after")).values).toEqual(["serves"]);
}, 600_000);

test("damaged calls over HTTP (60 of 1000) are answered typed, and change nothing", async () => {
  await withNode(async ({ call, faults, httpPort }) => {
    await call("PUT", "/v1/b/k", { body: "kept" });
    const before = (await call("GET", "/verify/dump")).body.toString();
    const random = new World(seed).random("http");
    const api = new Client(`http://127.0.0.1:${httpPort}`);

    await countedAsync("calls over HTTP", 60, async () => {
      const { statusCode, body } = await api.request(hostileCall(random));
      const text = await body.text();
      const error = statusCode === 404 && text.includes('"siblings"') ? undefined : errorIn(text);
      if (statusCode >= 400 && error?.status !== statusCode && !text.includes('"siblings"')) {
        throw new Error(`seed ${seed}: ${statusCode} ${text}`);
      }
    });
    await api.close();

    expect((await call("GET", "/verify/dump")).body.toString()).toBe(before);
    expect(faults).toEqual([]);
  });
}, 600_000);

/** A read with anything, or a write whose context is never good, so that nothing may come of it. */
function hostileCall(random: RandomStream) {
  const path = `/v1/${encoded(mutated(Buffer.from("bucket"), random))}/${encoded(random.bytes(random.integer(0, 40)))}`;
  const query = random.happens(0.5)
    ? ""
    : `?${pick(["r", "w", "pr", "timeout", "n", "min-context", "force", "x"], random)}=${encoded(random.bytes(3))}`;
  const method = pick(["GET", "PUT", "DELETE"] as const, random);
  if (method === "GET") return { method, path: path + query };
  const context = mutatedText(contextToken(random), random).replaceAll(/[^\x21-\x7e]/g, "*");
  const headers = {
    "tipcart-context": context === "" ? "*" : context,
    "tipcart-write-id": encoded(random.bytes(random.integer(0, 60))),
  };
  const target = { method, path: path + query, headers };
  return method === "PUT" ? { ...target, body: Buffer.from(random.bytes(random.integer(0, 200))) } : target;
}

function encoded(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

function errorIn(text: string): { readonly status: number } | undefined {
  const name = /^\{"error":"([a-z-]+)","outcome":"none","detail":".*\."/.exec(text)?.[1];
  return Object.entries(errors).find(([known]) => known === name)?.[1];
}

function lonely() {
  return scenario({ nodeIds: ["n1"], buckets: { default: { n: 1, r: 1, w: 1 } } });
}

function counted(name: string, thousandths: number, one: () => void): void {
  const startMs = performance.now();
  const count = (inputCount * thousandths) / 1000;
  for (let left = count; left > 0; left -= 1) one();
  tell(name, count, startMs);
}

async function countedAsync(name: string, thousandths: number, one: () => Promise<void>): Promise<void> {
  const startMs = performance.now();
  const count = (inputCount * thousandths) / 1000;
  for (let left = count; left > 0; left -= 1) await one();
  tell(name, count, startMs);
}

function tell(name: string, count: number, startMs: number): void {
  told.push(`${count} ${name} in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}
