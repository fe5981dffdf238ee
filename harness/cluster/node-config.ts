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
 * Outgoing connections come from the host it listens on; that is how a rule of the kernel knows them.
 */
export function nodeConfig(given: {
  readonly node: NodeName;
  readonly places: readonly Place[];
  readonly links: Pick<Links, "doorTo">;
  readonly dataDirectory: string;
  readonly eventLogFile: string;
  readonly settings: ServerSettings;
}): Record<string, unknown> {
  const { isDurable, hasEventLog, ...settings } = given.settings;
  const own = given.places.find(({ node }) => node === given.node);
  if (own === undefined) throw new Error(`no node is called ${given.node}`);
  const { host, rpcPort, httpPort, verificationPort } = own;
  return {
    ...settings,
    nodeId: given.node,
    dataDir: isDurable ? given.dataDirectory : null,
    members: given.places.map((place) => {
      const door = place.node === given.node ? place : given.links.doorTo(given.node, place.node);
      return { nodeId: place.node, host: door.host, rpcPort: door.rpcPort, httpPort: place.httpPort };
    }),
    ...(hasEventLog === true ? { eventLog: given.eventLogFile } : {}),
    listen: { host, rpcPort, httpPort, verificationPort },
  };
}
