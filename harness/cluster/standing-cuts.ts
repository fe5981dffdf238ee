/**
 * The cuts of several faults at once. Each fault has a grudge of its own; a link is cut as long as any of them holds
 * it, so that one fault's heal never mends what another one still cuts. One change at a time, since each is proved by
 * a probe of every link.
 */
import type { Done, Grudge } from "./cluster.ts";
import { InTurn } from "./in-turn.ts";
import { type Links, pairName } from "./links.ts";

export class StandingCuts {
  readonly #links: Pick<Links, "cut">;
  readonly #grudges = new Map<string, Grudge>();
  readonly #turns = new InTurn();

  constructor(links: Pick<Links, "cut">) {
    this.#links = links;
  }

  /** Adds the cuts of `fault`, in place of those it had before. */
  cut(fault: string, grudge: Grudge): Promise<Done> {
    return this.#turns.do(() => {
      this.#grudges.set(fault, grudge);
      return this.#links.cut(this.#union());
    });
  }

  /** Takes back the cuts of `fault`; a fault that has none is mended already. */
  mend(fault: string): Promise<Done> {
    return this.#turns.do(() => {
      this.#grudges.delete(fault);
      return this.#links.cut(this.#union());
    });
  }

  /** Each pair once, whoever cuts it. */
  #union(): Grudge {
    return [
      ...new Map([...this.#grudges.values()].flat().map((pair) => [pairName(pair), pair] as const)).values(),
    ];
  }
}
