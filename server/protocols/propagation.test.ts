import { expect, test } from "vitest";
import type { NodeId } from "../ports/network.ts";
import { noticed, placed, type Scenario, scenario } from "../simulation/scenario.ts";

/** Virtual ms from the acknowledgement of a write until every home that is up has it. */
async function visibleAfter({ cluster, client }: Scenario, key: string): Promise<number> {
  const { first, homes } = placed(cluster, key);
  await client.put(first, key, "v");
  const ackedMs = cluster.world.nowMs();
  while (!(await isOnAll({ cluster, client }, key, homes))) await cluster.world.runFor(1);
  return cluster.world.nowMs() - ackedMs;
}

async function isOnAll({ cluster }: Scenario, key: string, homes: readonly NodeId[]): Promise<boolean> {
  const up = homes.filter((home) => cluster.isUp(home));
  const raw = await cluster.world.run(
    Promise.all(up.map((home) => cluster.node(home).rawKey("default", key))),
  );
  return raw.every(({ main }) => main.type === "found");
}

test("with nothing broken a write is on all its homes within the time of its slowest message and disk", async () => {
  const all = await scenario();
  const times: number[] = [];

  for (let index = 0; index < 200; index += 1) times.push(await visibleAfter(all, `k${index}`));

  const sorted = times.toSorted((a, b) => a - b);
  // A message takes up to 1.5 ms, one of a hundred ten times as long; a disk syncs in a few.
  expect(sorted[99]).toBeLessThan(10);
  expect(sorted.at(-1)).toBeLessThan(50);
});

test.each([
  ["a home that was killed", "kill"],
  ["a home that was cut off", "cut"],
] as const)(
  "%s has nothing new for as long as that lasts, and all of it within five seconds of its end",
  async (_what, how) => {
    const { cluster, client } = await scenario();
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const behind = placed(cluster, "k0").third;
    const theirs = keys.filter((key) => placed(cluster, key).homes.includes(behind));
    const [asked = "", ...others] = cluster.nodeIds.filter((node) => node !== behind);
    if (how === "kill") cluster.crash(behind);
    else cluster.partition([behind], [asked, ...others]);
    await noticed(cluster);
    for (const key of keys) await client.put(asked, key, "v");
    await cluster.world.runFor(60_000);
    const missing = await Promise.all(theirs.map((key) => isHeld(key)));

    if (how === "kill") await cluster.start(behind);
    else cluster.heal();
    const healedMs = cluster.world.nowMs();
    while ((await Promise.all(theirs.map((key) => isHeld(key)))).includes(false))
      await cluster.world.runFor(50);

    expect(missing).not.toContain(true);
    expect(theirs.length).toBeGreaterThan(5);
    expect(cluster.world.nowMs() - healedMs).toBeLessThan(5000);

    async function isHeld(key: string): Promise<boolean> {
      return cluster
        .machine(behind)
        .disk.keys("values")
        .some((name) => name.endsWith(`/${key}`));
    }
  },
);
