/**
 * Which directed links between private addresses carry a packet, seen from outside the nodes.
 *
 * A TCP connection cannot tell one direction from the other, since its handshake needs both; a datagram can. From
 * each address one is sent to every other, and after all of them one from each address to itself, which no cut
 * concerns. Loopback delivers in order, so once a socket has heard itself, what has not arrived will not arrive: no
 * waiting for silence. Three rounds, because two processors may swap two packets.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Grudge } from "./cluster.ts";
import { pairName } from "./links.ts";

export type Probe =
  | { readonly type: "probed"; readonly open: ReadonlySet<string> }
  | { readonly type: "failed"; readonly reason: string };

type Ear = { readonly node: NodeName; readonly host: string; readonly socket: Socket; readonly port: number };

const rounds = 3;
/** So many datagrams in a row are lost once in a hundred million times, where ninety of a hundred are. */
const lossyRounds = 175;
const hearItselfWithinMs = 3_000;

/** How many of the datagrams that were sent over a link arrived. */
export type Arrivals = { readonly sent: number; readonly arrived: ReadonlyMap<string, number> };

/**
 * `hosts`: node -> its address. Resolves with the names of the pairs over which a datagram came; over one of `lossy`
 * it may take many. Never rejects.
 */
export async function probeLinks(
  hosts: ReadonlyMap<NodeName, string>,
  pairs: Grudge,
  lossy: ReadonlySet<string> = new Set(),
): Promise<Probe> {
  const counted = await countArrivals(hosts, pairs, ({ sent, arrived }) =>
    sent < rounds ? false : sent >= lossyRounds || [...lossy].every((name) => arrived.has(name)),
  );
  if (counted.type === "failed") return counted;
  return { type: "probed", open: new Set(counted.arrivals.arrived.keys()) };
}

/** One datagram over each link in each round, until `isEnough`. Never rejects. */
export async function countArrivals(
  hosts: ReadonlyMap<NodeName, string>,
  pairs: Grudge,
  isEnough: (arrivals: Arrivals) => boolean,
): Promise<{ readonly type: "counted"; readonly arrivals: Arrivals } | Extract<Probe, { type: "failed" }>> {
  const ears: Ear[] = [];
  try {
    for (const [node, host] of hosts) ears.push(await listen(node, host));
    const arrived = new Map<string, number>();
    for (let sent = 1; ; sent += 1) {
      for (const name of await probeOnce(ears, pairs)) arrived.set(name, (arrived.get(name) ?? 0) + 1);
      if (isEnough({ sent, arrived })) return { type: "counted", arrivals: { sent, arrived } };
    }
  } catch (problem) {
    return {
      type: "failed",
      reason: `The links cannot be probed: ${problem instanceof Error ? problem.message : problem}.`,
    };
  } finally {
    for (const { socket } of ears) socket.close();
  }
}

async function listen(node: NodeName, host: string): Promise<Ear> {
  const socket = createSocket("udp4");
  socket.bind({ address: host, port: 0, exclusive: true });
  await once(socket, "listening");
  return { node, host, socket, port: socket.address().port };
}

async function probeOnce(ears: readonly Ear[], pairs: Grudge): Promise<ReadonlySet<string>> {
  const heard = new Set<string>();
  const byNode = new Map(ears.map((ear) => [ear.node, ear]));
  const deadline = AbortSignal.timeout(hearItselfWithinMs);
  const haveHeardThemselves = ears.map((to) => hear(to, heard, deadline));
  await Promise.all(
    pairs.map(async ({ from, to }) => {
      const [sender, receiver] = [byNode.get(from), byNode.get(to)];
      if (sender !== undefined && receiver !== undefined) await send(sender, receiver);
    }),
  );
  await Promise.all(ears.map((ear) => send(ear, ear)));
  await Promise.all(haveHeardThemselves);
  return heard;
}

/** A datagram that the kernel refuses to send is one that does not arrive. */
function send(from: Ear, to: Ear): Promise<void> {
  return new Promise((resolve) => from.socket.send(from.node, to.port, to.host, () => resolve()));
}

/** Notes who is heard, until the ear hears itself. Rejects when it does not in time. */
function hear(to: Ear, heard: Set<string>, deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Buffer): void => {
      const from = message.toString();
      if (from === to.node) settle(resolve);
      else heard.add(pairName({ from, to: to.node }));
    };
    const onDeadline = (): void => settle(() => reject(new Error(`${to.host} does not reach itself`)));
    const settle = (end: () => void): void => {
      to.socket.off("message", onMessage);
      deadline.removeEventListener("abort", onDeadline);
      end();
    };
    to.socket.on("message", onMessage);
    deadline.addEventListener("abort", onDeadline, { once: true });
  });
}
