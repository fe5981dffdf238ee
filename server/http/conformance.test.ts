import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { servedCluster } from "../client/cluster-fixture.ts";

const script = join(import.meta.dirname, "conformance.sh");

test("the script passes against a running cluster, and against the one that is left when the others stop", async () => {
  const cluster = await servedCluster(["n1", "n2", "n3"]);
  const [first, ...others] = cluster.servers;
  const url = `http://127.0.0.1:${first?.announcement.httpPort ?? 0}`;

  const healthy = await ran(url);
  await Promise.all(others.map((server) => server.stop()));
  const alone = await ran(url, "alone");
  await cluster.stop();

  expect(failuresIn(healthy)).toEqual([]);
  expect(healthy).toMatch(/\n7\d checks, 0 failed\n$/);
  expect(failuresIn(alone)).toEqual([]);
  expect(alone).toMatch(/\n4 checks, 0 failed\n$/);
}, 60_000);

test("the script fails where nobody answers", async () => {
  expect(await ran("http://127.0.0.1:1", "alone")).toMatch(/\n4 checks, 4 failed\n$/);
});

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
