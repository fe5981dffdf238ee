/** Links that nobody stands on: nodes reach each other where they listen, and nothing can be cut. */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Ability, Done, Grudge } from "./cluster.ts";
import type { Door, Links } from "./links.ts";
import type { Place } from "./place.ts";

const uncuttable: Done = {
  type: "failed",
  reason: "These links cannot be cut; use --net kernel or --net proxy.",
};

export class DirectLinks implements Links {
  readonly backend: string = "direct";
  readonly abilities: readonly Ability[] = [];
  readonly #places: ReadonlyMap<NodeName, Place>;

  constructor(places: readonly Place[]) {
    this.#places = new Map(places.map((place) => [place.node, place]));
  }

  doorTo(_from: NodeName, to: NodeName): Door {
    const place = this.#places.get(to);
    if (place === undefined) throw new Error(`no node is called ${to}`);
    return { host: place.host, rpcPort: place.rpcPort };
  }

  async open(): Promise<Done> {
    return { type: "done", evidence: "nothing stands between the nodes" };
  }

  async cut(grudge: Grudge): Promise<Done> {
    return grudge.length === 0 ? { type: "done", evidence: "nothing was cut" } : uncuttable;
  }

  async close(): Promise<void> {}
}
