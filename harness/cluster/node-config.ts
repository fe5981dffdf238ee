/** The configuration file of one node, as the server reads it: the node's own view of the cluster. */
import type { NodeName } from "../../checkers/history/event.ts";
import type { BucketConfig, Intervals, Limits } from "../../server/config.ts";
import type { Links } from "./links.ts";
import type { Place } from "./place.ts";

/** What all nodes have in common. Left out: the server's own default. */
export type ServerSettings = {
  readonly clusterId: string;
  /** False keeps everything in memory: a killed node comes back empty. */
  readonly isDurable: boolean;
  /** The engine under `dataDir`, where it is not the usual one. */
  readonly storage?: "level" | "lmdb" | "memory";
  readonly partitionCount?: number;
  readonly buckets?: Readonly<Record<string, Partial<BucketConfig>>>;
  readonly intervals?: Partial<Intervals>;
  readonly limits?: Partial<Limits>;
  /** Whether each node keeps an event log beside its own log. */
  readonly hasEventLog?: boolean;
};

/**
 * The node finds itself where it listens, and each peer at the door of the link to it, which a proxy may hold.
 * A spare is told of everybody and belongs to nobody; its seeds are those whom the cluster begins with.
 * Outgoing connections come from the host it listens on; that is how a rule of the kernel knows them.
 */
export function nodeConfig(given: {
  readonly node: NodeName;
  /** Of all nodes, those included that are to join later. */
  readonly places: readonly Place[];
  /** Who joins later: the others begin without it, and it begins with nobody. */
  readonly spares: ReadonlySet<NodeName>;
  readonly links: Pick<Links, "doorTo">;
  readonly dataDirectory: string;
  readonly eventLogFile: string;
  readonly settings: ServerSettings;
}): Record<string, unknown> {
  const { isDurable, hasEventLog, ...settings } = given.settings;
  const own = given.places.find(({ node }) => node === given.node);
  if (own === undefined) throw new Error(`no node is called ${given.node}`);
  const { host, rpcPort, httpPort, verificationPort, adminPort } = own;
  const viewOf = (place: Place): Record<string, unknown> => {
    const door = place.node === given.node ? place : given.links.doorTo(given.node, place.node);
    return { nodeId: place.node, host: door.host, rpcPort: door.rpcPort, httpPort: place.httpPort };
  };
  const first = given.places.filter(({ node }) => !given.spares.has(node));
  const isSpare = given.spares.has(given.node);
  const strangers = given.places.filter(
    ({ node }) => node !== given.node && (isSpare || given.spares.has(node)),
  );
  return {
    ...settings,
    nodeId: given.node,
    dataDir: isDurable ? given.dataDirectory : null,
    members: isSpare ? [] : first.map(viewOf),
    ...(isSpare ? { seeds: first.map(({ node }) => node) } : {}),
    ...(strangers.length === 0 ? {} : { addresses: strangers.map(viewOf) }),
    ...(hasEventLog === true ? { eventLog: given.eventLogFile } : {}),
    listen: { host, rpcPort, httpPort, verificationPort, adminPort },
  };
}
