/**
 * A node that stops itself at a moment of a protocol: armed, and continued. What it was armed with it says itself;
 * that it stands still is read from /proc, by its process.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Moment } from "../../server/adapters/moments.ts";
import type { Done } from "./cluster.ts";
import type { NodeProcess } from "./node-process.ts";
import { callTrigger } from "./trigger-port.ts";

const continuedWithinMs = 10_000;
const betweenTriesMs = 20;

export class NodeTrigger {
  readonly #node: NodeName;
  readonly #verificationUrl: string;
  readonly #process: Pick<NodeProcess, "isUp" | "isPaused" | "hasStoppedItself" | "resume">;
  /** For whom it may be armed: it was asked to, and has not said since that it is not. */
  #owner: string | undefined;

  constructor(
    node: NodeName,
    verificationUrl: string,
    process: Pick<NodeProcess, "isUp" | "isPaused" | "hasStoppedItself" | "resume">,
  ) {
    this.#node = node;
    this.#verificationUrl = verificationUrl;
    this.#process = process;
  }

  /** A paused node is not asked: it would hear it when it goes on, and nobody would wait for it then. */
  async arm(fault: string, moment: Moment): Promise<Done> {
    if (this.#process.isPaused)
      return { type: "failed", reason: `${this.#node} is paused and cannot be armed.` };
    if (this.#owner !== undefined)
      return { type: "failed", reason: `${this.#node} is armed for the fault "${this.#owner}" already.` };
    this.#owner = fault;
    const answer = await callTrigger("POST", this.#verificationUrl, `?event=${moment}`);
    return answer.type === "answered"
      ? { type: "done", evidence: `${this.#node} is armed with ${moment}` }
      : { type: "failed", reason: `${this.#node} cannot be armed with ${moment}: ${answer.reason}.` };
  }

  /**
   * Until the node says that it is unarmed, or is down. It may come to its moment while it is asked, and is then
   * silent: so it is continued and asked again.
   */
  async disarm(fault: string): Promise<Done> {
    if (this.#owner !== fault) return { type: "done", evidence: "it was not armed" };
    const until = performance.now() + continuedWithinMs;
    for (;;) {
      if (!this.#process.isUp) return this.#unarmed("it is down, and nothing is armed");
      if (this.#process.hasStoppedItself) await this.#process.resume();
      const answer = await callTrigger("DELETE", this.#verificationUrl);
      if (answer.type === "answered") {
        const { fired } = answer;
        return this.#unarmed(
          `it goes on, and ${fired === null ? "did not come to its moment" : `says that it stopped at ${fired}`}`,
        );
      }
      if (performance.now() >= until)
        return { type: "failed", reason: `${this.#node} does not say that it is unarmed: ${answer.reason}.` };
      await delay(betweenTriesMs);
    }
  }

  #unarmed(evidence: string): Done {
    this.#owner = undefined;
    return { type: "done", evidence };
  }
}
