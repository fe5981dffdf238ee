/**
 * All links from and to some nodes become late, uneven, narrow or lossy, or the connections over them are broken; at the
 * end they are as before. A half-close ends what the nodes send, and what they are sent goes on.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster, Grudge } from "../cluster/cluster.ts";
import { abilityFor, type LinkShape } from "../cluster/link-shape.ts";
import { allPairs } from "../cluster/links.ts";
import type { Nemesis } from "./nemesis.ts";

export function linkNemesis(nodes: readonly NodeName[], shape: LinkShape): Nemesis {
  const linksOf = ({ addresses }: Cluster): Grudge =>
    allPairs(addresses.map(({ node }) => node)).filter(
      ({ from, to }) => nodes.includes(from) || (shape.trouble !== "half-close" && nodes.includes(to)),
    );
  return {
    needs: [abilityFor(shape.trouble)],
    backend: ({ backends }) => {
      const network = backends["network"] ?? "unknown";
      return shape.trouble === "loss" && network === "proxy"
        ? `${network} (stalls, as TCP would make of it)`
        : network;
    },
    inject: (cluster) => cluster.shapeLinks(linksOf(cluster), shape),
    heal: (cluster) => cluster.shapeLinks(linksOf(cluster), undefined),
  };
}
