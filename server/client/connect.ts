/**
 * A client in the real world: its sockets, its clock, its name.
 */
import { SystemClock } from "../adapters/system-clock.ts";
import { SystemRandom } from "../adapters/system-random.ts";
import { TcpNetwork } from "../adapters/tcp-network.ts";
import type { Trace } from "../ports/trace.ts";
import { nonceBytes } from "../rpc/handshake.ts";
import { Client } from "./client.ts";
import { ClientDriven } from "./client-driven.ts";
import type { Driver } from "./entry.ts";
import { type HttpAddress, HttpEntry } from "./http-entry.ts";
import type { Patience } from "./pursuit.ts";
import { RingWatch } from "./ring-watch.ts";
import { ServerDriven } from "./server-driven.ts";

export type ConnectOptions = {
  /** Some nodes, at least one; the others are learnt from them by a client that drives itself. */
  readonly seeds: readonly HttpAddress[];
  /**
   * Absent: the servers drive, and an HTTP port is all that must be reachable. Given: the client coordinates for
   * itself over the nodes' own ports, and has to know the cluster's name, and its secret where it has one.
   */
  readonly coordinate?: { readonly clusterId: string; readonly clusterSecret?: string };
  readonly patience?: Patience;
  /** Told of what a client that drives itself notices: suspected nodes, forwarded writes, repairs. */
  readonly trace?: Trace;
};

const requestsInFlightMax = 4096;

/** Resolves when the ring is known, or could not be had: then the servers drive until it is. */
export async function connect({ seeds, coordinate, patience, trace }: ConnectOptions): Promise<Client> {
  const clock = new SystemClock();
  const random = new SystemRandom();
  const entry = new HttpEntry();
  entry.know(seeds);
  const seedIds = seeds.map(({ nodeId }) => nodeId);
  const driverOver = (nodes: () => readonly string[]) =>
    new ServerDriven(entry, nodes, Math.floor(random.uniform() * seeds.length));
  const clientOf = (driver: Driver) => new Client({ clock, random, driver, ...(patience && { patience }) });
  if (coordinate === undefined) return clientOf(driverOver(() => seedIds));

  const self = clientName(random);
  const ringWatch = new RingWatch({ clock, entry, random, self, seeds: seedIds });
  const { clusterId, clusterSecret: secret } = coordinate;
  const network = new TcpNetwork({
    clusterId,
    ...(secret !== undefined && { credentials: { secret, nonce: () => random.bytes(nonceBytes) } }),
    clock,
    addressOf: (node) => {
      const member = ringWatch.known?.view.members.find(({ nodeId }) => nodeId === node);
      return member && { host: member.host, port: member.rpcPort };
    },
    requestsInFlightMax,
    onFault: () => undefined,
  });
  const ringHash = () => ringWatch.known?.placements.ring.hash ?? "";
  await network.serve({ nodeId: self, incarnation: self, boot: 1 }, refuseAll, ringHash);
  await ringWatch.pull();
  ringWatch.start();
  return clientOf(
    new ClientDriven({
      clock,
      network,
      random,
      trace: trace ?? { emit: () => undefined },
      ringWatch,
      fallback: driverOver(() => ringWatch.nodes),
    }),
  );
}

/** No node can be called like that: a node's name holds no colon. */
export function clientName(random: { bytes: (length: number) => Uint8Array }): string {
  return `client:${Buffer.from(random.bytes(8)).toString("hex")}`;
}

const refuseAll = async () => ({ type: "refused", reason: "wrong-owner" }) as const;
