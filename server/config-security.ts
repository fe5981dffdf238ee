/**
 * What a configuration needs before a node may be reached from other machines: an explicit wish, and a secret that the
 * nodes of its cluster share.
 *
 * The secret guards what nodes say to each other (rpc/handshake.ts). Clients are not authenticated, here or on
 * loopback: whoever reaches the HTTP port may read and write, as in the paper's environment (§2.1).
 */
import { isIP } from "node:net";
import * as z from "zod";
import { isLoopbackAddress } from "./loopback.ts";

/** Long enough that nobody finds it by trying: 32 random characters have more than 128 bits. */
export const clusterSecret = z
  .string()
  .min(32, "must have at least 32 characters")
  .max(1024, "must have at most 1024 characters");

export const hostAddress = z.string().refine((host) => isIP(host) !== 0, "must be an IP address");

export type Reach = {
  readonly listen: { readonly host: string; readonly beyondLoopback?: boolean | undefined };
  readonly clusterSecret?: string | undefined;
  readonly members: readonly { readonly nodeId: string; readonly host: string }[];
};

/** One sentence for each address that the rest of the configuration does not allow. */
export function contradictionsOfReach({ listen, clusterSecret: secret, members }: Reach): readonly string[] {
  const beyond = [
    { place: "The field listen.host", host: listen.host },
    ...members.map(({ nodeId, host }) => ({ place: `The host of the member ${nodeId}`, host })),
  ].filter(({ host }) => !isLoopbackAddress(host));
  if (listen.beyondLoopback !== true) {
    return beyond.map(
      ({ place }) =>
        `${place} must be a loopback address (127.0.0.0/8 or ::1), unless listen.beyondLoopback is true.`,
    );
  }
  return secret === undefined && beyond.length > 0
    ? ["A node that is reached from other machines needs a clusterSecret, the same on all nodes."]
    : [];
}
