/**
 * A standing connection over one relayed link with the harness at both ends, so that each direction can be looked at
 * alone. A number is sent from both ends; a direction is open when the other end has heard it.
 */
import type { Socket } from "node:net";
import { createInterface } from "node:readline";

export class ProbeWire {
  readonly #near: Socket;
  readonly #far: Socket;
  #heardNear = 0;
  #heardFar = 0;

  /** `near` is the end of the node that connects, `far` of the one that listens. */
  constructor(near: Socket, far: Socket) {
    this.#near = near;
    this.#far = far;
    for (const end of [near, far]) end.on("error", () => {});
    createInterface({ input: near }).on("line", (line) => {
      this.#heardNear = Number(line);
    });
    createInterface({ input: far }).on("line", (line) => {
      this.#heardFar = Number(line);
    });
  }

  /** `bytes`: of each line at the least. Numbers ascend from one call to the next; what is held by a cut arrives in order after it. */
  send(number: number, bytes = 0): void {
    const line = `${String(number).padStart(bytes - 1, "0")}\n`;
    this.#near.write(line);
    this.#far.write(line);
  }

  hasCrossedForward(number: number): boolean {
    return this.#heardFar >= number;
  }

  hasCrossedBackward(number: number): boolean {
    return this.#heardNear >= number;
  }

  close(): void {
    this.#near.destroy();
    this.#far.destroy();
  }
}
