/**
 * Processes of nodes that ended though nobody had asked them to. Whoever keeps the history listens while it can be
 * written to; what happens in between waits for the next one who does, so that no crash goes unrecorded.
 */
import type { NodeEnded } from "../../checkers/history/event.ts";

export type UnexpectedEnd = Pick<NodeEnded, "node" | "exitCode" | "signal" | "lastLogLine">;

export type EndListener = (end: UnexpectedEnd) => void;

export class UnexpectedEnds {
  #listener: EndListener | undefined;
  #untold: UnexpectedEnd[] = [];

  readonly seen: EndListener = (end) => {
    if (this.#listener === undefined) this.#untold.push(end);
    else this.#listener(end);
  };

  /** The latest listener is told, at once of all that waited. Undefined: nobody listens for now. */
  listen(listener: EndListener | undefined): void {
    this.#listener = listener;
    if (listener === undefined) return;
    for (const end of this.#untold.splice(0)) listener(end);
  }
}
