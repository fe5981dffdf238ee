import { describe, expect, test } from "vitest";
import type { NodeId } from "../ports/network.ts";
import { noticed, scenario } from "../simulation/scenario.ts";

const nodeIds: readonly NodeId[] = ["n1", "n2", "n3", "n4", "n5"];
const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);

/** The first two are everybody's seeds. */
describe.each(nodeIds)("without %s, lost for good after the start", (lost) => {
  test("every other node reads and writes every key, and any of them lets a new one in", async () => {
    const { cluster, client } = await scenario({ nodeIds, spareIds: ["n6"], seeds: ["n1", "n2"] });
    for (const key of keys) await client.put(lost, key, "first");
    cluster.crash(lost);
    cluster.machine(lost).disk.wipe();
    await noticed(cluster);
    const others = nodeIds.filter((node) => node !== lost);

    for (const entry of others) {
      for (const key of keys) {
        const { context } = await client.read(entry, key);
        await client.put(entry, key, `by ${entry}`, { context });
      }
    }
    const [last = "", beforeLast = ""] = others.toReversed();
    await cluster.start("n6");
    await cluster.world.runFor(3000);
    await cluster.order(last, { type: "remove", nodeId: lost });
    await cluster.order(beforeLast, { type: "join", nodeId: "n6" });
    await cluster.settle();

    for (const entry of [...others, "n6"]) {
      expect(
        cluster
          .node(entry)
          .ring()
          .members.map(({ nodeId }) => nodeId),
      ).toEqual([...others, "n6"]);
      for (const key of keys) expect((await client.read(entry, key)).values).toEqual([`by ${last}`]);
    }
  });
});
