import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Command, CommanderError } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { declareAdminCommand } from "./admin.ts";
import { linesOf } from "./admin-table.ts";

afterEach(() => vi.restoreAllMocks());

type Said = {
  readonly calls: readonly string[];
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
};

/** Runs the words against an admin port that answers as given; `{at}` in them is its address. */
async function said(words: string, status: number, body: unknown): Promise<Said> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    response.writeHead(status).end(JSON.stringify(body));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [out, err]: [string[], string[]] = [[], []];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  let exitCode = -1;
  const program = new Command("tipcart").exitOverride();
  declareAdminCommand(program, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(words.replace("{at}", at).split(" "), { from: "user" });
  } finally {
    server.close();
  }
  return { calls, exitCode, out: out.join(""), err: err.join("").replace(at, "{at}") };
}

describe("tipcart admin", () => {
  it.each([
    ["members", "GET /admin/members"],
    ["history", "GET /admin/history"],
    ["join n6", "POST /admin/join?node=n6"],
    ["leave n6", "POST /admin/leave?node=n6"],
    ["remove n6", "POST /admin/remove?node=n6"],
    ["replace n6", "POST /admin/replace?node=n6"],
    ["cancel n6&x=1", "POST /admin/cancel?node=n6%26x%3D1"],
    ["plan join n6", "GET /admin/plan/join?node=n6"],
    ["plan leave n6&x=1", "GET /admin/plan/leave?node=n6%26x%3D1"],
    ["transfer status", "GET /admin/transfer"],
    ["transfer pause", "POST /admin/transfer/pause"],
    ["transfer resume", "POST /admin/transfer/resume"],
    ["handoff status", "GET /admin/handoff"],
    ["handoff pause", "POST /admin/handoff/pause"],
    ["handoff resume", "POST /admin/handoff/resume"],
    ["drain status", "GET /admin/drain"],
    ["drain cancel", "POST /admin/drain/cancel"],
  ])("%s is one call", async (words, call) => {
    const { calls, exitCode } = await said(`admin ${words} --at {at}`, 200, {});

    expect(calls).toEqual([call]);
    expect(exitCode).toBe(0);
  });

  it("prints what the node answered, for a program as it came", async () => {
    const body = [{ nodeId: "n1", state: "valid" }];

    const [person, program] = [
      await said("admin members --at {at}", 200, body),
      await said("admin members --at {at} --json", 200, body),
    ];

    expect(person.out).toBe("nodeId  state\nn1      valid\n");
    expect(JSON.parse(program.out)).toEqual(body);
  });

  it.each([
    ["drain start", "POST /admin/drain?timeout=10000", "mayStop"],
    ["drain start --wait 50", "POST /admin/drain?timeout=50", "mayStop"],
    ["repair partition 12", "POST /admin/repair?partition=12&timeout=10000", "isWhole"],
    ["repair key __proto__ a/b&c", "POST /admin/repair?bucket=__proto__&key=a%2Fb%26c", "isWhole"],
  ])("%s is one call, and ends with 2 where it was not over in time", async (words, call, field) => {
    const done = await said(`admin ${words} --at {at}`, 200, { [field]: true });
    const undone = await said(`admin ${words} --at {at}`, 200, { [field]: false });

    expect([done.calls, done.exitCode]).toEqual([[call], 0]);
    expect([undone.calls, undone.exitCode]).toEqual([[call], 2]);
  });

  it.each(["repair partition -1", "repair partition x", "drain start --wait 0", "drain start --wait 60001"])(
    "%s is refused before anybody is asked",
    async (words) => {
      await expect(said(`admin ${words} --at {at}`, 200, {})).rejects.toThrow(CommanderError);
    },
  );

  it("says the node's own sentence where it refuses, and ends with 64", async () => {
    const body = { type: "refused", detail: "n6 is no member." };

    const { exitCode, out, err } = await said("admin leave n6 --at {at}", 409, body);

    expect([exitCode, out, err]).toEqual([64, "", "tipcart: n6 is no member.\n"]);
  });

  it("ends with 70 where the node fails, and tells a port that is none for operators", async () => {
    const failed = await said("admin members --at {at}", 500, "?");
    const other = await said("admin members --at {at}", 404, { error: "not-found" });

    expect([failed.exitCode, failed.err]).toEqual([70, "tipcart: {at} answered 500 without a reason.\n"]);
    expect([other.exitCode, other.err]).toEqual([
      64,
      "tipcart: {at} is no admin port; it is listen.adminPort in the configuration.\n",
    ]);
  });

  it.each(["127.0.0.1:9500", "https://127.0.0.1:9500", "http://127.0.0.1:9500/admin", "nonsense"])(
    "refuses the address %s before it asks anybody",
    async (address) => {
      const { exitCode, err } = await said(`admin members --at ${address}`, 200, []);

      expect(exitCode).toBe(64);
      expect(err).toContain(`--at is "${address}"`);
    },
  );

  it("asks for the address when there is none", async () => {
    await expect(said("admin members", 200, [])).rejects.toThrow(CommanderError);
  });

  it("ends with 70 when nobody listens", async () => {
    const { exitCode, err } = await said("admin members --at http://127.0.0.1:1", 200, []);

    expect(exitCode).toBe(70);
    expect(err).toContain("http://127.0.0.1:1 does not answer");
  });
});

describe("the lines of an answer", () => {
  it("are a table of a list, names and values of an object, and never none", () => {
    expect(linesOf([{ a: 1 }, { a: 22, b: "x" }])).toEqual(["a   b", "1   -", "22  x"]);
    expect(linesOf({ state: "joining", knownBy: ["n1"] })).toEqual(["state    joining", 'knownBy  ["n1"]']);
    expect([linesOf([]), linesOf(null)]).toEqual([["none"], ["nothing"]]);
  });

  it("put a list of objects under its name, behind what is said in one line", () => {
    const plan = { moves: [{ to: "__proto__", from: null }], keyCount: 3, changes: [] };

    expect(linesOf(plan)).toEqual([
      "keyCount  3",
      "changes   []",
      "",
      "moves:",
      "  to         from",
      "  __proto__  -",
    ]);
  });

  it("let nothing through that would write to the terminal", () => {
    expect(linesOf([{ a: "\u001b[2J" }])).toEqual(["a", '"\\u001b[2J"']);
  });
});
