/**
 * Too many open files: a node can neither accept nor open, and what it holds open goes on. It may end of a file that
 * it must open and cannot; then it is started again.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

export function openFilesNemesis(nodes: readonly NodeName[]): Nemesis {
  return {
    needs: ["file-limit"],
    backend: () => "prlimit",
    inject: (cluster) => eachNode(nodes, (node) => cluster.exhaustFiles(node)),
    heal: (cluster) => eachNode(nodes, (node) => cluster.allowFiles(node)),
  };
}
