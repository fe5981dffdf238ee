import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { awaitChange, type Desk, giveOrder } from "./member-orders.ts";

/** What a desk answers to one request; `undefined` cuts the connection. */
type Clerk = (call: string) => { readonly status: number; readonly body: unknown } | undefined;

/** Admin ports for as long as `act` runs, one for each clerk: n1, n2, … */
async function withDesks<T>(
  clerks: readonly Clerk[],
  act: (desks: readonly Desk[]) => Promise<T>,
): Promise<T> {
  const servers = clerks.map((clerk) =>
    createServer((request, response) => {
      const answer = clerk(`${request.method} ${request.url}`);
      if (answer === undefined) return void request.socket.destroy();
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    }),
  );
  for (const server of servers) await once(server.listen(0, "127.0.0.1"), "listening");
  const desks = servers.map((server, index) => ({
    node: `n${index + 1}`,
    adminUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  }));
  try {
    return await act(desks);
  } finally {
    for (const server of servers) server.close();
  }
}

const valid = ["n1", "n2"].map((nodeId) => ({ nodeId, state: "valid" }));
const withN6 = (state: string) => [...valid, { nodeId: "n6", state }];
const ok = (body: unknown) => ({ status: 200, body });
const refused = (detail: string) => ({ status: 409, body: { type: "refused", detail } });
const moves = (dueCount: number) => ({ wantedCount: 0, dueCount, outgoingCount: 0, leftoverCount: 0 });
const short = { withinMs: 300, betweenMs: 1 };

/** A member that has never heard of n6 until it was asked `times` times. */
function slowToHear(times: number): Clerk {
  let asked = 0;
  return (call) => {
    if (call === "GET /admin/members") return ok(asked > times ? withN6("joining") : valid);
    asked += 1;
    return asked > times ? ok({ type: "ok" }) : refused("n6 has not been heard of; start it first.");
  };
}

const dead: Clerk = () => undefined;
const hasTaken: Clerk = (call) =>
  call === "GET /admin/members" ? ok(withN6("leaving")) : refused("n6 is leaving already.");
const unwilling: Clerk = (call) =>
  call === "GET /admin/members" ? ok(withN6("valid")) : refused("Only 2 nodes are left.");

describe("an order about a member", () => {
  it("is given again until the member has heard of the node", async () => {
    const done = await withDesks([slowToHear(3)], (desks) => giveOrder("join", "n6", desks, short));

    expect(done).toEqual({ type: "done", evidence: "n1 says of n6: joining" });
  });

  it("goes to the next member when one is dead", async () => {
    const done = await withDesks([dead, slowToHear(0)], (desks) => giveOrder("join", "n6", desks, short));

    expect(done).toEqual({ type: "done", evidence: "n2 says of n6: joining" });
  });

  it("counts as taken when somebody took it who died before answering", async () => {
    const done = await withDesks([dead, hasTaken], (desks) => giveOrder("leave", "n6", desks, short));

    expect(done).toEqual({ type: "done", evidence: "n2 says of n6: leaving" });
  });

  it("fails at once with the reason that time does not mend", async () => {
    const failed = await withDesks([unwilling], (desks) => giveOrder("leave", "n6", desks, short));

    expect(failed).toEqual({ type: "failed", reason: "n1 refuses: Only 2 nodes are left." });
  });

  it("fails when its time is over, with what was heard last", async () => {
    const failed = await withDesks([slowToHear(Infinity)], (desks) => giveOrder("join", "n6", desks, short));

    expect(failed).toMatchObject({
      type: "failed",
      reason: expect.stringContaining("n1 says n6 has not been heard of"),
    });
  });
});

/** A member that knows of n6 what is given, and has so many moves before it, one less at every look. */
function mover(states: () => unknown, movesLeft = 0): Clerk {
  let left = movesLeft;
  return (call) => ok(call === "GET /admin/members" ? states() : moves(Math.max(0, left--)));
}

const busy: Clerk = (call) => ok(call === "GET /admin/members" ? withN6("joining") : moves(7));

describe("a change of the ring", () => {
  it("is over when every member has nothing left to move", async () => {
    const clerks = [mover(() => withN6("valid")), mover(() => withN6("valid"), 4)];

    const seen = await withDesks(clerks, (desks) => awaitChange("n6", desks, short));

    expect(seen).toEqual({
      isOver: true,
      isMember: true,
      evidence: "n6 is valid, and 2 members have nothing left to move",
    });
  });

  it("is told with what is left when it lasts longer", async () => {
    const clerks = [mover(() => withN6("joining")), busy];

    const seen = await withDesks(clerks, (desks) => awaitChange("n6", desks, short));

    expect(seen).toMatchObject({ isOver: false, isMember: true });
    expect(seen.evidence).toBe("n6 is joining; still under way: n2 has 7 moves before it");
  });

  it("is not over while a member does not answer", async () => {
    const seen = await withDesks([mover(() => withN6("valid")), dead], (desks) =>
      awaitChange("n6", desks, short),
    );

    expect(seen).toMatchObject({ isOver: false, evidence: "n6 is valid; still under way: n2 is silent" });
  });

  it("that takes a node away is over without asking that node", async () => {
    const stays = mover(() => valid);
    const left = busy;

    const seen = await withDesks([stays, left], async ([first, second]) =>
      awaitChange(
        "n6",
        [first, { node: "n6", adminUrl: second?.adminUrl ?? "" }].filter((desk) => desk !== undefined),
        short,
      ),
    );

    expect(seen).toEqual({
      isOver: true,
      isMember: false,
      evidence: "n6 is no member any more, and 1 members have nothing left to move",
    });
  });
});
