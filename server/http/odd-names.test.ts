import { expect, test } from "vitest";
import { formed, servedCluster } from "../client/cluster-fixture.ts";
import { openApiDocument } from "./openapi.ts";

/** Names that are properties of every object of the language, and must be like any other everywhere. */
const odd = ["__proto__", "constructor", "toString"] as const;

/** So that a busy machine does not turn these into tests of time-outs. */
const patient = { requestMs: 20_000, pingTimeoutMs: 10_000, escalateMs: 5000 };

test("nodes of such names hear of each other, and name each other byte for byte in all they say", async () => {
  const cluster = await servedCluster(odd, {}, { intervals: patient });
  await formed(cluster);
  const sorted = odd.toSorted();

  for (const { announcement } of cluster.servers) {
    const [client, admin] = [announcement.httpPort, announcement.adminPort ?? 0];
    const ring = await json(client, "/v1/ring");
    const preference = await json(client, "/v1/preference/constructor/__proto__");
    const { peers } = await json(client, "/v1/health");
    const members = await json(admin, "/admin/members");
    const repaired = await post(admin, "/admin/repair?bucket=__proto__&key=toString");

    expect(namesIn(ring["members"])).toEqual(sorted);
    expect([preference["homes"]].flat().toSorted()).toEqual(sorted);
    expect(namesIn(peers)).toEqual(sorted.filter((name) => name !== announcement.nodeId));
    expect(namesIn(members)).toEqual(sorted);
    expect(namesIn(repaired["homes"]).toSorted()).toEqual(sorted);
  }
  await cluster.stop();
}, 120_000);

test("values, keys, buckets and write ids of such names come back from every node, and stand in every dump", async () => {
  const cluster = await servedCluster(odd, {}, { intervals: patient });
  await formed(cluster);
  const [first] = cluster.addresses;
  const names = odd.flatMap((bucket) => odd.map((key) => ({ bucket, key })));

  for (const { bucket, key } of names) {
    const put = { method: "PUT", body: `{"${key}":1}`, headers: { "tipcart-write-id": key } };
    const answer = await patiently(urlOf(first?.httpPort ?? 0, `/v1/${bucket}/${key}?w=3`), put);
    expect(await answer.json()).toMatchObject({ writeId: key, acknowledgements: { length: 3 } });
  }

  for (const { announcement } of cluster.servers) {
    for (const { bucket, key } of names) {
      const got = await patiently(urlOf(announcement.httpPort, `/v1/${bucket}/${key}`));
      expect([await got.text(), got.headers.get("tipcart-write-id")]).toEqual([`{"${key}":1}`, key]);
    }
    const { entries } = await json(announcement.verificationPort ?? 0, "/verify/dump");
    const dumped = (entries as { bucket: string; key: string; siblings: { writeId: string }[] }[]).map(
      ({ bucket, key, siblings }) => ({ bucket, key, writeIds: siblings.map(({ writeId }) => writeId) }),
    );
    expect(dumped.toSorted(byName)).toEqual(
      names.map((name) => ({ ...name, writeIds: [name.key] })).toSorted(byName),
    );
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
  await cluster.stop();
}, 120_000);

test("such names in a query are refused as unknown parameters, not taken from a prototype", async () => {
  const cluster = await servedCluster(["n1"]);
  const [{ httpPort = 0, adminPort = 0 } = {}] = cluster.servers.map(({ announcement }) => announcement);

  for (const name of odd) {
    for (const url of [urlOf(httpPort, `/v1/b/k?${name}=1`), urlOf(adminPort, `/admin/members?${name}=1`)]) {
      const answer = await fetch(url);
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: "bad-request" }]);
    }
  }
  expect(Object.hasOwn(openApiDocument(), "constructor")).toBe(false);
  await cluster.stop();
}, 120_000);

function byName(a: { bucket: string; key: string }, b: { bucket: string; key: string }): number {
  return `${a.bucket}/${a.key}` < `${b.bucket}/${b.key}` ? -1 : 1;
}

function namesIn(list: unknown): readonly string[] {
  return (list as readonly { readonly nodeId: string }[]).map(({ nodeId }) => nodeId);
}

/** Comes again as long as the node says that it is too busy, and that nothing was done. */
async function patiently(url: string, asked: RequestInit = {}): Promise<Response> {
  for (;;) {
    const answer = await fetch(url, asked);
    if (answer.status !== 429) return answer;
    await answer.arrayBuffer();
  }
}

function urlOf(port: number, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}

async function json(port: number, path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(urlOf(port, path))).json()) as Record<string, unknown>;
}

async function post(port: number, path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(urlOf(port, path), { method: "POST" })).json()) as Record<string, unknown>;
}
