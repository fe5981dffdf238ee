/**
 * How a load fault is seen from outside: by what the nodes themselves have counted, by what any client reads, and by
 * the connections that the kernel holds. Whoever makes the load is never asked.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Done, NodeAddress } from "../cluster/cluster.ts";

const limits = { headersTimeout: 2_000, bodyTimeout: 2_000 };
const betweenMs = 50;
const patienceMs = 6_000;

async function textOf(url: string): Promise<string | undefined> {
  try {
    const { body } = await request(url, { ...limits, headers: { accept: "application/json" } });
    return await body.text();
  } catch {
    return undefined;
  }
}

/** Client requests that a node has answered since its start; `retries`: writes that it knew already. */
export type Answered = { readonly all: number; readonly refusedPuts: number; readonly retries: number };

/** From the text of its `/metrics`. */
export function answeredIn(metrics: string): Answered {
  let [all, refusedPuts] = [0, 0];
  const lines = metrics.matchAll(
    /^tipcart_request_ms_count\{route="(get|put|delete)",status="(\d+)"\} (\d+)$/gm,
  );
  for (const [, route, status, count] of lines) {
    all += Number(count);
    if (route === "put" && status === "400") refusedPuts += Number(count);
  }
  const retries = Number(
    /^tipcart_events_total\{event="write-minted-retry"\} (\d+)$/m.exec(metrics)?.[1] ?? 0,
  );
  return { all, refusedPuts, retries };
}

export type Look = ReadonlyMap<NodeName, Answered>;

/** Of the nodes that answer. */
export async function lookAtCounts(nodes: readonly NodeAddress[]): Promise<Look> {
  const looks = await Promise.all(
    nodes.map(async ({ node, httpUrl }) => ({ node, metrics: await textOf(`${httpUrl}/metrics`) })),
  );
  return new Map(
    looks.flatMap(({ node, metrics }) => (metrics === undefined ? [] : [[node, answeredIn(metrics)]])),
  );
}

/** Over the nodes that both looks saw; one that was started again meanwhile counts from 0. */
export function grown(before: Look, after: Look): Answered {
  let [all, refusedPuts, retries] = [0, 0, 0];
  for (const [node, now] of after) {
    const then = before.get(node);
    if (then === undefined) continue;
    const isOlder = now.all >= then.all;
    all += now.all - (isOlder ? then.all : 0);
    refusedPuts += now.refusedPuts - (isOlder ? then.refusedPuts : 0);
    retries += now.retries - (isOlder ? then.retries : 0);
  }
  return { all, refusedPuts, retries };
}

/** Requests a second that the nodes answer, over a second. */
export async function answerRate(nodes: readonly NodeAddress[]): Promise<number> {
  const [before, startedMs] = [await lookAtCounts(nodes), performance.now()];
  await delay(1_000);
  const after = await lookAtCounts(nodes);
  return (grown(before, after).all * 1000) / (performance.now() - startedMs);
}

/** The newest of the robots' turns that a read through any of the nodes shows; 0 when none is there. */
export async function newestTurn(nodes: readonly NodeAddress[], path: string): Promise<number> {
  const texts = await Promise.all(nodes.map(({ httpUrl }) => textOf(`${httpUrl}${path}`)));
  const values = texts.flatMap((text) => [
    text ?? "",
    ...[...(text ?? "").matchAll(/"value":"([^"]*)"/g)].map(([, value]) =>
      Buffer.from(value ?? "", "base64").toString(),
    ),
  ]);
  return Math.max(0, ...values.map((value) => Number(/^turn (\d+)$/.exec(value)?.[1] ?? 0)));
}

const portOf = (address: string | undefined): number => Number.parseInt(address?.split(":")[1] ?? "", 16);

/** How many connections from these ports of ours the kernel holds as established, at the other end. */
export function heldConnections(serverPorts: ReadonlySet<number>, clientPorts: ReadonlySet<number>): number {
  const established = "01";
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local, remote, state]) =>
        state === established && serverPorts.has(portOf(local)) && clientPorts.has(portOf(remote)),
    ).length;
}

/** Looks again and again until there is evidence; failed with what was wanted when there is none in time. */
export async function awaitEvidence(
  wanted: string,
  look: () => Promise<string | undefined>,
  withinMs = patienceMs,
): Promise<Done> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const evidence = await look();
    if (evidence !== undefined) return { type: "done", evidence };
    if (performance.now() > deadline) return { type: "failed", reason: `${wanted} was not seen.` };
    await delay(betweenMs);
  }
}
