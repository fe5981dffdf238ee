import { expect, test } from "vitest";
import { type ServedNode, withNode } from "./node-fixture.ts";

const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

test("a put value comes back byte for byte, with its context, its write id and who answered", async () => {
  await withNode(async ({ call }) => {
    const put = await call("PUT", "/v1/carts/ada", {
      body: allBytes,
      headers: { "tipcart-write-id": "w-1" },
    });
    const got = await call("GET", "/v1/carts/ada");

    expect(put.status).toBe(200);
    expect(put.json()).toEqual({
      context: expect.any(String),
      writeId: "w-1",
      dot: expect.any(String),
      coordinator: "a",
      acknowledgements: [{ node: "a", role: "home", durability: "buffered" }],
      degraded: false,
      versions: "dvv",
    });
    expect([got.status, [...got.body]]).toEqual([200, [...allBytes]]);
    expect(got.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "tipcart-write-id": "w-1",
      "tipcart-coordinator": "a",
      "tipcart-context": expect.stringMatching(/^[\w-]+$/),
    });
  });
});

test("an empty value is a value", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "" });
    const got = await call("GET", "/v1/carts/ada");

    expect([got.status, got.body.length]).toEqual([200, 0]);
  });
});

test("a write with the context of a read replaces what was read", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "one" });
    const context = contextOf(await call("GET", "/v1/carts/ada"));
    await call("PUT", "/v1/carts/ada", { body: "two", headers: { "tipcart-context": context } });

    const got = await call("GET", "/v1/carts/ada");

    expect([got.status, got.body.toString()]).toEqual([200, "two"]);
  });
});

test("blind writes are siblings: 300, all of them in base64, and one context that covers them", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: allBytes, headers: { "tipcart-write-id": "w-1" } });
    await call("PUT", "/v1/carts/ada", { body: "two", headers: { "tipcart-write-id": "w-2" } });

    const got = await call("GET", "/v1/carts/ada");
    const merge = { body: "merged", headers: { "tipcart-context": contextOf(got) } };
    await call("PUT", "/v1/carts/ada", merge);
    const after = await call("GET", "/v1/carts/ada");

    expect(got.status).toBe(300);
    expect(got.json()).toMatchObject({ tombstones: [], coordinator: "a", replied: ["a"] });
    expect(got.json()["siblings"]).toEqual(
      expect.arrayContaining([
        { writeId: "w-1", value: Buffer.from(allBytes).toString("base64") },
        { writeId: "w-2", value: Buffer.from("two").toString("base64") },
      ]),
    );
    expect([after.status, after.body.toString()]).toEqual([200, "merged"]);
  });
});

test("one value is given as JSON when JSON is asked for", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "one" });

    const got = await call("GET", "/v1/carts/ada", { headers: { accept: "application/json" } });

    expect(got.status).toBe(200);
    expect(got.json()["siblings"]).toMatchObject([{ value: Buffer.from("one").toString("base64") }]);
  });
});

test("a retry with the same write id is no second version", async () => {
  await withNode(async ({ call }) => {
    const put = { body: "one", headers: { "tipcart-write-id": "w-1" } };
    const first = await call("PUT", "/v1/carts/ada", put);
    const second = await call("PUT", "/v1/carts/ada", put);

    expect((await call("GET", "/v1/carts/ada")).status).toBe(200);
    expect(second.json()["dot"]).toBe(first.json()["dot"]);
  });
});

test("a key never written is 404 with a context and nothing else", async () => {
  await withNode(async ({ call }) => {
    const got = await call("GET", "/v1/carts/nobody");

    expect(got.status).toBe(404);
    expect(got.json()).toMatchObject({ siblings: [], tombstones: [], context: expect.any(String) });
  });
});

test("a deleted key is 404 with the delete's write id and a context that covers it", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "one" });
    const context = contextOf(await call("GET", "/v1/carts/ada"));
    const deletion = { "tipcart-context": context, "tipcart-write-id": "d-1" };
    expect((await call("DELETE", "/v1/carts/ada", { headers: deletion })).status).toBe(200);

    const gone = await call("GET", "/v1/carts/ada");
    const revival = { body: "again", headers: { "tipcart-context": contextOf(gone) } };
    await call("PUT", "/v1/carts/ada", revival);
    const back = await call("GET", "/v1/carts/ada", { headers: { accept: "application/json" } });

    expect([gone.status, gone.json()["tombstones"]]).toEqual([404, ["d-1"]]);
    expect([back.status, back.json()["tombstones"]]).toEqual([200, []]);
  });
});

test("a delete without a context is refused, unless it is forced to delete what is there now", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "one" });
    await call("PUT", "/v1/carts/ada", { body: "two" });

    const refused = await call("DELETE", "/v1/carts/ada");
    const forced = await call("DELETE", "/v1/carts/ada?force");

    expect([refused.status, refused.json()["error"]]).toEqual([400, "bad-request"]);
    expect(forced.status).toBe(200);
    expect((await call("GET", "/v1/carts/ada")).status).toBe(404);
  });
});

test.each(["a/b//c", "../x", "__proto__", "constructor", "%25", "ключ 🛒", "a?b#c;d", "\u0000"])(
  "the key %j is a key like others",
  async (key) => {
    await withNode(async ({ call }) => {
      const path = `/v1/b%2F__proto__/${encodeURIComponent(key)}`;
      await call("PUT", path, { body: key });

      expect((await call("GET", path)).body.toString()).toBe(key);
      expect((await call("GET", `${path}x`)).status).toBe(404);
      expect((await call("GET", `/v1/b/${encodeURIComponent(key)}`)).status).toBe(404);
    });
  },
);

test("the preference list, the ring, health and metrics are there for operators", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "one" });

    const preference = (await call("GET", "/v1/preference/carts/ada")).json();
    const ring = (await call("GET", "/v1/ring")).json();
    const health = await call("GET", "/v1/health");
    const metrics = await call("GET", "/metrics");

    expect(preference).toEqual({ partition: expect.any(Number), homes: ["a"], fallbacks: [] });
    expect(ring).toMatchObject({ partitionCount: 8, members: [{ nodeId: "a" }] });
    expect([health.status, health.json()["phase"]]).toEqual([200, "serving"]);
    expect(metrics.headers["content-type"]).toMatch(/^text\/plain/);
    expect(metrics.body.toString()).toContain('tipcart_events_total{event="write-answered-ok"} 1\n');
    expect(metrics.body.toString()).toContain('tipcart_request_ms_count{route="put",status="200"} 1\n');
  });
});

test.each<[string, (node: ServedNode) => ReturnType<ServedNode["call"]>, number, string]>([
  [
    "a context that is none",
    ({ call }) => putWith(call, { "tipcart-context": "nonsense" }),
    400,
    "bad-context",
  ],
  ["an unknown parameter", ({ call }) => call("GET", "/v1/b/k?R=1"), 400, "bad-request"],
  ["a quorum that is no number", ({ call }) => call("GET", "/v1/b/k?r=two"), 400, "bad-request"],
  ["a quorum beyond the copies", ({ call }) => call("PUT", "/v1/b/k?w=2", { body: "v" }), 400, "bad-request"],
  [
    "a write id that cannot be printed",
    ({ call }) => putWith(call, { "tipcart-write-id": "é" }),
    400,
    "bad-request",
  ],
  [
    "a write id that is too long",
    ({ call }) => putWith(call, { "tipcart-write-id": "w".repeat(129) }),
    400,
    "bad-request",
  ],
  ["a key over the limit", ({ call }) => call("GET", `/v1/b/${"k".repeat(1025)}`), 400, "bad-request"],
  [
    "a bucket whose name is a call",
    ({ call }) => call("PUT", "/v1/pref%65rence/k", { body: "v" }),
    400,
    "bad-request",
  ],
  ["a bad encoding", ({ call }) => call("GET", "/v1/b/%ff"), 400, "bad-request"],
  [
    "a foreign host",
    ({ call }) => call("GET", "/v1/b/k", { headers: { host: "evil.example" } }),
    400,
    "bad-request",
  ],
  ["an unknown path", ({ call }) => call("GET", "/v2/b/k"), 404, "no-such-route"],
  ["an unknown method", ({ call }) => call("POST", "/v1/b/k", { body: "v" }), 405, "method-not-allowed"],
  [
    "a write if nobody has written",
    ({ call }) => putWith(call, { "if-none-match": "*" }),
    412,
    "precondition",
  ],
  [
    "a delete of one version",
    ({ call }) => call("DELETE", "/v1/b/k?force", { headers: { "if-match": '"1"' } }),
    412,
    "precondition",
  ],
  ["a compressed value", ({ call }) => putWith(call, { "content-encoding": "gzip" }), 415, "encoded-body"],
  ["a part of a value", ({ call }) => putWith(call, { "content-range": "bytes 0-0/9" }), 400, "bad-request"],
  [
    "a value over the limit",
    ({ call }) => call("PUT", "/v1/b/k", { body: new Uint8Array(65_537) }),
    413,
    "too-large",
  ],
  [
    "a value of untold length over the limit",
    ({ call }) => call("PUT", "/v1/b/k", { body: pieces(10) }),
    413,
    "too-large",
  ],
])("%s is refused with a sentence, and nothing was done", async (_name, ask, status, error) => {
  await withNode(async (node) => {
    const answer = await ask(node);

    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error, outcome: "none", detail: expect.stringMatching(/\.$/) });
    expect(node.faults).toEqual([]);
  });
});

test("a method that a path does not have is answered with those it has", async () => {
  await withNode(async ({ call }) => {
    const ofItem = await call("POST", "/v1/b/k");
    const ofRing = await call("PUT", "/v1/ring");

    expect([ofItem.status, ofItem.headers["allow"]]).toEqual([405, "GET, PUT, DELETE"]);
    expect([ofRing.status, ofRing.headers["allow"]]).toEqual([405, "GET"]);
  });
});

test("a context of another key is refused", async () => {
  await withNode(async ({ call }) => {
    const context = (await call("PUT", "/v1/carts/ada", { body: "v" })).json()["context"];

    const answer = await call("PUT", "/v1/carts/bob", {
      body: "v",
      headers: { "tipcart-context": String(context) },
    });

    expect([answer.status, answer.json()["error"]]).toEqual([400, "bad-context"]);
  });
});

test("a value of exactly the limit is taken, announced or in pieces", async () => {
  await withNode(async ({ call }) => {
    const announced = await call("PUT", "/v1/b/k1", { body: new Uint8Array(65_536) });
    const inPieces = await call("PUT", "/v1/b/k2", { body: pieces(8) });

    expect([announced.status, inPieces.status]).toEqual([200, 200]);
    expect((await call("GET", "/v1/b/k2")).body.length).toBe(65_536);
  });
});

function putWith(call: ServedNode["call"], headers: Record<string, string>) {
  return call("PUT", "/v1/b/k", { body: "v", headers });
}

function contextOf(answer: { readonly headers: Readonly<Record<string, unknown>> }): string {
  return String(answer.headers["tipcart-context"]);
}

async function* pieces(count: number): AsyncIterable<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield new Uint8Array(8192);
}
