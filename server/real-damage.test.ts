/** Three nodes as processes, one of which finds its store damaged: by a flipped bit, cut short, or beyond opening. */
import { open, readdir, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bundleServer,
  configFile,
  freePorts,
  inDirectory,
  type SpawnedNode,
  spawnNode,
  whenNotBusy,
} from "./process-fixture.ts";

type Running = { readonly node: SpawnedNode; readonly http: string; readonly verification: string };
type Damage = readonly [storage: "level" | "lmdb", what: string, harm: (store: string) => Promise<void>];

const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
const valueOf = (key: string) => `${key} ${"x".repeat(4000)}`;

let program = "";

beforeAll(async () => {
  program = await bundleServer();
});

afterAll(async () => {
  await rm(program, { force: true });
});

const damages: readonly Damage[] = [
  ["level", "a flipped bit in the middle of its log", (store) => overwriteHalfway(store, /\.log$/, [0xff])],
  ["level", "a log cut to half", (store) => halve(store, /\.log$/)],
  ["level", "a manifest that makes no sense", (store) => overwriteStart(store, /^MANIFEST/)],
  ["lmdb", "a file cut to half", (store) => halve(store, /^data\.mdb$/)],
  ["lmdb", "a header that makes no sense", (store) => overwriteStart(store, /^data\.mdb$/)],
];

describe.each(damages)("a node on %s with %s", (storage, _, harm) => {
  test("never answers for what it lost, is repaired by its peers, and then counts again", async () => {
    await inDirectory(async (directory) => {
      const configs = await configsOf(directory, storage);
      const [a, b, c] = await Promise.all([start(configs.a), start(configs.b), start(configs.c)]);
      for (const key of keys) await put(a, key);
      b.node.child.kill("SIGTERM");
      await b.node.ended;
      await harm(join(directory, "b"));

      const again = await start(configs.b);
      const wrong = new Set<string>();
      while (!(await isRepaired(again))) {
        const asked = [a, again, c].flatMap((from) => keys.map((key) => ({ from, key })));
        await Promise.all(asked.map(({ from, key }) => collectWrong(wrong, from, `${key}?r=1`)));
      }
      a.node.child.kill("SIGKILL");
      await a.node.ended;
      const found = await Promise.all(keys.map((key) => answerOf(c, `${key}?r=2`)));

      expect([...wrong]).toEqual([]);
      expect(found).toEqual(keys.map(valueOf));
      for (const { node } of [again, c]) node.child.kill("SIGTERM");
      await Promise.all([again.node.ended, c.node.ended]);
    });
  }, 60_000);
});

/** A refusal is no answer; anything else has to be the value. */
async function collectWrong(wrong: Set<string>, from: Running, target: string): Promise<void> {
  const answer = await get(from, target);
  const text = await answer.text();
  if (answer.status < 500 && text !== valueOf(target.slice(0, target.indexOf("?"))))
    wrong.add(`${target}: ${text}`);
}

/** The first that is no refusal: a peer asks the repaired node again as soon as it has heard from it that it is. */
async function answerOf(from: Running, target: string): Promise<string> {
  for (;;) {
    const answer = await get(from, target);
    const text = await answer.text();
    if (answer.status < 500) return text;
  }
}

/** Whether the node has every key again, and its trees are those of its peers. */
async function isRepaired({ verification }: Running): Promise<boolean> {
  const dumped = (await (await fetch(`${verification}/verify/dump?limit=1000`)).json()) as {
    readonly entries: unknown[];
  };
  const quiet = await fetch(`${verification}/verify/quiesce?timeout=200`, { method: "POST" });
  return (
    ((await quiet.json()) as { readonly isQuiet: boolean }).isQuiet && dumped.entries.length === keys.length
  );
}

async function configsOf(directory: string, storage: string): Promise<Record<"a" | "b" | "c", string>> {
  const ports = await freePorts(6);
  const members = ["a", "b", "c"].map((nodeId, index) => ({
    nodeId,
    host: "127.0.0.1",
    rpcPort: ports[index * 2] ?? 0,
    httpPort: ports[index * 2 + 1] ?? 0,
  }));
  const fileFor = (nodeId: string) =>
    configFile(directory, `${nodeId}-config`, {
      clusterId: "test",
      nodeId,
      dataDir: join(directory, nodeId),
      storage,
      members,
      partitionCount: 8,
      listen: { host: "127.0.0.1", ...portsOf(members, nodeId), verificationPort: 0 },
      buckets: { default: { n: 3, r: 2, w: 2, sloppy: false } },
      intervals: { antiEntropyMs: 200, gossipMs: 100, transferMs: 100 },
    });
  return { a: await fileFor("a"), b: await fileFor("b"), c: await fileFor("c") };
}

function portsOf(members: readonly { nodeId: string; rpcPort: number; httpPort: number }[], nodeId: string) {
  const { rpcPort = 0, httpPort = 0 } = members.find((member) => member.nodeId === nodeId) ?? {};
  return { rpcPort, httpPort };
}

async function start(config: string): Promise<Running> {
  const node = spawnNode(program, ["--config", config]);
  const { httpPort, verificationPort } = await node.serving;
  return { node, http: urlAt(httpPort), verification: urlAt(verificationPort) };
}

function urlAt(port: unknown): string {
  return `http://127.0.0.1:${String(port)}`;
}

/** Tries until all three hold the key: nodes that have just started may not know each other yet. */
async function put({ http }: Running, key: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${http}/v1/carts/${key}?w=3`, {
      method: "PUT",
      body: valueOf(key),
      headers: { "tipcart-write-id": key },
    });
    if (answer.status === 200) return;
  }
}

function get({ http }: Running, target: string): Promise<Response> {
  return whenNotBusy(() => fetch(`${http}/v1/carts/${target}`));
}

async function fileOf(store: string, pattern: RegExp): Promise<string> {
  const found = (await readdir(store)).find((name) => pattern.test(name));
  if (found === undefined) throw new Error(`no file like ${pattern} in ${store}`);
  return join(store, found);
}

async function halve(store: string, pattern: RegExp): Promise<void> {
  const file = await fileOf(store, pattern);
  await truncate(file, Math.floor((await stat(file)).size / 2));
}

function overwriteStart(store: string, pattern: RegExp): Promise<void> {
  return overwrite(store, pattern, { bytes: new Uint8Array(8192).fill(7), share: 0 });
}

function overwriteHalfway(store: string, pattern: RegExp, bytes: readonly number[]): Promise<void> {
  return overwrite(store, pattern, { bytes: Uint8Array.from(bytes), share: 0.5 });
}

async function overwrite(
  store: string,
  pattern: RegExp,
  { bytes, share }: { readonly bytes: Uint8Array; readonly share: number },
): Promise<void> {
  const file = await open(await fileOf(store, pattern), "r+");
  await file.write(bytes, 0, bytes.length, Math.floor((await file.stat()).size * share));
  await file.close();
}
