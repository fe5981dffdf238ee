import { expect, test } from "vitest";
import { openApiDocument } from "../http/openapi.ts";
import { type Scenario, scenario } from "../simulation/scenario.ts";

const bucket = "default";

/** Whether the key is there already, for a client of this node. */
async function isSeen({ client }: Scenario, entry: string, key: string): Promise<boolean> {
  const read = await client.get(entry, { bucket, key });
  if (read.type === "fail") throw new Error(read.detail);
  return read.siblings.length > 0;
}

/** Writes an order and its stock at one moment; what a reader elsewhere finds of both until both are there. */
async function sightingsOf(all: Scenario, index: number): Promise<readonly string[]> {
  const { cluster, client } = all;
  const pair = [`order ${index}`, `stock ${index}`];
  const value = new TextEncoder().encode("v");
  const written = Promise.all(pair.map((key) => client.write("n1", { bucket, key, value })));
  const sightings: string[] = [];
  while (sightings.at(-1) !== "both" && sightings.length < 100) {
    const seen = Promise.all(pair.map((key) => isSeen(all, "n2", key)));
    const [hasOrder, hasStock] = await cluster.world.run(seen);
    sightings.push(
      hasOrder && hasStock ? "both" : hasOrder ? "order alone" : hasStock ? "stock alone" : "none",
    );
  }
  expect(await cluster.world.run(written)).toMatchObject([{ type: "ok" }, { type: "ok" }]);
  return sightings;
}

test("two keys written at one moment are seen apart, now the one and now the other first, and both in the end", async () => {
  const all = await scenario();
  const runs: (readonly string[])[] = [];

  for (let index = 0; index < 40; index += 1) runs.push(await sightingsOf(all, index));

  const seen = new Set(runs.flat());
  expect([...seen].toSorted()).toEqual(["both", "none", "order alone", "stock alone"]);
  expect(runs.filter((run) => run.at(-1) !== "both")).toEqual([]);
});

test("every call that changes data names one key", () => {
  const paths = openApiDocument()["paths"] as Record<string, Record<string, unknown>>;

  const changing = Object.entries(paths).filter(([, path]) =>
    ["put", "post", "patch", "delete"].some((method) => method in path),
  );

  expect(changing.map(([path]) => path)).toEqual(["/v1/{bucket}/{key}"]);
});
