/**
 * Logical clients: as many as there are requests at once, each never doing two things at a time. One that has had an
 * unknown outcome is retired, since its last request may still be going on; its session goes on with a fresh one.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Store } from "../../workloads/store.ts";
import type { ClientProcess } from "../../workloads/workload.ts";
import type { Caller } from "../client/caller.ts";

export class LogicalClient implements ClientProcess {
  readonly caller: Caller;
  readonly store: Store;
  #sequence = 0;

  /** `storeOf` makes the store through which this client, and no other, makes its requests. */
  constructor(process: number, session: string, storeOf: (caller: Caller) => Store) {
    this.caller = { process, session, operation: "", route: [], intended: 0 };
    this.store = storeOf(this.caller);
  }

  /** A new arrival for this client. */
  arrive({ intended, route }: { readonly intended: number; readonly route: readonly NodeName[] }): void {
    this.caller.intended = intended;
    this.caller.route = route;
  }

  nextOperation(): string {
    this.caller.operation = `${this.caller.process}.${this.#sequence++}`;
    return this.caller.operation;
  }
}

export class Roster {
  readonly #storeOf: (caller: Caller) => Store;
  readonly #free = new Map<string, LogicalClient[]>();
  #nextProcess = 0;

  constructor(storeOf: (caller: Caller) => Store) {
    this.#storeOf = storeOf;
  }

  /** What the next writer of this journal begins with. */
  get nextProcess(): number {
    return this.#nextProcess;
  }

  /** A client of `session` that does nothing just now. */
  engage(session: string): LogicalClient {
    return this.#free.get(session)?.pop() ?? new LogicalClient(this.#nextProcess++, session, this.#storeOf);
  }

  /** Back from its work, which did not end unknown. */
  release(client: LogicalClient): void {
    const free = this.#free.get(client.caller.session);
    if (free === undefined) this.#free.set(client.caller.session, [client]);
    else free.push(client);
  }
}

/**
 * The nodes that an arrival's requests try, two of them where there are two. The second is spread over all others, so
 * that the load of a node that is down falls on no single neighbour.
 */
export function routeOf(nodes: readonly NodeName[], entry: number, arrival: number): readonly NodeName[] {
  const first = entry % nodes.length;
  if (nodes.length === 1) return nodes;
  const second = (first + 1 + (arrival % (nodes.length - 1))) % nodes.length;
  return [nodes[first], nodes[second]].filter((node) => node !== undefined);
}
