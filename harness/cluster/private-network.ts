/**
 * Links inside the private namespace, cut by the kernel. Each node listens on and connects from an address of its
 * own, so a rule on a pair of addresses is a rule on a directed link: established connections hang and deliver after
 * the heal by TCP's own retransmission, as on a real network. Clients come from 127.0.0.1, which no rule names.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { CutTool } from "../namespace/enclosure.ts";
import type { Ability, Done, Grudge } from "./cluster.ts";
import { probeLinks } from "./link-probe.ts";
import { allPairs, type Door, judgeProbe, type Links } from "./links.ts";
import { type HostPair, nftCounters, setNftCuts } from "./nft-rules.ts";
import type { Place } from "./place.ts";
import { clearRouteCuts, makeRoomForRules, setRouteCuts } from "./policy-routes.ts";

export class PrivateNetwork implements Links {
  readonly backend: string;
  readonly abilities: readonly Ability[] = ["cut", "one-way-cut"];
  readonly #tool: CutTool;
  readonly #places: ReadonlyMap<NodeName, Place>;
  #cuts: readonly HostPair[] = [];

  constructor(places: readonly Place[], tool: CutTool) {
    this.#tool = tool;
    this.#places = new Map(places.map((place) => [place.node, place]));
    this.backend = tool === "nft" ? "kernel (nft)" : "kernel (policy routing)";
  }

  doorTo(_from: NodeName, to: NodeName): Door {
    return this.#place(to);
  }

  /** Fails where the network is not what it should be before any fault. */
  async open(): Promise<Done> {
    const room: Done = this.#tool === "nft" ? await setNftCuts([]) : await makeRoomForRules();
    return room.type === "failed" ? room : this.#probe([]);
  }

  async cut(grudge: Grudge): Promise<Done> {
    const set = await this.#set(grudge);
    if (set.type === "failed") return set;
    const probed = await this.#probe(grudge);
    if (probed.type === "failed" || this.#tool !== "nft" || grudge.length === 0) return probed;
    const counters = await nftCounters();
    return { type: "done", evidence: [probed.evidence, counters].filter((part) => part !== "").join("; ") };
  }

  async close(): Promise<void> {
    if (this.#tool === "nft") await setNftCuts([]);
    else await clearRouteCuts();
    this.#cuts = [];
  }

  /** Half-done changes are taken back: after a failure nothing is cut. */
  async #set(grudge: Grudge): Promise<Done> {
    const cuts = grudge.map(({ from, to }) => ({ from: this.#place(from).host, to: this.#place(to).host }));
    const outcome = this.#tool === "nft" ? await setNftCuts(cuts) : await setRouteCuts(this.#cuts, cuts);
    if (outcome.type === "done") this.#cuts = cuts;
    else await this.close();
    return outcome;
  }

  async #probe(wanted: Grudge): Promise<Done> {
    const all = allPairs([...this.#places.keys()]);
    const hosts = new Map([...this.#places].map(([node, { host }]) => [node, host]));
    const probe = await probeLinks(hosts, all);
    return probe.type === "failed" ? probe : judgeProbe(all, wanted, probe.open);
  }

  #place(node: NodeName): Place {
    const place = this.#places.get(node);
    if (place === undefined) throw new Error(`no node is called ${node}`);
    return place;
  }
}
