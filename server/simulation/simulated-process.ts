/**
 * The life of one boot of one node in a simulated world, as an operating system would have it.
 *
 * Whatever calls back into a node (timers, messages, disk) goes through its process: while it is paused the calls
 * wait, as signals and sockets do for a stopped process, and come in order when it resumes; after its death they
 * never come. A dead node's unfinished promises stay unfinished for ever, exactly as in a killed process.
 */
import type { Cancel } from "../ports/clock.ts";
import type { World } from "./world.ts";

export class SimulatedProcess {
  readonly world: World;
  readonly name: string;
  #condition: "running" | "paused" | "dead" = "running";
  readonly #held: (() => void)[] = [];

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  get isRunning(): boolean {
    return this.#condition === "running";
  }

  get isDead(): boolean {
    return this.#condition === "dead";
  }

  /** Calls back into this process after `delayMs`, if it lives then; while it is paused, when it resumes. */
  after(delayMs: number, action: () => void): Cancel {
    let isCancelled = false;
    const callBack = () => {
      if (!isCancelled) action();
    };
    const cancel = this.world.after(delayMs, () => this.enter(callBack));
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Calls back into this process as part of the event that is happening; see `after`. */
  enter(action: () => void): void {
    switch (this.#condition) {
      case "running":
        action();
        break;
      case "paused":
        this.#held.push(action);
        break;
      case "dead":
        break;
    }
  }

  /** SIGSTOP. The monotonic clock runs on. */
  pause(): void {
    if (this.#condition === "running") this.#condition = "paused";
  }

  /** SIGCONT: what came meanwhile happens now, one event each, in the order it came. */
  resume(): void {
    if (this.#condition !== "paused") return;
    this.#condition = "running";
    for (const action of this.#held.splice(0)) this.after(0, action);
  }

  /** SIGKILL. */
  kill(): void {
    this.#condition = "dead";
    this.#held.length = 0;
  }
}
