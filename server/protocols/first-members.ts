/**
 * The members that a cluster begins with: those of the configuration, the same on each of its first nodes.
 *
 * They are changes like any other, numbered 0 and issued by nobody. Addresses are left out, because each node is
 * configured with its own view of them. A node that joins later is configured with none and begins with nothing.
 */
import { hash } from "node:crypto";
import type { NodeConfig } from "../config.ts";
import type { Change } from "../core/membership.ts";
import { withSeats } from "../core/seats.ts";

export function firstMembers({ members }: Pick<NodeConfig, "members">): readonly Change[] {
  const ids = members.map(({ nodeId }) => nodeId).toSorted();
  const origin = hash("md5", ids.join(","), "hex").slice(0, 8);
  return withSeats(members).map(({ nodeId, capacity = 1, dc = "", rack = "", seat }) => ({
    nodeId,
    incarnation: "",
    sequence: 0,
    state: "valid",
    address: null,
    capacity,
    dc,
    rack,
    seat,
    origin,
    issuedBy: "",
    issuedAtMs: 0,
  }));
}
