import { appendFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeEvent } from "../../checkers/history/journal.ts";
import { findAll, readMarkup, textOf } from "../fixture/page-reader.ts";
import { stagedHistory } from "../fixture/staged-history.ts";
import type { StagedRun } from "../fixture/staged-run.ts";
import { storeJournal, storeRun } from "../fixture/stored-run.ts";
import { traversalCorpus } from "../fixture/traversal-corpus.ts";
import { openRunStore, type RunFolder, type RunStore } from "../store.ts";
import { count } from "../units.ts";
import { type Listening, serveRuns } from "./web-server.ts";

const secret = "nobody-may-read-this-84117";
const startedWallMs = Date.UTC(2026, 10, 21, 23, 43, 5, 120);
const start = "2026-11-21T23.43.05.120Z";
const variants = ["passed", "violated"] as const;
let nowMs = Date.UTC(2030, 0, 1);
let directory = "";
let store: RunStore;
let served: Listening;
let cart: { readonly folder: RunFolder; readonly run: StagedRun };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tipcart-web-"));
  store = openRunStore(join(directory, "runs"));
  cart = await storeRun(store, { name: "cart", startedWallMs, rate: 40 });
  await storeRun(store, { name: "union", startedWallMs: startedWallMs + 1, rate: 40, variant: variants[1] });
  await storeJournal(store, { name: "cut", startedWallMs: startedWallMs + 2, rate: 10, untilMs: 20_000 });
  await writeFile(join(directory, "secret.txt"), secret);
  const listening = await serveRuns({ store, port: 0, now: () => nowMs });
  if (listening.type === "refused") throw new Error(listening.reason);
  served = listening;
});
afterAll(async () => {
  await served.close();
  await rm(directory, { recursive: true, force: true });
});

type Got = { readonly status: number; readonly text: string; readonly headers: Record<string, unknown> };

const get = async (path: string, headers: Record<string, string> = {}): Promise<Got> => {
  const answer = await request(new URL(path, served.url), { headers });
  return { status: answer.statusCode, text: await answer.body.text(), headers: answer.headers };
};

/** The bytes of a request as they are, which no client library tidies up; the whole answer as text. */
const rawly = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(served.url).port), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("close", () => resolve(text));
    socket.on("error", () => resolve(text));
    socket.write(bytes);
  });

describe("the pages", () => {
  it("list the stored runs with what was found, and narrow them down", async () => {
    const all = readMarkup((await get("/")).text);
    const violated = readMarkup((await get("/?verdict=violated")).text);

    expect(
      findAll(all, "tr")
        .slice(1)
        .map((row) => textOf(findAll(row, "a")[0] ?? "")),
    ).toEqual(["cut", "union", "cart"]);
    expect(textOf(all)).toContain("acknowledged writes were kept through 4 proved faults");
    expect(findAll(violated, "tr")).toHaveLength(2);
    expect(textOf(violated)).toContain("union");
  });

  it("show the report of a run as it was stored, in a sandbox", async () => {
    const { text, headers } = await get(`/runs/cart/${start}`);

    expect(text).toContain("acknowledged writes were kept");
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src.*sandbox allow-scripts/,
    );
  });

  it("lead to the newest run", async () => {
    const { status, headers } = await get("/latest");

    expect([status, headers["location"]]).toEqual([303, "/runs/cut/2026-11-21T23.43.05.122Z"]);
  });

  it("say of a run that was cut short how to judge it", async () => {
    const { status, text } = await get("/runs/cut/2026-11-21T23.43.05.122Z");

    expect([status, text.includes("tipcart check cut/")]).toEqual([404, true]);
  });

  it("hand out what is stored, as plain text", async () => {
    const { text, headers } = await get(`/runs/cart/${start}/files/verdict.json`);

    expect(JSON.parse(text)).toEqual(cart.run.record);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect((await get(`/runs/cart/${start}/files/history.journal`)).status).toBe(404);
  });

  it("compare two runs", async () => {
    const page = readMarkup(
      (await get(`/compare?baseline=cart/${start}&candidate=union/2026-11-21T23.43.05.121Z`)).text,
    );

    expect(textOf(page)).toContain("One run a side");
    expect(findAll(page, "table", "compared")).toHaveLength(1);
    expect((await get("/compare?baseline=cart/nothing&candidate=x")).status).toBe(404);
  });
});

type Shown = {
  readonly state: string;
  readonly rows: readonly string[];
  readonly responses: readonly string[];
};

/** What the list of requests says for a query. */
const shown = async (query: string): Promise<Shown> => {
  const page = readMarkup((await get(`/runs/cart/${start}/requests?${query}`)).text);
  const rows = findAll(page, "tr").slice(1);
  return {
    state: textOf(findAll(page, "p", "explorer-state")[0] ?? ""),
    rows: rows.map(textOf),
    responses: rows.map((row) => textOf(row.children[4] ?? "")),
  };
};

describe("the requests of a run", () => {
  it("are all there, a hundred a page", async () => {
    const all = cart.run.history.requests.count;
    const last = Math.ceil(all / 100);

    expect((await shown("")).state).toBe(`${count(all)} requests of ${count(all)}, page 1 of ${last}`);
    expect((await shown("")).rows).toHaveLength(100);
    expect((await shown(`page=${last}`)).rows).toHaveLength(all - (last - 1) * 100);
    expect((await shown("page=99999")).state).toContain(`page ${last} of ${last}`);
  });

  it("are those that every filter lets through", async () => {
    const { history, record } = cart.run;
    const failed = record.counts.failCount;
    const early = Array.from({ length: history.requests.count }, (_, row) => row).filter(
      (row) => history.requests.kind(row) === "put" && history.requests.intended(row) < 2e6,
    );

    expect((await shown("outcome=fail")).state).toContain(`${failed} requests of`);
    expect((await shown("kind=put&until=2")).state).toContain(`${early.length} requests of`);
    expect((await shown("key=no-such-key")).state).toContain("0 requests of");
    expect((await shown("outcome=nonsense&from=abc")).state).toContain("page 1");
  });

  it("come slowest first when asked so", async () => {
    const { responses } = await shown("order=slowest&outcome=ok&least=100");
    const times = responses.map(Number.parseFloat);

    expect(times.length).toBeGreaterThan(1);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });
});

describe("a run in progress", () => {
  it("is shown as far as it goes, and further when asked again, until it is judged", async () => {
    nowMs = Date.now();
    const options = { name: "going", startedWallMs: startedWallMs + 10, rate: 20, untilMs: 30_000 };
    const folder = await storeJournal(store, options);
    const path = "/runs/going/2026-11-21T23.43.05.130Z";

    const first = await get(path);
    const more = stagedHistory(options).filter(
      (event) => "at" in event && event.at > 30e6 && event.at <= 62e6,
    );
    await appendFile(folder.journal, Buffer.concat(more.map(encodeEvent)));
    const second = await get(path);
    await storeRun(store, { ...options, startedWallMs: startedWallMs + 20 });
    await rename(join(store.directory, "going/2026-11-21T23.43.05.140Z/report.html"), folder.report);
    const third = await get(path);

    expect(first.text).toContain('<meta http-equiv="refresh" content="3">');
    expect(textOf(readMarkup(first.text))).toContain("going: steady, 30.0 s in");
    expect(textOf(readMarkup(first.text))).toContain("29–30 s");
    expect(textOf(readMarkup(first.text))).not.toContain("30–31 s");
    expect(textOf(readMarkup(second.text))).toContain("going: after 3 partition, 1 min 2 s in");
    expect(third.text).not.toContain("refresh");
    expect(third.text).toContain("acknowledged writes were kept");
  });
});

describe("what is refused", () => {
  it.each([
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "[::2]",
    "",
  ])("a call for the host %j, whatever name resolves here", async (host) => {
    const answer = await rawly(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    expect(answer).not.toContain("cart");
  });

  it.each(["localhost", "LOCALHOST:80", "127.0.0.1", "127.1.2.3:9", "[::1]:80"])(
    "not one for %j",
    async (host) => {
      const answer = await rawly(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] as const)("%s", async (method) => {
    const answer = await request(served.url, { method });

    expect(answer.statusCode).toBe(405);
    await answer.body.dump();
  });

  it("every way out of the stored runs", async () => {
    const paths = traversalCorpus(start);
    await mkdir(join(directory, "outside", start), { recursive: true });
    await writeFile(join(directory, "outside", start, "plan.json"), secret);
    await symlink(join(directory, "outside"), join(store.directory, "link"));

    let answered = 0;
    for (const path of paths) {
      const answer = await rawly(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(answer).not.toContain(secret);
      expect(answer).not.toContain("root:");
      if (/^HTTP\/1\.1 (400|404|200|421) /.test(answer)) answered += 1;
    }

    expect(paths.length).toBeGreaterThanOrEqual(500);
    expect(answered).toBe(paths.length);
  });

  it("a file of a run that is a link to another one", async () => {
    const { folder } = await storeRun(store, { name: "planted", startedWallMs, rate: 10 });
    for (const path of [folder.report, folder.summary]) {
      await rm(path);
      await symlink(join(directory, "secret.txt"), path);
    }

    const answers = await Promise.all(
      [`/runs/planted/${start}`, `/runs/planted/${start}/files/summary.md`].map((path) => get(path)),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers.some(({ text }) => text.includes(secret))).toBe(false);
  });
});

it("every answer forbids what a page does not need", async () => {
  for (const path of ["/", "/nothing", `/runs/cart/${start}`, `/runs/cart/${start}/files/plan.json`]) {
    const { headers } = await get(path);

    expect(headers).toMatchObject({
      "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
  }
});
