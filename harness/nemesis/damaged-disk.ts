/**
 * A disk that is wiped, put back from a backup or damaged while its node is down. The node starts on it: it repairs
 * itself from its peers or refuses, and then it gets an empty disk at the end.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { DiskDamage } from "../cluster/disk-damage.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

export function damagedDiskNemesis(nodes: readonly NodeName[], damage: DiskDamage, seed: number): Nemesis {
  return {
    needs: ["kill"],
    backend: () => "files of a killed node",
    inject: (cluster) => eachNode(nodes, (node) => cluster.damageDisk(node, damage, seed)),
    heal: (cluster) => eachNode(nodes, (node) => cluster.mendDisk(node)),
  };
}
