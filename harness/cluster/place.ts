/**
 * Where each node listens. Fixed before the first start and kept over every restart, since the other nodes know it.
 *
 * In the private namespace each node has an address of its own, 127.0.1.1 and up, and the same four ports: there
 * is nobody else there. Outside all share 127.0.0.1 and take ports that are free now and lie below the range from
 * which the kernel serves outgoing connections, so that no connection can take the port of a node that is down.
 */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { NodeName } from "../../checkers/history/event.ts";

export type Place = {
  readonly node: NodeName;
  readonly host: string;
  readonly rpcPort: number;
  readonly httpPort: number;
  readonly verificationPort: number;
  readonly adminPort: number;
};

export type Places =
  | { readonly type: "found"; readonly places: readonly Place[] }
  | { readonly type: "refused"; readonly reason: string };

/** How many ports a node listens on. */
const portsEach = 4;

/** At most this many nodes: 127.0.1.1 to 127.0.1.250. */
export const nodeCountMax = 250;

export function privatePlaces(nodes: readonly NodeName[]): readonly Place[] {
  return nodes.map((node, index) => ({
    node,
    host: `127.0.1.${index + 1}`,
    rpcPort: 7000,
    httpPort: 8000,
    verificationPort: 9000,
    adminPort: 9500,
  }));
}

/** First port of the range that the kernel gives to outgoing connections. */
function ephemeralStart(): number {
  try {
    const [low] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").trim().split(/\s+/);
    const start = Number(low);
    return Number.isInteger(start) && start > 12_000 ? start : 32_768;
  } catch {
    return 32_768;
  }
}

/** Resolves with the open listener, or undefined when the port is taken or refused. */
function listen(host: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** All are held open until the last is found, so that no port is handed out twice. */
async function freePorts(host: string, count: number, firstPort: number | undefined): Promise<number[]> {
  const low = 10_000;
  const span = ephemeralStart() - low;
  const start = firstPort ?? low + ((process.pid * 61) % span);
  const held: { readonly port: number; readonly server: Server }[] = [];
  for (let offset = 0; held.length < count && offset < span; offset += 1) {
    const port = firstPort === undefined ? low + ((start - low + offset) % span) : start + offset;
    const server = port > 65_535 ? undefined : await listen(host, port);
    if (server !== undefined) held.push({ port, server });
    else if (firstPort !== undefined) break;
  }
  await Promise.all(held.map(({ server }) => close(server)));
  return held.map(({ port }) => port);
}

/** With `firstPort` the ports are that one and those that follow, four a node, and a busy one is refused. */
export async function loopbackPlaces(nodes: readonly NodeName[], firstPort?: number): Promise<Places> {
  const host = "127.0.0.1";
  const ports = await freePorts(host, nodes.length * portsEach, firstPort);
  if (ports.length < nodes.length * portsEach)
    return {
      type: "refused",
      reason:
        firstPort === undefined
          ? `There are no ${nodes.length * portsEach} free ports on ${host}.`
          : `Port ${firstPort + ports.length} on ${host} is in use; the cluster needs ${nodes.length * portsEach} ports from ${firstPort} on.`,
    };
  const places = nodes.map((node, index) => {
    const [rpcPort = 0, httpPort = 0, verificationPort = 0, adminPort = 0] = ports.slice(index * portsEach);
    return { node, host, rpcPort, httpPort, verificationPort, adminPort };
  });
  return { type: "found", places };
}

/** The first port of a place that somebody else holds now; undefined when the node can have them all. */
export async function busyPort(place: Place): Promise<number | undefined> {
  for (const port of [place.rpcPort, place.httpPort, place.verificationPort, place.adminPort]) {
    const server = await listen(place.host, port);
    if (server === undefined) return port;
    await close(server);
  }
  return undefined;
}
