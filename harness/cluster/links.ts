/**
 * The links between nodes: one for each ordered pair, and who can cut them how.
 *
 * A cut from i to j drops all bytes from i to j on whichever connection they travel. On one connection that carries
 * requests one way and replies the other, i's requests are lost and so are i's replies to j; what j sends arrives.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Ability, Done, Grudge } from "./cluster.ts";
import type { LinkShape } from "./link-shape.ts";

export type Door = { readonly host: string; readonly rpcPort: number };

export interface Links {
  /** For the report: "kernel (nft)". */
  readonly backend: string;
  readonly abilities: readonly Ability[];
  /** Where `from` is told that `to` listens. */
  doorTo(from: NodeName, to: NodeName): Door;
  /** Once, before the first node starts. */
  open(): Promise<Done>;
  /** Replaces all cuts by these, none included; evidence is a probe of every directed link. */
  cut(grudge: Grudge): Promise<Done>;
  /**
   * Gives these links a shape, or none any more; evidence is what probes over them took or met. `withinMs`: for each of
   * them. A shape that is none of the abilities fails. Absent where nothing at all can be done to a link.
   */
  reshape?(pairs: Grudge, shape: LinkShape | undefined, withinMs?: number): Promise<Done>;
  /** Removes every cut and everything that was opened. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Each pair once, and no pair of a node with itself. */
export function allPairs(nodes: readonly NodeName[]): Grudge {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to })));
}

export const pairName = ({ from, to }: { readonly from: NodeName; readonly to: NodeName }): string =>
  `${from}→${to}`;

/**
 * What a probe of every link saw, against what was wanted. Done only when both agree on each link; the sentence
 * names the links that are silent, or those that are wrong.
 */
export function judgeProbe(all: Grudge, wanted: Grudge, open: ReadonlySet<string>): Done {
  const cut = new Set(wanted.map(pairName));
  const names = all.map(pairName);
  const leaking = names.filter((name) => cut.has(name) && open.has(name));
  const broken = names.filter((name) => !cut.has(name) && !open.has(name));
  if (leaking.length > 0)
    return { type: "failed", reason: `Bytes still pass over ${leaking.join(", ")}, which should be cut.` };
  if (broken.length > 0)
    return { type: "failed", reason: `No byte passes over ${broken.join(", ")}, which should be open.` };
  const openCount = names.length - cut.size;
  const evidence =
    cut.size === 0
      ? `a probe passed over all ${openCount} links`
      : `no probe passed over ${[...cut].join(", ")}; one passed over each of the other ${openCount} links`;
  return { type: "done", evidence };
}
