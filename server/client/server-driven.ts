/**
 * A client that knows nothing of the ring (Dynamo §4.5, 6.4): it asks any node, in turn, and that node coordinates
 * or forwards. One hop more than needed, and no code of the store in the application beyond an HTTP call.
 */
import type { NodeId } from "../ports/network.ts";
import type { Attempt, Driver, Entry, ReadEnding, ReadRequest, WriteEnding, WriteRequest } from "./entry.ts";

export class ServerDriven implements Driver {
  readonly #entry: Entry;
  readonly #nodes: () => readonly NodeId[];
  #turn: number;

  /** `firstTurn` spreads many clients over the nodes, which are taken one after another from there. */
  constructor(entry: Entry, nodes: () => readonly NodeId[], firstTurn: number) {
    this.#entry = entry;
    this.#nodes = nodes;
    this.#turn = firstTurn;
  }

  read(request: ReadRequest, attempt: Attempt): Promise<ReadEnding> {
    const { timeoutMs } = attempt;
    return this.#entry.get(this.#next(attempt), { ...request, timeoutMs: wholeMs(timeoutMs) }, timeoutMs);
  }

  write(request: WriteRequest, attempt: Attempt): Promise<WriteEnding> {
    const { timeoutMs } = attempt;
    return this.#entry.write(this.#next(attempt), { ...request, timeoutMs: wholeMs(timeoutMs) }, timeoutMs);
  }

  close(): Promise<void> {
    return this.#entry.close();
  }

  /** The next node in turn that this request has not tried, or the next at all when it has tried them all. */
  #next({ tried }: Attempt): NodeId {
    const nodes = this.#nodes();
    const start = this.#turn++;
    const inTurn = nodes.map((_, step) => nodes[(start + step) % nodes.length] ?? "");
    const node = inTurn.find((candidate) => !tried.has(candidate)) ?? inTurn[0] ?? "";
    tried.add(node);
    return node;
  }
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.floor(ms));
}
