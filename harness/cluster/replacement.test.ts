import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { NodeAddress } from "./cluster.ts";
import { takePlace } from "./replacement.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Answer = { readonly status: number; readonly body: unknown };

/** One program on all doors of a node. */
async function nodeThat(node: string, answer: (call: string) => Answer): Promise<NodeAddress> {
  const server = createServer((request, response) => {
    const { status, body } = answer(`${request.method} ${request.url}`);
    response.writeHead(status).end(JSON.stringify(body));
  });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { node, httpUrl: url, verificationUrl: url, adminUrl: url };
}

const rest = { wantedCount: 0, dueCount: 0, outgoingCount: 0, leftoverCount: 0 };
const short = { withinMs: 300, betweenMs: 1 };

/** Says that n2 is `incarnation`, until it is told to let n2 in place of it; refuses that `refusals` times. */
function member(refusals: number, incarnation = "former", orders: string[] = []) {
  let named = incarnation;
  return (call: string): Answer => {
    if (call === "GET /admin/members")
      return { status: 200, body: [{ nodeId: "n2", state: "valid", incarnation: named }] };
    if (!call.startsWith("POST")) return { status: 200, body: rest };
    orders.push(call);
    if (orders.length <= refusals)
      return { status: 409, body: { detail: "No other process has been heard." } };
    named = "new";
    return { status: 200, body: {} };
  };
}

const itself = (call: string): Answer =>
  call === "GET /v1/health" ? { status: 200, body: { incarnation: "new" } } : member(0, "new")(call);

it("a node on an empty disk has its place when a member has taken the order, which is given until then", async () => {
  const orders: string[] = [];
  const [n1, n2] = [await nodeThat("n1", member(2, "former", orders)), await nodeThat("n2", itself)];

  const placed = await takePlace(n2, [n1], true);

  expect(placed).toMatchObject({ type: "done", evidence: expect.stringContaining("n2 is valid") });
  expect(orders).toEqual(Array.from({ length: 3 }, () => "POST /admin/replace?node=n2"));
});

it("a node that the others know as it is needs no order", async () => {
  const orders: string[] = [];
  const [n1, n2] = [await nodeThat("n1", member(0, "new", orders)), await nodeThat("n2", itself)];

  expect(await takePlace(n2, [n1], true)).toMatchObject({ type: "done" });
  expect(orders).toEqual([]);
});

it("a store that knows no incarnations has nothing to take back", async () => {
  const n2 = await nodeThat("n2", () => ({ status: 404, body: "" }));

  expect(await takePlace(n2, [], true)).toMatchObject({ type: "done" });
});

it("a node that nobody lets in has not its place", async () => {
  const [n1, n2] = [await nodeThat("n1", member(1e9)), await nodeThat("n2", itself)];

  expect(await takePlace(n2, [n1], true, short)).toEqual({
    type: "failed",
    reason: "n2 has not its place after 300 ms: n1 says No other process has been heard.",
  });
});
