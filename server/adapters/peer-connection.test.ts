import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import type { Cancel, Clock } from "../ports/clock.ts";
import { encodeFrame, FrameDecoder } from "../rpc/frame.ts";
import { PeerConnection } from "./peer-connection.ts";

/** Stands still until it is moved on. */
class HandClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly action: () => void }>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = { atMs: this.#nowMs + delayMs, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resume) => void this.after(delayMs, resume));
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    for (const timer of this.#timers) {
      if (timer.atMs > this.#nowMs || !this.#timers.delete(timer)) continue;
      timer.action();
    }
  }
}

test("a peer that was asked nothing for seconds and is then slow once keeps its connection", async () => {
  const connected: Socket[] = [];
  let isAnswering = true;
  const server = createServer((socket) => {
    connected.push(socket);
    const decoder = new FrameDecoder();
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      const { frames } = decoder.push(chunk);
      if (isAnswering) for (const payload of frames) socket.write(encodeFrame(payload));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const clock = new HandClock();
  const connection = new PeerConnection({
    clock,
    clusterId: "cluster",
    addressOf: () => ({ host: "127.0.0.1", port }),
    localAddress: undefined,
    onRefused: () => undefined,
    onPayload: (owner, payload) => {
      owner.settle(Number(Buffer.from(payload).toString()), { type: "reply", reply: { type: "pong" } });
      return true;
    },
  });
  const ask = (timeoutMs: number) =>
    connection.request((requestId) => Buffer.from(`${requestId}`), timeoutMs);

  await ask(1000);
  clock.advance(5000);
  isAnswering = false;
  const slow = ask(300);
  clock.advance(300);
  const slowEnding = await slow;
  isAnswering = true;
  const next = ask(1000);
  // A connection that was given up would be made anew by now.
  clock.advance(20);

  expect(slowEnding).toEqual({ type: "unreachable", reason: "timeout" });
  expect(await next).toMatchObject({ type: "reply" });
  expect(connected).toHaveLength(1);
  connection.close();
  for (const socket of connected) socket.destroy();
  server.close();
});
