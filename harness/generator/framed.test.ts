/** Frames over real sockets, against the null server and against one that misbehaves. No timing is asserted. */
import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { tipcartAdapter } from "./adapter.ts";
import { FramedTransport } from "./framed-transport.ts";
import { FrameReader, frame } from "./framed-wire.ts";
import { HttpTransport } from "./http-transport.ts";
import { startNullServer } from "./null-server.ts";
import type { Transport } from "./transport.ts";

/** Sends so many requests at once and resolves with how each ended. */
const outcomesOf = async (transport: Transport, count: number): Promise<string[]> => {
  const outcomes: string[] = [];
  const sent: number[] = [];
  await new Promise<void>((resolve) => {
    void transport
      .open({
        onSent: (row) => sent.push(row),
        onEnded: (row, outcome) => {
          outcomes[row] = outcome;
          if (outcomes.filter(Boolean).length === count) resolve();
        },
      })
      .then(() => {
        for (let row = 0; row < count; row++) {
          const kind = row % 2 === 0 ? "get" : "put";
          transport.send({ row, kind, key: `key-${row}`, value: Buffer.from("v"), entry: row });
        }
      });
  });
  await transport.close();
  expect(sent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, row) => row));
  return outcomes;
};

describe("the framed wire", () => {
  it("gives back frames however they are cut", () => {
    const bytes = Buffer.concat([frame([1, "get", "a", null]), frame([2, "ok"])]);
    const reader = new FrameReader();
    const read: unknown[] = [];
    for (const byte of bytes) reader.push(Buffer.of(byte), (fields) => read.push(fields));

    expect(read).toEqual([
      [1, "get", "a", null],
      [2, "ok"],
    ]);
  });

  it("refuses what is too long and what is no array", () => {
    const reader = new FrameReader();

    expect(() => reader.push(Buffer.from("ffffffff", "hex"), () => {})).toThrow("too long");
    expect(() => new FrameReader().push(Buffer.from("0000000107", "hex"), () => {})).toThrow("no array");
  });
});

describe("a transport", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it("asks the null server over frames and over HTTP, and everything is acknowledged", async () => {
    const nothing = await startNullServer();
    const framed = new FramedTransport([{ host: "127.0.0.1", port: nothing.framedPort }], 3);
    const http = new HttpTransport([`http://127.0.0.1:${nothing.httpPort}`], tipcartAdapter("load"), 20);

    const outcomes = [...(await outcomesOf(framed, 20)), ...(await outcomesOf(http, 20))];
    await nothing.stop();

    expect(outcomes).toEqual(Array.from({ length: 40 }, () => "ok"));
  });

  it("calls unknown what a broken connection leaves open", async () => {
    server = createServer((socket) => socket.once("data", () => socket.destroy())).listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;

    expect(await outcomesOf(new FramedTransport([{ host: "127.0.0.1", port }], 1), 3)).toEqual([
      "info",
      "info",
      "info",
    ]);
  });

  it("calls failed what nobody listens for", async () => {
    const nothing = await startNullServer();
    await nothing.stop();
    const http = new HttpTransport([`http://127.0.0.1:${nothing.httpPort}`], tipcartAdapter("load"), 2);
    const outcomes: string[] = [];

    await new Promise<void>((resolve) => {
      void http.open({ onSent: () => {}, onEnded: (_, outcome) => resolve(void outcomes.push(outcome)) });
      http.send({ row: 0, kind: "put", key: "k", value: Buffer.from("v"), entry: 0 });
    });
    await http.close();

    expect(outcomes).toEqual(["fail"]);
  });
});
