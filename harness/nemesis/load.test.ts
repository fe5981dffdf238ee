import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { answeredIn, grown } from "./burden-look.ts";
import { loadNemesis } from "./load.ts";
import { scriptedCluster } from "./scripted-cluster.fixture.ts";

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A node that gives out contexts and takes whatever it is sent. */
async function credulousNode(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.end(request.url === "/metrics" ? "" : JSON.stringify({ context: "AAAABBBBCCCC" }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("what nodes have answered", () => {
  it("is the count of client requests, and of puts among them that were refused", () => {
    const metrics = [
      'tipcart_request_ms_count{route="get",status="200"} 7',
      'tipcart_request_ms_bucket{route="get",status="200",le="5"} 6',
      'tipcart_request_ms_count{route="put",status="400"} 3',
      'tipcart_request_ms_count{route="put",status="200"} 2',
      'tipcart_request_ms_count{route="metrics",status="200"} 90',
      'tipcart_events_total{event="write-minted"} 9',
      'tipcart_events_total{event="write-minted-retry"} 4',
    ].join("\n");

    expect(answeredIn(metrics)).toEqual({ all: 12, refusedPuts: 3, retries: 4 });
  });

  it("grows by what a node counts, from 0 where it was started again, and not by nodes that one look missed", () => {
    const before = new Map([
      ["n1", { all: 10, refusedPuts: 2, retries: 1 }],
      ["n2", { all: 50, refusedPuts: 9, retries: 5 }],
      ["n3", { all: 100, refusedPuts: 0, retries: 0 }],
    ]);
    const after = new Map([
      ["n1", { all: 14, refusedPuts: 3, retries: 3 }],
      ["n2", { all: 5, refusedPuts: 1, retries: 2 }],
      ["n4", { all: 8, refusedPuts: 8, retries: 8 }],
    ]);

    expect(grown(before, after)).toEqual({ all: 9, refusedPuts: 2, retries: 4 });
  });
});

describe("bad contexts", () => {
  it("that a store accepts are no fault that was withstood, and the number is told", {
    timeout: 30_000,
  }, async () => {
    const httpUrl = await credulousNode();
    const cluster = {
      ...scriptedCluster(),
      addresses: [{ node: "n1", httpUrl, verificationUrl: "", adminUrl: "" }],
    };
    const nemesis = loadNemesis(["n1"], "corrupt-context");

    const injected = await nemesis.inject(cluster);
    const healed = await nemesis.heal(cluster);

    expect(injected).toMatchObject({
      type: "failed",
      reason: expect.stringMatching(/^\d+ puts were accepted that had to be refused\.$/),
    });
    expect(healed.type).toBe("done");
  });
});

describe("a load on no node of the cluster", () => {
  it("is not effective, and there is nothing to heal", async () => {
    const nemesis = loadNemesis(["n9"], "burst");

    expect(await nemesis.inject(scriptedCluster())).toMatchObject({ type: "failed" });
    expect(await nemesis.heal(scriptedCluster())).toMatchObject({ type: "done" });
  });
});
