/**
 * A sick disk: full, failing, read-only or slow, and a sound one at the end. A node may end by itself of a disk that
 * cannot be trusted any more, which is right; it is started again.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { DiskTrouble } from "../cluster/disk-trouble.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

export function diskNemesis(nodes: readonly NodeName[], trouble: DiskTrouble): Nemesis {
  return {
    needs: ["disk-trouble"],
    backend: (cluster) => cluster.backends["disk"] ?? "unknown",
    inject: (cluster) => eachNode(nodes, (node) => cluster.troubleDisk(node, trouble)),
    heal: (cluster) => eachNode(nodes, (node) => cluster.healDisk(node)),
  };
}
