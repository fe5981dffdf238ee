/**
 * Who belongs to the cluster at each point of a plan, since nodes may join and leave in it. A fault without named
 * victims is drawn from those who belong by then, and a plan that cannot be carried out is refused before it starts.
 */
import type { NodeName } from "../checkers/history/event.ts";
import type { FaultRequest } from "./fault-notation.ts";
import type { FaultPlan } from "./nemesis/nemesis.ts";

export class PlanMembers {
  readonly #copies: number;
  readonly #first: readonly NodeName[];
  readonly #spares: NodeName[] = [];
  #now: readonly NodeName[];

  /** `first`: n1, n2, … `copies`: of each key; so many nodes have to stay. */
  constructor(first: readonly NodeName[], copies: number) {
    this.#copies = copies;
    this.#first = first;
    this.#now = first;
  }

  /** In the order in which they came. */
  get now(): readonly NodeName[] {
    return this.#now;
  }

  /** Of each key. */
  get copies(): number {
    return this.#copies;
  }

  /** Who joins, ever. */
  get spares(): readonly NodeName[] {
    return this.#spares;
  }

  /** A join that names nobody lets in the next number. */
  named(request: FaultRequest): FaultRequest {
    if (request.kind !== "join" || request.nodes !== undefined) return request;
    return { ...request, nodes: [`n${this.#first.length + this.#spares.length + 1}`] };
  }

  /** What is wrong with the fault at this point, without its full stop; otherwise it has happened now. */
  take({ kind, nodes }: FaultPlan): string | undefined {
    const known = [...this.#first, ...this.#spares];
    if (kind === "join") {
      const wrong = nodes.find((node) => known.includes(node) || !/^n[1-9]\d{0,2}$/.test(node));
      if (wrong !== undefined) {
        return `--faults lets "${wrong}" join; a node that joins is called n${known.length + 1} or so, and joins once`;
      }
      this.#spares.push(...nodes);
      this.#now = [...this.#now, ...nodes];
      return undefined;
    }
    const unknown = nodes.find((node) => !known.includes(node));
    if (unknown !== undefined) return `--faults names node "${unknown}"; the nodes are ${known.join(", ")}`;
    return kind === "leave" ? this.#leave(nodes) : undefined;
  }

  #leave(nodes: readonly NodeName[]): string | undefined {
    const gone = nodes.find((node) => !this.#now.includes(node));
    if (gone !== undefined) return `--faults lets ${gone} leave, which has left before`;
    const left = this.#now.filter((node) => !nodes.includes(node));
    if (left.length < this.#copies) {
      return `--faults lets ${nodes.join(", ")} leave; ${left.length} nodes are left then, and --n asks for ${this.#copies} copies`;
    }
    this.#now = left;
    return undefined;
  }
}
