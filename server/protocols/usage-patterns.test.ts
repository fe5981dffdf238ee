/**
 * The paper's three ways to use the store (Dynamo §6), as three buckets of one cluster: carts that the application
 * merges, sessions of which the newest stamp wins, and a catalogue that is read from any one copy (R = 1, W = N).
 */
import { expect, test } from "vitest";
import { errors, type WriteOutcome } from "../outcomes.ts";
import { noticed, placed, type Scenario, scenario } from "../simulation/scenario.ts";

const buckets = {
  carts: {},
  sessions: { versions: "lww" as const },
  catalogue: { r: 1, w: 3, sloppy: false },
};
const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
const east = ["n1", "n2"];
const west = ["n3", "n4", "n5"];

function put(
  { client }: Scenario,
  entry: string,
  bucket: string,
  key: string,
  text: string,
  context?: string,
) {
  const value = new TextEncoder().encode(text);
  const seen = context === undefined ? {} : { context };
  return client.write(entry, { bucket, key, value, timeoutMs: 500, ...seen });
}

/** The same key written on both sides of a cut by clients who had seen the same; and what is there after the heal. */
async function writeApart(all: Scenario, bucket: string) {
  const { cluster, client } = all;
  const outcomes: WriteOutcome[] = [];
  const contexts = new Map<string, string>();
  for (const key of keys) {
    const { context } = await client.put("n1", key, "first", { bucket });
    contexts.set(key, context);
  }
  cluster.partition(east, west);
  await noticed(cluster);
  for (const [entry, text] of [
    ["n1", "of the east"],
    ["n3", "of the west"],
  ] as const) {
    for (const key of keys) {
      outcomes.push(await cluster.world.run(put(all, entry, bucket, key, text, contexts.get(key))));
    }
  }
  cluster.heal();
  await cluster.settle();
  const values: (readonly string[])[] = [];
  for (const key of keys) values.push((await client.read("n2", key, { bucket, r: 3 })).values);
  return { outcomes, values };
}

test("carts, merged by the application: both sides of a cut are taken, and both are there afterwards", async () => {
  const { outcomes, values } = await writeApart(await scenario({ buckets }), "carts");

  expect(outcomes.filter(({ type }) => type !== "ok")).toEqual([]);
  expect(new Set(values.map((both) => both.join(" and ")))).toEqual(new Set(["of the east and of the west"]));
});

test("sessions, where the last writer wins: both sides are taken, one is left, the same everywhere", async () => {
  const { outcomes, values } = await writeApart(await scenario({ buckets }), "sessions");

  expect(outcomes.filter(({ type }) => type !== "ok")).toEqual([]);
  expect(new Set(values.map((one) => one.join(" and ")))).toEqual(new Set(["of the west"]));
});

test("a catalogue, R = 1 and W = N: no read is stale at any node, and one copy that is left is enough to read", async () => {
  const all = await scenario({ buckets });
  const { cluster, client } = all;
  const bucket = "catalogue";
  const seen: string[] = [];
  for (const key of keys) {
    await client.put("n1", key, `price of ${key}`, { bucket });
    for (const entry of cluster.nodeIds) {
      seen.push(...(await client.read(entry, key, { bucket })).values.map((value) => `${key}: ${value}`));
    }
  }
  const { second, third, stranger } = placed(cluster, "k0", bucket);
  for (const home of [second, third]) cluster.crash(home);
  await noticed(cluster);

  const refused = await cluster.world.run(put(all, stranger, bucket, "k0", "another price"));

  expect(seen).toEqual(keys.flatMap((key) => cluster.nodeIds.map(() => `${key}: price of ${key}`)));
  expect(refused).toMatchObject({ type: "fail", error: "quorum-unmet" });
  expect((await client.read(stranger, "k0", { bucket })).values).toEqual(["price of k0"]);
});

test("no answer there is says that a write met another one", () => {
  // An operator's order may be refused, and a condition other than the context is never looked at.
  const { "order-refused": _order, precondition: _condition, ...others } = errors;
  const statuses: readonly number[] = Object.values(others).map(({ status }) => status);

  expect(statuses).not.toContain(409);
  expect(statuses).not.toContain(412);
});
