import { connect } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { errors } from "../outcomes.ts";
import { type ServedNode, withNode } from "./node-fixture.ts";

const runs = process.env["TIPCART_DEEP"] === "1" ? 5000 : 500;

const token = fc.string({ unit: fc.constantFrom(..."abzAZ09-_.~"), minLength: 1, maxLength: 8 });
const printable = fc.string({ unit: fc.constantFrom(...printableCharacters()), maxLength: 30 });
const anyByte = fc.string({ unit: fc.constantFrom(...visibleBytes()), maxLength: 20 });
const method = fc.oneof(
  fc.constantFrom("GET", "PUT", "DELETE", "POST", "HEAD", "OPTIONS", "PATCH", "TRACE", "M-SEARCH"),
  token,
);
const query = fc.dictionary(
  fc.oneof(fc.constantFrom("r", "w", "pr", "pw", "dw", "timeout", "force"), token),
  printable,
);
const pathPart = fc.oneof(
  anyByte,
  fc.constantFrom("v1", "verify", "metrics", "..", "", "%2e%2e", "%00", "%zz", "ring"),
);
const target = fc
  .tuple(fc.array(pathPart, { maxLength: 6 }), query)
  .map(
    ([parts, parameters]) => `/${parts.join("/").replaceAll(" ", "+")}?${new URLSearchParams(parameters)}`,
  );
const itemTarget = fc
  .tuple(anyByte, anyByte, query)
  .map(([bucket, key, parameters]) => `/v1/${bucket}/${key}?${new URLSearchParams(parameters)}`);
const header = fc.tuple(
  fc.oneof(
    token,
    fc.constantFrom(
      "tipcart-context",
      "tipcart-write-id",
      "accept",
      "expect",
      "content-type",
      "range",
      "upgrade",
    ),
  ),
  fc.oneof(printable, fc.constantFrom("100-continue", "a".repeat(20_000), "application/json")),
);

/** Well framed, and else anything: has to be answered. */
const request = fc.record({
  method,
  target: fc.oneof(target, itemTarget),
  headers: fc.array(header, { maxLength: 5 }),
  body: fc.uint8Array({ maxLength: 200 }),
});

test("every well-framed request gets an answer, and every refusal is typed JSON without a stack trace", async () => {
  await withNode(async (node) => {
    await fc.assert(
      fc.asyncProperty(request, async ({ method: asked, target: path, headers, body }) => {
        const lines = headers.map(([name, value]) => `${name}: ${value}`);
        const head = [
          `${asked} ${path} HTTP/1.1`,
          "host: localhost",
          `content-length: ${body.length}`,
          ...lines,
        ];
        const bytes = Buffer.concat([
          Buffer.from(`${head.join("\r\n")}\r\nconnection: close\r\n\r\n`, "latin1"),
          body,
        ]);

        const answer = await exchange(node.httpPort, bytes);

        expect(answer).toMatch(/^HTTP\/1\.1 \d\d\d /);
        expectTyped(answer, asked);
      }),
      { numRuns: runs },
    );
    await expectUnharmed(node);
  });
});

test("bytes that are no HTTP are answered typed or cut off, and harm nobody else", async () => {
  const start = fc.constantFrom(
    "",
    "GET ",
    "PUT /v1/b/k HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\nhost: localhost\r\n",
  );
  const garbage = fc.tuple(start, fc.uint8Array({ maxLength: 300 }));
  await withNode(async (node) => {
    await fc.assert(
      fc.asyncProperty(garbage, async ([beginning, rest]) => {
        const bytes = Buffer.concat([Buffer.from(beginning), rest, Buffer.from("\r\n\r\n")]);

        const answer = await exchange(node.httpPort, bytes, true);

        expect(node.faults).toEqual([]);
        if (answer !== "") expectTyped(answer, "GET");
      }),
      { numRuns: runs },
    );
    await expectUnharmed(node);
  });
});

test.each([
  ["headers", `GET /v1/b/k HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(20_000)}\r\n\r\n`],
  ["a path", `GET /v1/b/${"k".repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`],
  ["a method", `${"G".repeat(20_000)} / HTTP/1.1\r\n\r\n`],
])("%s over the limit: refused, and the connection ends", async (name, text) => {
  await withNode(async (node) => {
    const answer = await exchange(node.httpPort, Buffer.from(text));

    // A method that long is none, and the parser gives up at its first letters.
    expect(answer).toMatch(name === "a method" ? /^HTTP\/1\.1 400 / : /^HTTP\/1\.1 431 /);
    expectTyped(answer, "GET");
  });
});

test.each([
  ["no host", "GET /v1/b/k HTTP/1.1\r\n\r\n"],
  [
    "two lengths",
    "PUT /v1/b/k HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
  ],
  [
    "a length and chunks",
    "PUT /v1/b/k HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["a tunnel", "CONNECT localhost:80 HTTP/1.1\r\nhost: localhost\r\n\r\n"],
  ["an expectation nobody meets", "PUT /v1/b/k HTTP/1.1\r\nhost: localhost\r\nexpect: miracles\r\n\r\n"],
  ["another host by its address", "GET /v1/b/k HTTP/1.1\r\nhost: 10.0.0.1\r\n\r\n"],
])("%s: refused as a bad request", async (_name, text) => {
  await withNode(async (node) => {
    const answer = await exchange(node.httpPort, Buffer.from(text));

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expectTyped(answer, "GET");
  });
});

test("a body that is announced too large is refused before it is sent", async () => {
  await withNode(async (node) => {
    const head =
      "PUT /v1/b/k HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\nexpect: 100-continue\r\n\r\n";

    const answer = await exchange(node.httpPort, Buffer.from(head));

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expectTyped(answer, "PUT");
  });
});

test("a client that goes away in mid-body leaves no trace", async () => {
  await withNode(async (node) => {
    const head = "PUT /v1/b/k HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf";

    const answer = await exchange(node.httpPort, Buffer.from(head), true);

    expect(answer === "" || answer.startsWith("HTTP/1.1 400 ")).toBe(true);
    expect((await node.call("GET", "/v1/b/k")).status).toBe(404);
    await expectUnharmed(node);
  });
});

/** A refusal says which error of the table it is and whether it had an effect; nothing ever shows a stack. */
function expectTyped(answer: string, asked: string): void {
  const status = Number(answer.slice(9, 12));
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  expect(answer).not.toMatch(/\n\s+at .*\.(ts|js)/);
  if (status < 400 || asked === "HEAD") return;
  const json = JSON.parse(body) as Record<string, unknown>;
  if (status === 404 && json["siblings"] !== undefined) return;
  const error = Object.entries(errors).find(([name]) => name === json["error"]);
  expect(error?.[1].status).toBe(status);
  expect(["none", "unknown"]).toContain(json["outcome"]);
  expect(json["detail"]).toMatch(/\.$/);
}

async function expectUnharmed({ call, faults }: ServedNode): Promise<void> {
  expect(faults).toEqual([]);
  expect((await call("GET", "/v1/health")).status).toBe(200);
}

/** Sends `bytes` as they are and returns all that comes back until the connection ends. */
function exchange(port: number, bytes: Uint8Array, endsEarly = false): Promise<string> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => {
      socket.write(bytes);
      if (endsEarly) socket.end();
    });
    socket.on("data", (chunk) => {
      received.push(chunk);
      // Whoever keeps the connection open has answered and waits for the next request.
      if (Buffer.concat(received).includes("\r\n\r\n")) socket.end();
    });
    socket.on("end", () => socket.end());
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(Buffer.concat(received).toString("latin1")));
  });
}

function printableCharacters(): string[] {
  return Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
}

/** Bytes that may stand in a request target, and those above ASCII that must not break it. */
function visibleBytes(): string[] {
  return Array.from({ length: 0xff - 0x21 }, (_, index) => String.fromCharCode(0x21 + index)).filter(
    (byte) => byte !== "\u007f" && byte !== "?" && byte !== "#",
  );
}
