/**
 * What the contract suite asks of a cluster: a put, a get, and whether a node itself holds a key, all over HTTP; and
 * how it says what an outcome has to be.
 */
import { expect } from "vitest";
import type { Cluster, Grudge } from "./cluster.ts";

/** For what a node needs a moment for; how long is the store's affair. */
export const withinMs = 15_000;
const requestWithinMs = 3_000;

/** All links between `one` and the others. */
export const bothWays = (one: string, others: readonly string[]): Grudge =>
  others.flatMap((other) => [
    { from: one, to: other },
    { from: other, to: one },
  ]);

/** An outcome that is done, with evidence like this. */
export const done = (evidence: RegExp = /./): unknown => ({
  type: "done",
  evidence: expect.stringMatching(evidence),
});

/** A node may need a moment to find its peers again; how long is the store's affair, not this suite's. */
export async function eventually(holdsNow: () => Promise<boolean>): Promise<void> {
  await expect.poll(holdsNow, { timeout: withinMs, interval: 20 }).toBe(true);
}

function addressOf(cluster: Cluster, node: string): { httpUrl: string; verificationUrl: string } {
  const address = cluster.addresses.find((one) => one.node === node);
  if (address === undefined) throw new Error(`no address of ${node}`);
  return address;
}

/** True when the put through `node` was acknowledged by `w` nodes. */
export async function put(
  cluster: Cluster,
  node: string,
  key: string,
  w: number,
  timeoutMs = requestWithinMs,
): Promise<boolean> {
  const url = `${addressOf(cluster, node).httpUrl}/v1/carts/${encodeURIComponent(key)}?w=${w}`;
  const answer = await fetch(url, {
    method: "PUT",
    body: "milk",
    signal: AbortSignal.timeout(timeoutMs),
  });
  await answer.arrayBuffer();
  return answer.status === 200;
}

/** Writes through n1 until `ended` settles. */
export async function writeUntil(cluster: Cluster, ended: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  while (!over.signal.aborted) await put(cluster, "n1", "meanwhile", 1).catch(() => false);
}

/** The status of a get through `node`. */
export async function get(cluster: Cluster, node: string, key: string): Promise<number> {
  const url = `${addressOf(cluster, node).httpUrl}/v1/carts/${encodeURIComponent(key)}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(requestWithinMs) });
  await answer.arrayBuffer();
  return answer.status;
}

/** Whether the node itself has the key, by its verification port. */
export async function holds(
  cluster: Cluster,
  node: string,
  key: string,
  timeoutMs = requestWithinMs,
): Promise<boolean | "no answer"> {
  const url = `${addressOf(cluster, node).verificationUrl}/verify/key/carts/${encodeURIComponent(key)}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const body: unknown = await answer.json();
    return JSON.stringify(body).includes('"main":{"type":"found"');
  } catch {
    return "no answer";
  }
}
