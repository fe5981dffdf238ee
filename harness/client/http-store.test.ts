import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryEvent, Invocation } from "../../checkers/history/event.ts";
import { HedgeBudget } from "../../server/core/hedge-budget.ts";
import type { Caller } from "./caller.ts";
import { clientBudget, clientLimits } from "./client-limits.ts";
import { HttpStore } from "./http-store.ts";
import { ManualClock } from "./manual-clock.fixture.ts";
import { NodePools } from "./node-pools.ts";
import type { TriedWrite } from "./recorded-store.ts";
import { RequestLog } from "./request-log.ts";
import { acknowledged, found, refused, StubNode } from "./stub-node.fixture.ts";

const value = Uint8Array.of(123, 0, 255, 10);
const put = { key: "cart/s1/0", value, write: "7.0", parents: ["1.0"], context: "ctx-before" };
const observe = (bytes: Uint8Array) => ({ write: null, digest: Buffer.from(bytes).toString() });

describe("the store over HTTP", () => {
  let first: StubNode;
  let second: StubNode;
  let pools: NodePools;
  let clock: ManualClock;
  let events: HistoryEvent[];
  let log: RequestLog;
  let caller: Caller;
  let store: HttpStore;
  /** Names of acknowledged writes, with how much was recorded when they were told. */
  let told: (readonly [string, number])[];

  beforeEach(async () => {
    first = await StubNode.start();
    second = await StubNode.start();
    pools = new NodePools(
      [
        { node: "n1", httpUrl: first.url },
        { node: "n2", httpUrl: second.url },
      ],
      4,
    );
    clock = new ManualClock();
    events = [];
    told = [];
    log = new RequestLog({ clock, record: (event) => events.push(event) });
    caller = { process: 7, session: "s1/phone", operation: "7.0", route: ["n1", "n2"], intended: 0 };
    const budget = new HedgeBudget(clientBudget);
    const options = {
      clock,
      log,
      limits: clientLimits,
      budget,
      nodes: pools.nodes,
      bucket: "carts",
      observe,
      onAcknowledged: (_: Invocation, { write }: TriedWrite) => told.push([write, events.length]),
    };
    store = new HttpStore(options, caller);
  });
  afterEach(async () => {
    await pools.close();
    await Promise.all([first.stop(), second.stop()]);
  });

  it("records a write before it sends it, and its acknowledgements after", async () => {
    clock.advance(5);
    const written = store.put(put);
    const recordedBefore = [...events];
    const request = await first.next();
    clock.advance(2);
    request.answer(200, acknowledged("7.0"));

    expect(await written).toEqual({ type: "ok", context: "ctx-after" });
    expect(recordedBefore).toEqual([
      {
        type: "invoke",
        id: 0,
        process: 7,
        session: "s1/phone",
        operation: "7.0",
        kind: "put",
        key: "cart/s1/0",
        intended: 0,
        at: 5_000,
        entry: "n1",
        written: {
          write: "7.0",
          parents: ["1.0"],
          digest: createHash("sha1").update(value).digest("hex"),
          bytes: 4,
        },
      },
    ]);
    expect(events[1]).toEqual({
      type: "ok",
      id: 0,
      at: 7_000,
      attempts: [{ node: "n1", from: 5_000, until: 7_000, outcome: "ok" }],
      acknowledged: [
        { node: "n1", role: "home", durability: "synced" },
        { node: "n4", role: "fallback", durability: "buffered" },
      ],
      coordinator: "n1",
    });
    expect(request.path).toBe("/v1/carts/cart%2Fs1%2F0");
    expect(request.headers).toMatchObject({ "tipcart-context": "ctx-before", "tipcart-write-id": "7.0" });
  });

  it("sends the same bytes under the same write id to a second node when the first is slow", async () => {
    const written = store.put(put);
    const slow = await first.next();
    clock.advance(120);
    const fast = await second.next();
    fast.answer(200, acknowledged("7.0"));

    expect((await written).type).toBe("ok");
    expect(fast.body).toEqual(slow.body);
    expect(fast.headers["tipcart-write-id"]).toBe(slow.headers["tipcart-write-id"]);
    expect(events[1]).toMatchObject({ attempts: [{ outcome: "unknown" }, { node: "n2", outcome: "ok" }] });
  });

  it("goes to the second node at once when the first refuses the connection", async () => {
    await first.stop();
    const written = store.put(put);
    (await second.next()).answer(200, acknowledged("7.0"));

    expect((await written).type).toBe("ok");
    expect(events[1]).toMatchObject({
      attempts: [{ outcome: "none", error: "ECONNREFUSED" }, { outcome: "ok" }],
    });
  });

  it("has failed to write only when every attempt did nothing", async () => {
    const written = store.put(put);
    (await first.next()).answer(503, refused("quorum-unmet", "none"));
    (await second.next()).answer(429, refused("overloaded", "none"));

    expect(await written).toEqual({ type: "fail", error: "overloaded" });
    expect(events[1]).toMatchObject({ type: "fail", attempts: [{ outcome: "none" }, { outcome: "none" }] });
  });

  it("cannot tell about a write when one attempt cannot", async () => {
    const written = store.put(put);
    (await first.next()).hangUp();
    (await second.next()).answer(503, refused("quorum-unmet", "none"));

    expect((await written).type).toBe("info");
    expect(events[1]).toMatchObject({
      type: "info",
      attempts: [{ outcome: "unknown" }, { outcome: "none" }],
    });
  });

  it("gives a write up after a second, without knowing", async () => {
    const written = store.put(put);
    await first.next();
    clock.advance(120);
    await second.next();
    clock.advance(880);

    expect(await written).toEqual({ type: "info", error: "timeout" });
  });

  it("brings all siblings of a read, and records what they say of themselves", async () => {
    const read = store.get("cart/s1/0", { r: 3 });
    const request = await first.next();
    request.answer(300, found(["a", "b"], ["9.0"]));

    expect(await read).toMatchObject({ type: "ok", context: "ctx-read", tombstones: ["9.0"] });
    expect(request.path).toBe("/v1/carts/cart%2Fs1%2F0?r=3");
    expect(request.headers.accept).toBe("application/json");
    expect(events[1]).toMatchObject({
      observed: [
        { write: null, digest: "a" },
        { write: null, digest: "b" },
      ],
      tombstones: ["9.0"],
    });
  });

  it("has failed to read when nobody answered in time, since reads change nothing", async () => {
    const read = store.get("cart/s1/0");
    await first.next();
    clock.advance(120);
    await second.next();
    clock.advance(880);

    expect(await read).toEqual({ type: "fail", error: "timeout" });
    expect(events[1]).toMatchObject({ type: "fail", attempts: [{ outcome: "none" }, { outcome: "none" }] });
  });

  it("deletes with the context of a read and says so without a digest", async () => {
    const deleted = store.delete({ key: "k", context: "ctx-read", write: "7.1", parents: ["7.0"] });
    const request = await first.next();
    request.answer(200, acknowledged("7.1"));

    expect((await deleted).type).toBe("ok");
    expect(request.method).toBe("DELETE");
    expect(request.body.length).toBe(0);
    expect(events[0]).toMatchObject({ kind: "delete", written: { digest: "", bytes: 0, parents: ["7.0"] } });
  });

  it("intends the next request for when the last one ended", async () => {
    const read = store.get("a");
    const request = await first.next();
    clock.advance(40);
    request.answer(404, found([]));
    await read;
    clock.advance(3);
    void store.get("b");

    expect(events[2]).toMatchObject({ key: "b", intended: 40_000, at: 43_000 });
  });

  it("tells of a write when its acknowledgement is recorded, and of no other", async () => {
    const written = store.put(put);
    (await first.next()).answer(200, acknowledged("7.0"));
    await written;
    const failed = store.put({ ...put, write: "7.1" });
    (await first.next()).answer(503, refused("quorum-unmet", "none"));
    (await second.next()).answer(503, refused("quorum-unmet", "none"));
    await failed;

    expect(told).toEqual([["7.0", 2]]);
  });

  it("sends nothing that would not be recorded", async () => {
    log.close();

    expect(await store.get("a")).toEqual({ type: "fail", error: "the run is over" });
    expect(await store.put(put)).toEqual({ type: "fail", error: "the run is over" });
    expect(first.requestCount).toBe(0);
  });
});
