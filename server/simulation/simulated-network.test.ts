import { describe, expect, test } from "vitest";
import { networkContract } from "../ports/network.contract.ts";
import type { PeerReply, PeerRequest } from "../rpc/messages.ts";
import { calmLinks, type LinkConditions, SimulatedLinks, SimulatedNetwork } from "./simulated-network.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { World } from "./world.ts";

const ping: PeerRequest = { type: "ping" };
const pong: PeerReply = { type: "pong" };

networkContract({
  name: "The simulated network",
  make: async () => {
    const world = new World(1);
    const links = new SimulatedLinks(world);
    const end = (name: string) => new SimulatedNetwork(links, name, new SimulatedProcess(world, name));
    return {
      a: end("a"),
      b: end("b"),
      restartB: async () => end("b"),
      until: (promise) => world.run(promise),
      dispose: async () => {},
    };
  },
});

describe("the simulated network", () => {
  test("a one-way cut loses questions one way and answers the other way", async () => {
    const { world, links, a, b } = await pair();
    let askedCount = 0;
    await world.run(
      b.serve({ nodeId: "b", incarnation: "1", boot: 1 }, async () => {
        askedCount += 1;
        return pong;
      }),
    );
    links.cut("b", "a");

    const there = await world.run(a.request("b", ping, 100));
    const back = await world.run(b.request("a", ping, 100));

    expect(there).toEqual({ type: "unreachable", reason: "timeout" });
    expect(askedCount).toBe(1);
    expect(back).toEqual({ type: "unreachable", reason: "timeout" });

    links.mend();

    expect((await world.run(b.request("a", ping, 100))).type).toBe("reply");
  });

  test("with loss some requests time out, with repetition some are handled twice", async () => {
    const { world, links, a, b } = await pair({ ...calmLinks, lossShare: 0.3, duplicateShare: 0.3 });
    let handledCount = 0;
    await world.run(
      b.serve({ nodeId: "b", incarnation: "1", boot: 1 }, async () => {
        handledCount += 1;
        return pong;
      }),
    );

    const exchanges = await world.run(
      Promise.all(Array.from({ length: 200 }, () => a.request("b", ping, 100))),
    );
    const replyCount = exchanges.filter((exchange) => exchange.type === "reply").length;

    expect(replyCount).toBeGreaterThan(60);
    expect(replyCount).toBeLessThan(180);
    expect(handledCount).toBeGreaterThan(replyCount);
    expect(links.conditions.lossShare).toBe(0.3);
  });

  test("messages of one link overtake each other", async () => {
    const { world, a, b } = await pair();
    const arrived: number[] = [];
    await world.run(
      b.serve({ nodeId: "b", incarnation: "1", boot: 1 }, async (_from, request) => {
        if (request.type === "tree-keys") arrived.push(request.tree.partition);
        return pong;
      }),
    );

    const sent = Array.from({ length: 30 }, (_, index) => index);
    await world.run(
      Promise.all(
        sent.map((partition) =>
          a.request("b", { type: "tree-keys", tree: { partition, copies: 3 }, leaves: [] }, 100),
        ),
      ),
    );

    expect(arrived).not.toEqual(sent);
    expect(arrived.toSorted((x, y) => x - y)).toEqual(sent);
  });

  test("a paused node answers when it resumes, a killed one is refused", async () => {
    const { world, a, b } = await pair();
    await world.run(b.serve({ nodeId: "b", incarnation: "1", boot: 1 }, async () => pong));

    b.process.pause();
    const impatient = await world.run(a.request("b", ping, 50));
    const patient = a.request("b", ping, 5000);
    await world.runFor(1000);
    b.process.resume();
    const afterResume = await world.run(patient);
    b.process.kill();
    const afterDeath = await world.run(a.request("b", ping, 50));

    expect(impatient).toEqual({ type: "unreachable", reason: "timeout" });
    expect(afterResume.type).toBe("reply");
    expect(afterDeath).toEqual({ type: "unreachable", reason: "refused" });
  });

  test("the two ends never share an object", async () => {
    const { world, a, b } = await pair();
    const value = Uint8Array.of(1, 2, 3);
    let received: Uint8Array | null | undefined;
    await world.run(
      b.serve({ nodeId: "b", incarnation: "1", boot: 1 }, async (_from, request) => {
        if (request.type === "forward-write") received = request.write.value;
        return pong;
      }),
    );

    await world.run(a.request("b", { type: "forward-write", write: { bucket: "b", key: "k", value } }, 50));

    expect([...(received ?? [])]).toEqual([1, 2, 3]);
    expect(received).not.toBe(value);
  });
});

async function pair(conditions: LinkConditions = calmLinks) {
  const world = new World(7);
  const links = new SimulatedLinks(world, conditions);
  const a = new SimulatedNetwork(links, "a", new SimulatedProcess(world, "a"));
  const b = new SimulatedNetwork(links, "b", new SimulatedProcess(world, "b"));
  await world.run(a.serve({ nodeId: "a", incarnation: "1", boot: 1 }, async () => pong));
  return { world, links, a, b };
}
