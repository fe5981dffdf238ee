/**
 * What every network must do, as one suite: called by each implementation's test with a way to make a pair of ends.
 *
 * The suite knows neither sockets nor virtual time. Whatever it waits for, it waits for through `until`, which for
 * sockets is the promise itself and for a simulated world runs the world until the promise settles.
 */
import { describe, expect, test } from "vitest";
import { emptyKeyState, type KeyState, type Sibling } from "../core/versions.ts";
import { WriteMemory } from "../core/write-memory.ts";
import type { PeerReply, PeerRequest } from "../rpc/messages.ts";
import type { Exchange, Network, NodeId, PeerHandler, Sender } from "./network.ts";

/** Nodes `a` and `b`, which know of each other and of `c`, which never starts. None has begun to serve. */
export type NetworkUnderTest = {
  readonly a: Network;
  readonly b: Network;
  /** Another end for `b`, after the first has been closed, as a restarted process would have it. */
  readonly restartB: () => Promise<Network>;
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
  /** Closes what is still open. */
  readonly dispose: () => Promise<void>;
};

export type NetworkKind = { readonly name: string; readonly make: () => Promise<NetworkUnderTest> };

const senderA: Sender = { nodeId: "a", incarnation: "a1", boot: 3 };
const senderB: Sender = { nodeId: "b", incarnation: "b1", boot: 5 };
const ping: PeerRequest = { type: "ping" };
const pong: PeerReply = { type: "pong" };
const patientMs = 5000;

export function networkContract(kind: NetworkKind): void {
  describe(`${kind.name} keeps the network contract:`, () => {
    exchangeCases(kind);
    contentCases(kind);
    absenceCases(kind);
    lifeCases(kind);
  });
}

function exchangeCases(kind: NetworkKind): void {
  test("a request gets the reply of its handler", async () => {
    await withServing(
      kind,
      async () => pong,
      async ({ a, until }) => {
        expect(await until(a.request("b", ping, patientMs))).toEqual({ type: "reply", reply: pong });
      },
    );
  });

  test("the handler learns who asks, what, and how long the asker will wait", async () => {
    const heard: [Sender, PeerRequest, number][] = [];
    const remember: PeerHandler = async (from, request, budgetMs) => {
      heard.push([from, request, budgetMs]);
      return pong;
    };
    await withServing(kind, remember, async ({ a, until }) => {
      await until(a.request("b", ping, patientMs));

      expect(heard).toHaveLength(1);
      expect(heard[0]?.[0]).toEqual(senderA);
      expect(heard[0]?.[1]).toEqual(ping);
      expect(heard[0]?.[2]).toBeGreaterThan(0);
      expect(heard[0]?.[2]).toBeLessThanOrEqual(patientMs);
    });
  });

  test("many requests under way at once get each its own reply, also when answered out of order", async () => {
    const held: (() => void)[] = [];
    const answerInReverse: PeerHandler = (_from, request) =>
      new Promise((resolve) => {
        const key = request.type === "replica-get" ? request.key : "";
        held.push(() => resolve({ type: "keys", keys: [{ bucket: "b", key, hash: "" }] }));
        if (held.length === 20) for (const release of held.toReversed()) release();
      });
    await withServing(kind, answerInReverse, async ({ a, until }) => {
      const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
      const exchanges = await until(
        Promise.all(
          keys.map((key) =>
            a.request("b", { type: "replica-get", role: "home", bucket: "b", key }, patientMs),
          ),
        ),
      );

      expect(exchanges.map(firstKeyOf)).toEqual(keys);
    });
  });

  test("both ends may ask each other at the same time", async () => {
    const under = await kind.make();
    try {
      await under.until(under.a.serve(senderA, async () => ({ type: "hashes", hashes: ["from a"] })));
      await under.until(under.b.serve(senderB, async () => ({ type: "hashes", hashes: ["from b"] })));

      const exchanges = await under.until(
        Promise.all([under.a.request("b", ping, patientMs), under.b.request("a", ping, patientMs)]),
      );

      expect(exchanges).toEqual([
        { type: "reply", reply: { type: "hashes", hashes: ["from b"] } },
        { type: "reply", reply: { type: "hashes", hashes: ["from a"] } },
      ]);
    } finally {
      await under.dispose();
    }
  });
}

const echo: PeerHandler = async (_from, request) =>
  request.type === "replica-put" ? { type: "state", state: request.state } : pong;

const neverForKeys: PeerHandler = (_from, request) =>
  request.type === "ping" ? Promise.resolve(pong) : new Promise(() => {});

function contentCases(kind: NetworkKind): void {
  test("a key state arrives as it was sent: every byte, empty values, tombstones, maps, odd names", async () => {
    const state: KeyState = {
      clock: new Map([
        ["__proto__", 1],
        ["a~1~1", 3],
        ["constructor", 2],
      ]),
      cloud: [{ actor: "b~1~1", counter: 7 }],
      siblings: [
        sibling(
          "all bytes",
          Uint8Array.from({ length: 256 }, (_, byte) => byte),
        ),
        sibling("empty", new Uint8Array(0)),
        sibling("a tombstone", null),
      ],
      recent: WriteMemory.of([{ writeId: "__proto__", dots: [{ actor: "a~1~1", counter: 1 }], rank: 1 }]),
    };
    await withServing(kind, echo, async ({ a, until }) => {
      const key = "ключ/__proto__ \u0000🛒";
      const exchange = await until(
        a.request("b", { type: "replica-put", bucket: "b", key, state, durability: "synced" }, patientMs),
      );

      const returned =
        exchange.type === "reply" && exchange.reply.type === "state" ? exchange.reply.state : null;
      expect(returned?.clock).toEqual(state.clock);
      expect(returned?.cloud).toEqual(state.cloud);
      expect(returned?.recent).toEqual(state.recent);
      expect(returned?.siblings.map((one) => one.writeId)).toEqual(["all bytes", "empty", "a tombstone"]);
      expect(returned?.siblings.map((one) => one.value && [...one.value])).toEqual(
        state.siblings.map((one) => one.value && [...one.value]),
      );
    });
  });

  test("a value of a mebibyte arrives whole", async () => {
    const value = Uint8Array.from({ length: 1024 * 1024 }, (_, index) => (index * 31 + (index >> 8)) % 256);
    const state: KeyState = { ...emptyKeyState, siblings: [sibling("large", value)] };
    await withServing(kind, echo, async ({ a, until }) => {
      const exchange = await until(
        a.request(
          "b",
          { type: "replica-put", bucket: "b", key: "k", state, durability: "buffered" },
          patientMs,
        ),
      );

      const returned =
        exchange.type === "reply" && exchange.reply.type === "state" ? exchange.reply.state : null;
      const bytes = returned?.siblings[0]?.value ?? new Uint8Array(0);
      expect(Buffer.compare(bytes, value)).toBe(0);
    });
  });
}

function absenceCases(kind: NetworkKind): void {
  test("a peer that never started is unreachable", async () => {
    await withServing(
      kind,
      async () => pong,
      async ({ a, until }) => {
        const exchange = await until(a.request("c", ping, 500));

        expect(exchange.type).toBe("unreachable");
      },
    );
  });

  test("a peer nobody has heard of is unreachable", async () => {
    await withServing(
      kind,
      async () => pong,
      async ({ a, until }) => {
        const exchange = await until(a.request("stranger", ping, 500));

        expect(exchange.type).toBe("unreachable");
      },
    );
  });

  test("a handler that takes longer than the asker waits is a time-out, and its late reply is dropped", async () => {
    let release: (() => void) | undefined;
    const slowOnce: PeerHandler = () =>
      release === undefined
        ? new Promise((resolve) => {
            release = () => resolve({ type: "hashes", hashes: ["late"] });
          })
        : Promise.resolve(pong);
    await withServing(kind, slowOnce, async ({ a, until }) => {
      const first = await until(a.request("b", ping, 60));
      release?.();
      const second = await until(a.request("b", ping, patientMs));

      expect(first).toEqual({ type: "unreachable", reason: "timeout" });
      expect(second).toEqual({ type: "reply", reply: pong });
    });
  });

  test("an unanswered request does not hold up the others", async () => {
    await withServing(kind, neverForKeys, async ({ a, until }) => {
      const stuck = a.request("b", { type: "replica-get", role: "home", bucket: "b", key: "k" }, 300);
      const quick = await until(a.request("b", ping, patientMs));

      expect(quick.type).toBe("reply");
      expect(await until(stuck)).toEqual({ type: "unreachable", reason: "timeout" });
    });
  });
}

function lifeCases(kind: NetworkKind): void {
  test("after close, requests end at once as closed, and those under way with them", async () => {
    await withServing(
      kind,
      () => new Promise(() => {}),
      async ({ a, until }) => {
        const underWay = a.request("b", ping, patientMs);
        await until(a.close());

        expect((await until(underWay)).type).toBe("unreachable");
        expect(await until(a.request("b", ping, patientMs))).toEqual({
          type: "unreachable",
          reason: "closed",
        });
      },
    );
  });

  test("closing twice is closing once", async () => {
    await withServing(
      kind,
      async () => pong,
      async ({ a, until }) => {
        await until(a.close());

        await expect(until(a.close())).resolves.toBeUndefined();
      },
    );
  });

  test("a closed peer is unreachable, and reachable again once it has restarted", async () => {
    await withServing(
      kind,
      async () => pong,
      async ({ a, b, restartB, until }) => {
        expect((await until(a.request("b", ping, patientMs))).type).toBe("reply");

        await until(b.close());
        expect((await until(a.request("b", ping, 500))).type).toBe("unreachable");

        const restarted = await restartB();
        await until(
          restarted.serve({ ...senderB, boot: 6 }, async () => ({ type: "hashes", hashes: ["again"] })),
        );
        expect(await until(replied(a, "b"))).toEqual({
          type: "reply",
          reply: { type: "hashes", hashes: ["again"] },
        });
      },
    );
  });
}

/** Asks until there is a reply: a network may need a moment to notice that a peer is back, but not for ever. */
async function replied(network: Network, to: NodeId): Promise<Exchange> {
  let exchange: Exchange = { type: "unreachable", reason: "closed" };
  for (let attempt = 0; attempt < 200 && exchange.type !== "reply"; attempt += 1) {
    exchange = await network.request(to, ping, 500);
  }
  return exchange;
}

/** Runs `act` with `b` answering through `handler`, and `a` answering nothing but pings. */
async function withServing(
  kind: NetworkKind,
  handler: PeerHandler,
  act: (under: NetworkUnderTest) => Promise<void>,
): Promise<void> {
  const under = await kind.make();
  try {
    await under.until(under.a.serve(senderA, async () => pong));
    await under.until(under.b.serve(senderB, handler));
    await act(under);
  } finally {
    await under.dispose();
  }
}

function sibling(writeId: string, value: Uint8Array | null): Sibling {
  return { dots: [{ actor: "a~1~1", counter: 3 }], writeId, value, rank: 3, wallMs: 1_767_225_600_000 };
}

function firstKeyOf(exchange: Exchange): string | undefined {
  return exchange.type === "reply" && exchange.reply.type === "keys"
    ? exchange.reply.keys[0]?.key
    : undefined;
}
