import { execFile } from "node:child_process";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { formed, type ServedCluster, servedCluster } from "../client/cluster-fixture.ts";

const script = join(import.meta.dirname, "conformance.sh");
/** So that a busy machine does not turn a check of something else into one of time-outs. */
const patient = { requestMs: 20_000, pingTimeoutMs: 10_000, escalateMs: 5000 };

test("the script passes against a running cluster, its admin port, and the node that is left when the others stop", async () => {
  const cluster = await servedCluster(["n1", "n2", "n3", "n4"], {}, { intervals: patient });
  await formed(cluster);
  const { url, admin } = urlsOf(cluster);

  const healthy = await ran(url);
  const operated = await ran(url, "admin", admin);
  await Promise.all(cluster.servers.slice(1).map((server) => server.stop()));
  const alone = await ran(url, "alone");
  await cluster.stop();

  expect(failuresIn(healthy)).toEqual([]);
  expect(healthy).toMatch(/\n78 checks, 0 failed\n$/);
  expect(failuresIn(operated)).toEqual([]);
  expect(operated).toMatch(/\n45 checks, 0 failed\n$/);
  expect(failuresIn(alone)).toEqual([]);
  expect(alone).toMatch(/\n4 checks, 0 failed\n$/);
}, 240_000);

test("the script passes against a node whose peers are silent", async () => {
  const never = 1_000_000_000;
  // No traffic but what the script causes, and no conclusion from it that a peer is down.
  const silent = { pingMs: never, pingMaxMs: never, gossipMs: never, antiEntropyMs: never };
  const intervals = { ...silent, reapMs: never, escalateMs: 60_000 };
  const cluster = await servedCluster(["n1", "n2", "n3"], {}, { intervals });
  await formed(cluster);
  await Promise.all(cluster.servers.slice(1).map((server) => server.stop()));
  const mute = await Promise.all(cluster.addresses.slice(1).map(({ rpcPort }) => muteServer(rpcPort)));

  const hung = await ran(urlsOf(cluster).url, "hung");
  await cluster.stop();
  for (const server of mute) server.close();

  expect(failuresIn(hung)).toEqual([]);
  expect(hung).toMatch(/\n3 checks, 0 failed\n$/);
}, 240_000);

test("the script passes against a node that takes nothing more", async () => {
  const cluster = await servedCluster(["n1"], {}, { limits: { requestsInFlightMax: 0 } });

  const full = await ran(urlsOf(cluster).url, "full");
  await cluster.stop();

  expect(failuresIn(full)).toEqual([]);
  expect(full).toMatch(/\n5 checks, 0 failed\n$/);
}, 120_000);

test("the script fails where nobody answers, and says how it is called", async () => {
  expect(await ran("http://127.0.0.1:1", "alone")).toMatch(/\n4 checks, 4 failed\n$/);
  expect(await ran("http://127.0.0.1:1", "admin")).toBe("");
});

function urlsOf({ servers }: ServedCluster): { readonly url: string; readonly admin: string } {
  const { httpPort = 0, adminPort = 0 } = servers[0]?.announcement ?? {};
  return { url: `http://127.0.0.1:${httpPort}`, admin: `http://127.0.0.1:${adminPort}` };
}

/** Takes connections and says nothing. */
function muteServer(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) =>
      socket
        .on("error", () => undefined)
        .resume()
        .unref(),
    );
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server));
  });
}

/** What the script printed, however it ended. */
async function ran(...args: readonly string[]): Promise<string> {
  const ended = promisify(execFile)("sh", [script, ...args]);
  return ended.then(
    ({ stdout }) => stdout,
    (failed: { readonly stdout?: string }) => failed.stdout ?? "",
  );
}

function failuresIn(output: string): readonly string[] {
  return output.split("\n").filter((line) => line.startsWith("FAILED"));
}
