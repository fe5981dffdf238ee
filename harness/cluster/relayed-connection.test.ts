import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Gate } from "./gate.ts";
import { relayConnection } from "./relayed-connection.ts";

/** What came over a socket so far, and how it ended. */
type Heard = { bytes: number; text: string; hasEnded: boolean; isReset: boolean };

function listenTo(socket: Socket): Heard {
  const heard: Heard = { bytes: 0, text: "", hasEnded: false, isReset: false };
  socket.on("data", (chunk: Buffer) => {
    heard.bytes += chunk.length;
    heard.text = (heard.text + chunk.toString("latin1")).slice(-100);
  });
  socket.on("end", () => {
    heard.hasEnded = true;
  });
  socket.on("error", () => {
    heard.isReset = true;
  });
  return heard;
}

let forward: Gate;
let backward: Gate;
let relay: Server;
let target: Server;
let sockets: Socket[];

async function listening(server: Server): Promise<Server> {
  server.on("connection", (socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  sockets = [];
  [forward, backward] = [new Gate(), new Gate()];
  target = await listening(createServer({ allowHalfOpen: true }));
  const port = portOf(target);
  relay = await listening(createServer({ allowHalfOpen: true, pauseOnConnect: true }));
  relay.on("connection", (near) => {
    void relayConnection(near, { forward, backward, target: { host: "127.0.0.1", port } });
  });
});

afterEach(() => {
  forward.set(true);
  backward.set(true);
  for (const socket of sockets) socket.destroy();
  relay.close();
  target.close();
});

/** The end that connects, before anything is known of the other. */
function connectNear(): { readonly socket: Socket; readonly heard: Heard } {
  const socket = connect({ port: portOf(relay), host: "127.0.0.1", allowHalfOpen: true });
  sockets.push(socket);
  return { socket, heard: listenTo(socket) };
}

type End = ReturnType<typeof connectNear>;

async function connectBoth(): Promise<{ readonly near: End; readonly far: End }> {
  const arrived = once(target, "connection");
  const near = connectNear();
  const [socket] = (await arrived) as [Socket];
  return { near, far: { socket, heard: listenTo(socket) } };
}

const soon = { timeout: 5_000, interval: 2 };

async function hears(end: End, text: string): Promise<void> {
  await expect.poll(() => end.heard.text, soon).toBe(text);
}

describe("a relayed connection", () => {
  it("carries bytes and the end of each direction on its own", async () => {
    const { near, far } = await connectBoth();

    near.socket.end("question");
    await hears(far, "question");
    await expect.poll(() => far.heard.hasEnded, soon).toBe(true);
    far.socket.end("answer");
    await hears(near, "answer");

    await expect.poll(() => near.heard.hasEnded, soon).toBe(true);
  });

  it("holds one direction and carries the other, on a connection made before", async () => {
    const { near, far } = await connectBoth();

    backward.set(false);
    near.socket.write("question");
    await hears(far, "question");
    far.socket.write("answer");
    near.socket.write(" and another");
    await hears(far, "question and another");

    expect(near.heard.bytes).toBe(0);
    backward.set(true);
    await hears(near, "answer");
  });

  it("holds the end of a direction as well as its bytes", async () => {
    const { near, far } = await connectBoth();

    forward.set(false);
    near.socket.end();
    far.socket.write("still there?");
    await hears(near, "still there?");

    expect(far.heard.hasEnded).toBe(false);
    forward.set(true);
    await expect.poll(() => far.heard.hasEnded, soon).toBe(true);
  });

  it("holds the reset of a node that died behind a cut", async () => {
    const { near, far } = await connectBoth();
    const other = await connectBoth();

    forward.set(false);
    near.socket.resetAndDestroy();
    // The other connection's answer comes through after the reset: the relay has seen it.
    other.far.socket.write("later");
    await hears(other.near, "later");

    expect(far.heard.isReset).toBe(false);
    forward.set(true);
    await expect.poll(() => far.heard.isReset, soon).toBe(true);
  });

  it("hands a reset on at once where nothing is cut", async () => {
    const { near, far } = await connectBoth();

    far.socket.resetAndDestroy();

    await expect.poll(() => near.heard.isReset, soon).toBe(true);
  });

  it("makes the sender wait instead of keeping what it sends, and loses none of it", async () => {
    const { near, far } = await connectBoth();
    const size = 32 * 1024 * 1024;

    forward.set(false);
    near.socket.write(Buffer.alloc(size, "x"));
    far.socket.write("ping");
    await hears(near, "ping");

    expect(far.heard.bytes).toBe(0);
    expect(near.socket.writableLength).toBeGreaterThan(0);
    forward.set(true);
    await expect.poll(() => far.heard.bytes, soon).toBe(size);
  });

  it.each(["forward", "backward"] as const)(
    "begun across a cut %s stays silent until it is mended",
    async (direction) => {
      const gate = direction === "forward" ? forward : backward;
      const { near: before, far: beforeFar } = await connectBoth();
      const arrivals: Socket[] = [];
      target.on("connection", (socket) => arrivals.push(socket));

      gate.set(false);
      const near = connectNear();
      near.socket.write("hello");
      await once(near.socket, "connect");
      // Whichever direction is open carries this, after the new connection was accepted.
      (direction === "forward" ? beforeFar : before).socket.write("open");
      await hears(direction === "forward" ? before : beforeFar, "open");

      expect(arrivals).toEqual([]);
      const arrived = once(target, "connection");
      gate.set(true);
      const [socket] = (await arrived) as [Socket];
      await hears({ socket, heard: listenTo(socket) }, "hello");
    },
  );

  it("is reset at both ends by a gate that resets, and none can begin until it no longer does", async () => {
    const { near, far } = await connectBoth();

    backward.reshape({ trouble: "reset" });
    const meanwhile = connectNear();

    await expect.poll(() => near.heard.isReset && far.heard.isReset, soon).toBe(true);
    await expect.poll(() => meanwhile.heard.isReset, soon).toBe(true);
    backward.reshape(undefined);
    const later = await connectBoth();
    later.near.socket.write("hello");
    await hears(later.far, "hello");
  });

  it("that is forgotten is silent both ways while a newer one is not, and goes on when it is remembered", async () => {
    const { near, far } = await connectBoth();
    near.socket.write("established");
    await hears(far, "established");

    for (const gate of [forward, backward]) gate.reshape({ trouble: "half-open" });
    near.socket.write("question");
    far.socket.write("answer");
    const newer = await connectBoth();
    newer.near.socket.write("newer question");
    newer.far.socket.write("newer answer");
    await hears(newer.far, "newer question");
    await hears(newer.near, "newer answer");

    expect([near.heard, far.heard]).toMatchObject([
      { text: "", hasEnded: false, isReset: false },
      { text: "established", hasEnded: false, isReset: false },
    ]);
    for (const gate of [forward, backward]) gate.reshape(undefined);
    await hears(far, "establishedquestion");
    await hears(near, "answer");
  });

  it("that is half-closed ends in one direction, where what comes after is dropped, and carries the other", async () => {
    const { near, far } = await connectBoth();
    near.socket.write("question");
    await hears(far, "question");

    forward.reshape({ trouble: "half-close" });
    await expect.poll(() => far.heard.hasEnded, soon).toBe(true);
    near.socket.write(" and another");
    far.socket.write("answer");
    await hears(near, "answer");
    forward.reshape(undefined);
    near.socket.write(" and a third");
    far.socket.write(" and more");
    await hears(near, "answer and more");

    expect(far.heard).toMatchObject({ text: "question", isReset: false });
    expect(near.heard.hasEnded).toBe(false);
  });

  it("is reset when nobody listens beyond", async () => {
    target.close();
    await once(target, "close");
    const near = connectNear();

    await expect.poll(() => near.heard.isReset, soon).toBe(true);
  });
});
