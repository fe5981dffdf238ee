/** All links from and to some nodes become late, uneven or narrow, and are as before at the end. */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster, Grudge } from "../cluster/cluster.ts";
import type { LinkShape } from "../cluster/link-shape.ts";
import { allPairs } from "../cluster/links.ts";
import type { Nemesis } from "./nemesis.ts";

export function linkNemesis(nodes: readonly NodeName[], shape: LinkShape): Nemesis {
  const linksOf = ({ addresses }: Cluster): Grudge =>
    allPairs(addresses.map(({ node }) => node)).filter(
      ({ from, to }) => nodes.includes(from) || nodes.includes(to),
    );
  return {
    needs: ["shape"],
    backend: (cluster) => cluster.backends["network"] ?? "unknown",
    inject: (cluster) => cluster.shapeLinks(linksOf(cluster), shape),
    heal: (cluster) => cluster.shapeLinks(linksOf(cluster), undefined),
  };
}
