import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { withNode } from "./node-fixture.ts";

test("the dump lists every key of this node page by page, with digests of the values", async () => {
  await withNode(async ({ call }) => {
    const keys = ["ada", "bob", "c/d", "__proto__", "🛒"];
    for (const key of keys) await call("PUT", `/v1/carts/${encodeURIComponent(key)}`, { body: `of ${key}` });

    const entries: { key: string; bucket: string; homes: string[]; siblings: { digest: string }[] }[] = [];
    let path: string | null = "/verify/dump?limit=2";
    while (path !== null) {
      const page = (await call("GET", path)).json() as unknown as {
        entries: typeof entries;
        next: string | null;
      };
      expect(page.entries.length).toBeLessThanOrEqual(2);
      entries.push(...page.entries);
      path = page.next === null ? null : `/verify/dump?limit=2&after=${encodeURIComponent(page.next)}`;
    }

    expect(entries.map((entry) => entry.key).toSorted()).toEqual(keys.toSorted());
    for (const { bucket, homes, key, siblings } of entries) {
      const digest = createHash("sha1").update(`of ${key}`).digest("hex");
      expect({ bucket, homes, siblings }).toMatchObject({
        bucket: "carts",
        homes: ["a"],
        siblings: [{ digest }],
      });
    }
  });
});

test("a delete is dumped as a tombstone", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "v" });
    await call("DELETE", "/v1/carts/ada?force", { headers: { "tipcart-write-id": "d-1" } });

    const dump = (await call("GET", "/verify/dump")).json();

    expect(dump).toMatchObject({ entries: [{ siblings: [], tombstones: ["d-1"] }], next: null });
  });
});

test("the raw state of a key shows dots, values and write ids", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/c/d", { body: "v", headers: { "tipcart-write-id": "w-1" } });

    const found = (await call("GET", "/verify/key/carts/c/d")).json();
    const absent = (await call("GET", "/verify/key/carts/x")).json();

    const value = Buffer.from("v").toString("base64");
    expect(found).toMatchObject({
      main: { type: "found", state: { siblings: [{ writeId: "w-1", value }] } },
      hints: [],
    });
    expect(absent).toEqual({ main: { type: "absent" }, hints: [] });
  });
});

test("a lone node is calm, and quiesces at once", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/ada", { body: "v" });

    const quiet = (await call("POST", "/verify/quiesce?timeout=5000")).json();
    const calm = (await call("GET", "/verify/calm")).json();

    expect(quiet).toMatchObject({ isQuiet: true, hintCount: 0, unreachablePeers: [] });
    expect(calm["treeRoots"]).toEqual(quiet["treeRoots"]);
    expect(calm["counters"]).toMatchObject({ "write-answered-ok": 1 });
  });
});

test("both clocks can be read", async () => {
  await withNode(async ({ call }) => {
    const { wallMs, monotonicMs } = (await call("GET", "/verify/clock")).json();

    expect(Math.abs(Number(wallMs) - Date.now())).toBeLessThan(5000);
    expect(Number(monotonicMs)).toBeGreaterThan(0);
  });
});

test("no hints is an empty list", async () => {
  await withNode(async ({ call }) => {
    expect((await call("GET", "/verify/hints")).json()).toEqual([]);
  });
});

test("the client port knows no verification calls, and the other way round", async () => {
  await withNode(async ({ call, httpPort }) => {
    const onClientPort = await fetch(`http://127.0.0.1:${httpPort}/verify/dump`);

    expect(onClientPort.status).toBe(404);
    expect((await call("GET", "/verify/nothing")).status).toBe(404);
  });
});

test("a partition is taken out as a file and taken in again, and a damaged file is refused", async () => {
  await withNode(async ({ call }) => {
    await call("PUT", "/v1/carts/k", { body: "v" });
    const { partition } = (await call("GET", "/v1/preference/carts/k")).json() as unknown as {
      partition: number;
    };

    const taken = await call("GET", `/verify/snapshot/${partition}`);
    const restored = await call("POST", "/verify/restore", { body: taken.body });
    const damaged = await call("POST", "/verify/restore", { body: taken.body.subarray(1) });
    const beyond = await call("GET", "/verify/snapshot/4096");

    expect(taken.status).toBe(200);
    expect([restored.status, restored.json()]).toMatchObject([200, { mergedCount: 1, foreignCount: 0 }]);
    expect([damaged.status, damaged.json()]).toMatchObject([400, { error: "bad-request", outcome: "none" }]);
    expect(beyond.status).toBe(400);
  });
});

test("a node is armed with one moment at a time, says how it stands, and is disarmed", async () => {
  await withNode(async ({ call }) => {
    const armed = await call("POST", "/verify/trigger?event=transfer-sealed");
    const twice = await call("POST", "/verify/trigger?event=hint-stored");
    const asked = await call("GET", "/verify/trigger");
    const disarmed = await call("DELETE", "/verify/trigger");

    expect([armed.status, armed.json()]).toEqual([200, { armed: "transfer-sealed", fired: null }]);
    expect([twice.status, twice.json()]).toMatchObject([
      400,
      { error: "bad-request", detail: "The node is armed already, with transfer-sealed; disarm it first." },
    ]);
    expect(asked.json()).toEqual({ armed: "transfer-sealed", fired: null });
    expect(disarmed.json()).toEqual({ armed: null, fired: null });
  });
});

test.each([
  "",
  "?event=",
  "?event=never",
  "?event=__proto__",
  "?event=hint-stored&event=hint-stored",
  "?event=hint-stored&key=a",
  `?event=${"hint-stored".repeat(500)}`,
  "?event=%zz",
  "?event=hint-stored%00",
])("a moment that is asked for as %j is refused with a sentence, and arms nothing", async (query) => {
  await withNode(async ({ call }) => {
    const refused = await call("POST", `/verify/trigger${query}`);
    const state = await call("GET", "/verify/trigger");

    expect(refused.json()).toMatchObject({ error: "bad-request", outcome: "none" });
    expect(refused.json()["detail"]).toMatch(/^The .+\.$/);
    expect(state.json()).toEqual({ armed: null, fired: null });
  });
});
