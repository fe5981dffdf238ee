import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { SystemClock } from "../adapters/system-clock.ts";
import { errors } from "../outcomes.ts";
import { jsonAnswer, refusal } from "./answer.ts";
import { type Listener, listen, type Route } from "./listener.ts";
import type { ListenerBounds } from "./listener-bounds.ts";

const bodyBytesMax = 100;

/** Says its own target, or how much of a body came. */
const routes: readonly Route[] = [
  { method: "GET", path: "/*", name: "echo", answer: async ({ target }) => jsonAnswer(200, { target }) },
  {
    method: "PUT",
    path: "/*",
    name: "take",
    answer: async ({ readBody }) => {
      const body = await readBody(bodyBytesMax);
      if (body.type === "read") return jsonAnswer(200, { byteCount: body.bytes.length });
      if (body.type === "aborted") return refusal("bad-request", "It ended early.");
      return refusal(body.type, "It is too much.");
    },
  },
];

async function withListener(
  bounds: Partial<ListenerBounds>,
  act: (port: number) => Promise<void>,
): Promise<void> {
  const faults: unknown[] = [];
  const onFault = (thrown: unknown) => faults.push(thrown);
  const opening = await listen({
    host: "127.0.0.1",
    port: 0,
    routes,
    clock: new SystemClock(),
    bounds,
    onFault,
  });
  if (opening.type === "refused") throw new Error(opening.detail);
  const { listener }: { listener: Listener } = opening;
  try {
    await act(listener.port);
    expect(faults).toEqual([]);
  } finally {
    listener.close();
  }
}

/** A connection that keeps all it has heard. */
class Caller {
  readonly socket: Socket;
  readonly ended: Promise<string>;
  #heard = "";
  #waiting: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1" });
    this.socket.on("data", (chunk: Buffer) => {
      this.#heard += chunk.toString("latin1");
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.socket.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      this.socket.once("close", () => resolve(this.#heard));
    });
  }

  say(text: string): this {
    this.socket.write(text);
    return this;
  }

  /** Resolves, with all that was heard, once it holds `part`. */
  async hears(part: string): Promise<string> {
    while (!this.#heard.includes(part)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#heard;
  }
}

const get = (target: string) => `GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
const headed = (count: number) => `GET /k HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(count)}\r\n\r\n`;
const put = (header: string) => `PUT /v HTTP/1.1\r\nhost: localhost\r\n${header}\r\n\r\n`;

function expectRefused(answer: string, error: keyof typeof errors): void {
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${errors[error].status} `));
  expect(answer).toContain(`{"error":"${error}","outcome":"none","detail":"`);
}

test("who sends the head of a request too slowly is told so, and the connection ends", async () => {
  await withListener({ headersMs: 50, checkMs: 20 }, async (port) => {
    const answer = await new Caller(port).say("GET /k HTTP/1.1\r\nhost: local").ended;

    expectRefused(answer, "too-slow");
    expect(answer).toContain("connection: close");
  });
});

test("who sends a body too slowly is cut off, and what was set aside for it is free again", async () => {
  const bounds = { headersMs: 2000, requestMs: 2000, checkMs: 50, heldBodyBytesMax: bodyBytesMax };
  await withListener(bounds, async (port) => {
    const answer = await new Caller(port).say(put("content-length: 100")).say("ten bytes.").ended;
    const next = await new Caller(port)
      .say(put("content-length: 100"))
      .say("x".repeat(100))
      .hears('{"byteCount":100}');

    expect(answer).toBe("");
    expect(next).toMatch(/^HTTP\/1\.1 200 /);
  });
});

test("bodies on their way hold no more than they may together; who comes then is to come again", async () => {
  await withListener({ heldBodyBytesMax: 150 }, async (port) => {
    const first = new Caller(port).say(put("content-length: 100\r\nexpect: 100-continue"));
    await first.hears("100 Continue");

    const second = await new Caller(port).say(put("content-length: 100\r\nexpect: 100-continue")).ended;
    first.say("x".repeat(100));
    const taken = await first.hears('{"byteCount":100}');

    expectRefused(second, "overloaded");
    expect(second).toContain("retry-after: 1");
    expect(taken).toContain("HTTP/1.1 200 ");
    first.socket.destroy();
  });
});

test.each([
  ["announced", put("content-length: 101\r\nexpect: 100-continue")],
  ["sent in pieces", `${put("transfer-encoding: chunked")}65\r\n${"x".repeat(101)}\r\n0\r\n\r\n`],
])("a body over the limit, %s, is refused", async (_how, text) => {
  await withListener({ droppedBodyBytesMax: 0 }, async (port) => {
    const caller = new Caller(port).say(text);

    const answer = await caller.hears('."}');

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expectRefused(answer, "too-large");
    caller.socket.destroy();
  });
});

test("requests that are sent without waiting for answers are all answered, in their order", async () => {
  await withListener({}, async (port) => {
    const targets = Array.from({ length: 500 }, (_, index) => `/k${index}`);
    const caller = new Caller(port).say(targets.map(get).join(""));

    const heard = await caller.hears('{"target":"/k499"}');

    expect([...heard.matchAll(/\{"target":"([^"]+)"\}/g)].map(([, target]) => target)).toEqual(targets);
    caller.socket.destroy();
  });
});

test("more connections than allowed are closed as they come, the others are served, and one that goes makes room", async () => {
  await withListener({ connectionCountMax: 2 }, async (port) => {
    const first = new Caller(port).say(get("/first"));
    await first.hears('{"target":"/first"}');
    const second = new Caller(port).say(get("/second"));
    await second.hears('{"target":"/second"}');

    const third = await new Caller(port).say(get("/third")).ended;
    first.say(get("/again"));
    await first.hears('{"target":"/again"}');
    first.socket.destroy();
    let fourth = "";
    // The listener learns a moment later that the first has gone.
    while (fourth === "") {
      const caller = new Caller(port).say(get("/fourth"));
      fourth = await Promise.race([caller.hears('{"target":"/fourth"}'), caller.ended]);
      caller.socket.destroy();
    }

    expect(third).toBe("");
    expect(fourth).toMatch(/^HTTP\/1\.1 200 /);
    second.socket.destroy();
  });
});

test("a head as large as it may be is taken, and a larger one is not", async () => {
  await withListener({ headerBytesMax: 4096 }, async (port) => {
    const small = new Caller(port).say(headed(3500));

    const taken = await small.hears('{"target":"/k"}');
    const large = await new Caller(port).say(headed(5000)).ended;

    expect(taken).toMatch(/^HTTP\/1\.1 200 /);
    expectRefused(large, "headers-too-large");
    small.socket.destroy();
  });
});
