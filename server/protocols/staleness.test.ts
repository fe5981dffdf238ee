import { expect, test } from "vitest";
import { noRepair, noticed, placed, type Scenario, scenario } from "../simulation/scenario.ts";

/** Writes a key and reads it elsewhere as soon as the write is acknowledged; how many reads did not show it. */
async function staleReads({ client }: Scenario, pairCount: number, [writer, reader]: [string, string]) {
  let staleCount = 0;
  let context: string | undefined;
  for (let index = 0; index < pairCount; index += 1) {
    const options = { writeId: `w${index}`, ...(context === undefined ? {} : { context }) };
    ({ context } = await client.put(writer, "k", `v${index}`, options));
    const { values } = await client.read(reader, "k");
    if (!values.includes(`v${index}`)) staleCount += 1;
  }
  return staleCount;
}

test("of 10,000 reads after an acknowledged write none is stale, strict, with R + W > N and nothing broken", async () => {
  const all = await scenario({
    buckets: { default: { sloppy: false } },
    intervals: noRepair,
    links: { delayMs: { from: 0.2, to: 10 }, slowShare: 0.1, lossShare: 0, duplicateShare: 0.05 },
  });
  const { first, second } = placed(all.cluster, "k");

  expect(await staleReads(all, 10_000, [first, second])).toBe(0);
}, 120_000);

test("with R + W = N there are stale ones, so the count above can fail", async () => {
  const all = await scenario({
    buckets: { default: { sloppy: false, r: 1, w: 1 } },
    intervals: noRepair,
    links: { delayMs: { from: 0.2, to: 10 }, slowShare: 0.1, lossShare: 0, duplicateShare: 0 },
  });
  const { first, second } = placed(all.cluster, "k");

  expect(await staleReads(all, 200, [first, second])).toBeGreaterThan(20);
});

test("once a sloppy cluster is cut, quorums on both sides miss each other, though R + W > N", async () => {
  const all = await scenario({ intervals: noRepair });
  const { cluster } = all;
  const { first, second, third, stranger, otherStranger } = placed(cluster, "k");
  cluster.partition([first, stranger], [second, third, otherStranger]);
  await noticed(cluster);

  expect(await staleReads(all, 50, [first, second])).toBe(50);
});
