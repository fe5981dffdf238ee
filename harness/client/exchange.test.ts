import { Pool } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exchange, type HttpRequest } from "./exchange.ts";
import { StubNode } from "./stub-node.fixture.ts";

const put = (path: string): HttpRequest => ({
  method: "PUT",
  path,
  headers: { "tipcart-write-id": "1.0" },
  body: Uint8Array.of(0, 255, 10),
});

describe("an exchange with a node", () => {
  let node: StubNode;
  let pool: Pool;

  beforeEach(async () => {
    node = await StubNode.start();
    pool = new Pool(node.url, { connections: 1, pipelining: 1 });
  });
  afterEach(async () => {
    await pool.destroy();
    await node.stop();
  });

  it("sends method, path, headers and exact bytes, and brings back status and body", async () => {
    const { ended } = exchange(pool, put("/v1/carts/a%2Fb"));
    const request = await node.next();
    request.answerText(200, "done");

    expect(await ended).toEqual({ type: "answered", status: 200, body: Buffer.from("done") });
    expect(request).toMatchObject({ method: "PUT", path: "/v1/carts/a%2Fb" });
    expect(request.headers["tipcart-write-id"]).toBe("1.0");
    expect([...request.body]).toEqual([0, 255, 10]);
  });

  it("is unsent when the connection is refused", async () => {
    await node.stop();

    expect(await exchange(pool, put("/")).ended).toEqual({ type: "unsent", error: "ECONNREFUSED" });
  });

  it("is lost when the node hangs up after it has got the request", async () => {
    const { ended } = exchange(pool, put("/"));
    (await node.next()).hangUp();

    expect((await ended).type).toBe("lost");
  });

  it("is lost when it is abandoned after it was sent, and an answer that comes later is ignored", async () => {
    const { ended, abandon } = exchange(pool, put("/"));
    const request = await node.next();
    abandon("timeout");
    request.answerText(200, "late");

    expect(await ended).toEqual({ type: "lost", error: "timeout" });
  });

  it("is unsent when it is abandoned while it waits for a connection, and stays unsent", async () => {
    const first = exchange(pool, put("/first"));
    const request = await node.next();
    const second = exchange(pool, put("/second"));
    second.abandon("timeout");
    request.answerText(200, "done");
    await first.ended;
    const third = exchange(pool, put("/third"));

    const next = await node.next();
    next.answerText(200, "done");
    await third.ended;

    expect(await second.ended).toEqual({ type: "unsent", error: "timeout" });
    expect(next.path).toBe("/third");
    expect(node.requestCount).toBe(2);
  });

  it("keeps its connection for the next one", async () => {
    for (const path of ["/1", "/2"]) {
      const { ended } = exchange(pool, put(path));
      (await node.next()).answerText(200, "done");
      await ended;
    }

    expect(pool.stats.connected).toBe(1);
  });
});
