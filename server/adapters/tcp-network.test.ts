import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { networkContract } from "../ports/network.contract.ts";
import type { Exchange, NodeId, PeerHandler } from "../ports/network.ts";
import { decodeMessage, encodeMessage } from "../rpc/codec.ts";
import type { PeerMessage } from "../rpc/envelope.ts";
import { encodeFrame, FrameDecoder } from "../rpc/frame.ts";
import type { PeerAddress } from "./peer-connection.ts";
import { SystemClock } from "./system-clock.ts";
import { type ListeningOptions, openTcpNetwork, type TcpNetwork } from "./tcp-network.ts";

const pong: PeerHandler = async () => ({ type: "pong" });
const ping = { type: "ping" } as const;

const credentials = {
  secret: "a secret of thirty-two characters or more",
  nonce: () => randomBytes(16),
};

for (const [name, secured] of [
  ["the TCP network", {}],
  ["the TCP network of a cluster with a secret", { credentials }],
] as const) {
  networkContract({ name, make: () => pairOf(secured) });
}

async function pairOf(secured: Partial<ListeningOptions>) {
  const ports = new Map<NodeId, number>();
  const addressOf = (id: NodeId) => addressAt(ports.get(id));
  const a = await opened({ addressOf, ...secured });
  const b = await opened({ addressOf, ...secured });
  ports
    .set("a", a.port)
    .set("b", b.port)
    .set("c", await unusedPort());
  const networks = [a, b];
  return {
    a,
    b,
    restartB: async () => {
      const restarted = await opened({
        addressOf,
        ...secured,
        listen: { host: "127.0.0.1", port: ports.get("b") ?? 0 },
      });
      networks.push(restarted);
      return restarted;
    },
    until: <T>(promise: Promise<T>) => promise,
    dispose: async () => {
      await Promise.all(networks.map((network) => network.close()));
    },
  };
}

test.each<[string, Partial<ListeningOptions>, Partial<ListeningOptions>, string, string]>([
  [
    "another secret",
    { credentials },
    { credentials: { ...credentials, secret: "some other secret that is long enough" } },
    "wrong-secret",
    "wrong-secret",
  ],
  ["a secret that only the asker has", { credentials }, {}, "no-secret", "secret-needed"],
  ["a secret that only the answerer has", {}, { credentials }, "secret-needed", "secret-needed"],
  [
    "another cluster, with a secret",
    { credentials },
    { credentials, clusterId: "other" },
    "other-cluster",
    "other-cluster",
  ],
])("%s: nothing is said, and both sides are told why", async (_name, ours, theirs, asked, answered) => {
  const told = new EventEmitter();
  const bothTold = Promise.all([once(told, "asker"), once(told, "answerer")]);
  const answerer = await serving({ ...theirs, onRefused: ({ fault }) => told.emit("answerer", fault) });
  const asker = await serving({
    ...ours,
    addressOf: () => addressAt(answerer.port),
    onRefused: ({ fault }) => told.emit("asker", fault),
  });

  const exchange = await asker.request("b", ping, 300);

  expect(exchange.type).toBe("unreachable");
  expect(await bothTold).toEqual([[asked], [answered]]);
  await Promise.all([asker.close(), answerer.close()]);
});

test("a busy port is told in one sentence", async () => {
  const first = await opened({});

  const second = await openTcpNetwork(options({ listen: { host: "127.0.0.1", port: first.port } }));

  expect(second).toEqual({ type: "refused", detail: `Port ${first.port} of 127.0.0.1 is already in use.` });
  await first.close();
});

test("requests leave from the address listened on, so that directions can be told apart", async () => {
  const callers: (string | undefined)[] = [];
  await withPeer(
    (socket) => {
      callers.push(socket.remoteAddress);
      socket.destroy();
    },
    async (peer) => {
      const network = await serving({ addressOf: () => peer, listen: { host: "127.0.0.7", port: 0 } });

      await network.request("peer", ping, 2000);

      expect(callers).toEqual(["127.0.0.7"]);
      await network.close();
    },
  );
});

test("a peer that is connected but silent for a second is connected to anew", async () => {
  const connected: Socket[] = [];
  const countAndKeepSilent = (socket: Socket) => {
    connected.push(socket);
    socket.resume();
  };
  await withPeer(countAndKeepSilent, async (peer) => {
    const network = await serving({ addressOf: () => peer });

    const reasons = new Set<string>();
    for (let attempt = 0; attempt < 100 && connected.length < 2; attempt += 1) {
      const exchange = await network.request("peer", ping, 100);
      reasons.add(exchange.type === "unreachable" ? exchange.reason : "reply");
    }

    expect(connected).toHaveLength(2);
    expect(reasons).toEqual(new Set(["timeout"]));
    await network.close();
  });
});

test("a slow answer does not cost the connection while other answers come", async () => {
  const networkOfPeer = await opened({});
  let release: (() => void) | undefined;
  await networkOfPeer.serve({ nodeId: "peer", incarnation: "1", boot: 1 }, (_from, request) =>
    request.type === "ping"
      ? Promise.resolve({ type: "pong" })
      : new Promise((resolve) => {
          release = () => resolve({ type: "hashes", hashes: ["slow"] });
        }),
  );
  const network = await serving({ addressOf: () => addressAt(networkOfPeer.port) });

  const slow = network.request("peer", { type: "tree-roots", ringHash: "", trees: [] }, 10_000);
  const startMs = new SystemClock().monotonicMs();
  while (new SystemClock().monotonicMs() - startMs < 1200) await network.request("peer", ping, 1000);
  release?.();

  expect(await slow).toEqual({ type: "reply", reply: { type: "hashes", hashes: ["slow"] } });
  await Promise.all([network.close(), networkOfPeer.close()]);
});

test.each<[string, Partial<PeerMessage["envelope"]>]>([
  ["another cluster", { clusterId: "other" }],
  ["another node", { sender: { nodeId: "impostor", incarnation: "1", boot: 1 } }],
])("a reply in the name of %s is not taken, and ends the connection", async (_name, lie) => {
  const answerWithLie = (socket: Socket) => {
    const decoder = new FrameDecoder();
    socket.on("data", (chunk) => {
      for (const payload of decoder.push(chunk).frames) {
        const message = decodeMessage(payload);
        if (message.type === "fail") throw new Error(message.reason);
        const sender = { nodeId: "peer", incarnation: "1", boot: 1 };
        const envelope = { ...message.value.envelope, sender, ...lie };
        socket.write(encodeFrame(encodeMessage({ type: "reply", envelope, reply: { type: "pong" } })));
      }
    });
  };
  await withPeer(answerWithLie, async (peer) => {
    const network = await serving({ addressOf: () => peer });

    const exchange = await network.request("peer", ping, 5000);

    expect(exchange).toEqual({ type: "unreachable", reason: "closed" });
    await network.close();
  });
});

const goodEnvelope = {
  clusterId: "cluster",
  ringHash: "ring",
  sender: { nodeId: "a", incarnation: "1", boot: 1 },
  requestId: 1,
  budgetMs: 100,
  sentMs: 1_000,
};
const goodFrame = encodeFrame(encodeMessage({ type: "request", envelope: goodEnvelope, request: ping }));

test.each<[string, Uint8Array]>([
  ["a frame of another cluster", frameOf({ ...goodEnvelope, clusterId: "other" })],
  ["a damaged frame", goodFrame.map((byte, index) => (index === goodFrame.length - 1 ? byte ^ 1 : byte))],
  ["a frame that would be too large", Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0)],
  ["a frame that holds no message", encodeFrame(Uint8Array.of(0xc1))],
  ["something else altogether", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
])("%s is not answered and ends the connection, and the network serves on", async (_name, bytes) => {
  const network = await serving({});

  const received = await sent(network.port, bytes);
  const answered = await sent(network.port, goodFrame, true);

  expect(received.length).toBe(0);
  expect(answered.length).toBeGreaterThan(0);
  await network.close();
});

test("a request that was longer on its way than its asker waits is handed on with no patience left", async () => {
  const heard: number[] = [];
  const network = await serving({}, async (_from, _request, budgetMs) => {
    heard.push(budgetMs);
    return { type: "pong" };
  });
  const request = (sentMs: number) => frameOf({ ...goodEnvelope, sentMs });

  await sent(network.port, request(1_000_000), true);
  await sent(network.port, request(1), true);

  expect(heard).toEqual([goodEnvelope.budgetMs, 0]);
  await network.close();
});

test("requests beyond the bound are refused as overloaded, not queued", async () => {
  const held: (() => void)[] = [];
  const network = await opened({ requestsInFlightMax: 2, addressOf: () => addressAt(network.port) });
  await network.serve(
    { nodeId: "a", incarnation: "1", boot: 1 },
    () =>
      new Promise((resolve) => {
        held.push(() => resolve({ type: "pong" }));
      }),
  );

  const exchanges = [1, 2, 3].map(() => network.request("a", ping, 5000));
  const refused = await Promise.race(exchanges);
  for (const release of held) release();

  expect(refused).toEqual({ type: "reply", reply: { type: "refused", reason: "overloaded" } });
  expect((await Promise.all(exchanges)).map(replyTypeOf).toSorted()).toEqual(["pong", "pong", "refused"]);
  await network.close();
});

test("a handler that throws is a fault of the node", async () => {
  const faults = new EventEmitter();
  const fault = once(faults, "fault");
  const network = await opened({
    onFault: (thrown) => faults.emit("fault", thrown),
    addressOf: () => addressAt(network.port),
  });
  await network.serve({ nodeId: "a", incarnation: "1", boot: 1 }, async () => {
    throw new Error("an invariant is broken");
  });

  const request = network.request("a", ping, 50);

  expect(await fault).toEqual([new Error("an invariant is broken")]);
  await request;
  await network.close();
});

function options(given: Partial<ListeningOptions>): ListeningOptions {
  return {
    clusterId: "cluster",
    clock: new SystemClock(),
    listen: { host: "127.0.0.1", port: 0 },
    addressOf: () => undefined,
    requestsInFlightMax: 100,
    onFault: (thrown) => {
      throw thrown;
    },
    ...given,
  };
}

async function opened(given: Partial<ListeningOptions>): Promise<TcpNetwork> {
  const opening = await openTcpNetwork(options(given));
  if (opening.type === "refused") throw new Error(opening.detail);
  return opening.network;
}

async function serving(given: Partial<ListeningOptions>, handler: PeerHandler = pong): Promise<TcpNetwork> {
  const network = await opened(given);
  await network.serve({ nodeId: "a", incarnation: "1", boot: 1 }, handler);
  return network;
}

/** A peer made of a bare socket, for what a real network would never send. */
async function withPeer(
  onConnection: (socket: Socket) => void,
  act: (address: PeerAddress) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    onConnection(socket);
  });
  const port = await listening(server);
  await act({ host: "127.0.0.1", port });
  for (const socket of sockets) socket.destroy();
  server.close();
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
}

/** What comes back for `bytes`: all until the other side ends the connection, or the first piece. */
function sent(port: number, bytes: Uint8Array, isFirstEnough = false): Promise<Buffer> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      received.push(chunk);
      if (isFirstEnough) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(Buffer.concat(received)));
  });
}

function frameOf(envelope: PeerMessage["envelope"]): Uint8Array {
  return encodeFrame(encodeMessage({ type: "request", envelope, request: ping }));
}

function addressAt(port: number | undefined): PeerAddress | undefined {
  return port === undefined ? undefined : { host: "127.0.0.1", port };
}

function replyTypeOf(exchange: Exchange): string {
  return exchange.type === "reply" ? exchange.reply.type : exchange.reason;
}
