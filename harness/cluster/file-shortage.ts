/**
 * Too many open files: a running node is left no number for another one, so that every accept and every open fails
 * with EMFILE, while what is open stays so.
 *
 * Proof: /proc says that the limit holds, and a new connection to the node is hung up on without an answer. A few
 * numbers may be free below the limit; the connections that get one are kept, so that they stay taken.
 */
import { connect, type Socket } from "node:net";
import type { Done } from "./cluster.ts";
import { fullLimitOf, setSoftLimit, softLimitOf } from "./file-limit.ts";
import { isDead, type ProcessIdentity, stateOf } from "./process-identity.ts";

const answerWithinMs = 3_000;
const connectionsMax = 64;

const failed = (reason: string): Done => ({ type: "failed", reason });

export class FileShortage {
  readonly #held: Socket[] = [];
  #usual: { readonly identity: ProcessIdentity; readonly soft: string } | undefined;

  /** `url`: where the node answers clients. It lasts until `end`, whether it could be proved or not. */
  async begin(identity: ProcessIdentity, url: string): Promise<Done> {
    const { pid } = identity;
    const soft = await softLimitOf(pid);
    if (soft === undefined || isDead(stateOf(identity))) return failed(`Process ${pid} is dead.`);
    this.#usual ??= { identity, soft };
    const limit = await fullLimitOf(pid);
    const set = await setSoftLimit(pid, String(limit));
    if (set.type === "failed") return set;
    const seen = await softLimitOf(pid);
    if (seen !== String(limit)) return failed(`Process ${pid} may still open ${seen ?? "no"} files.`);
    return this.#untilHungUpOn(url, `process ${pid} may have ${limit} files open, and not ${soft}`);
  }

  /** The limit that was before, and a connection that is answered. A process that ended meanwhile needs neither. */
  async end(url: string): Promise<Done> {
    for (const socket of this.#held.splice(0)) socket.destroy();
    const usual = this.#usual;
    if (usual === undefined || isDead(stateOf(usual.identity))) {
      this.#usual = undefined;
      return { type: "done", evidence: "no process is short of files" };
    }
    const { pid } = usual.identity;
    const set = await setSoftLimit(pid, usual.soft);
    if (set.type === "failed") return set;
    const seen = await softLimitOf(pid);
    if (seen !== usual.soft)
      return failed(`Process ${pid} may open ${seen ?? "no"} files, not ${usual.soft}.`);
    const { outcome, socket } = await newConnection(url);
    socket.destroy();
    if (outcome !== "answered") return failed(`A new connection to process ${pid} is still ${outcome}.`);
    this.#usual = undefined;
    return { type: "done", evidence: `process ${pid} may open ${seen} files, and answers a new connection` };
  }

  async #untilHungUpOn(url: string, limited: string): Promise<Done> {
    for (let count = 1; count <= connectionsMax; count += 1) {
      const { outcome, socket } = await newConnection(url);
      this.#held.push(socket);
      if (outcome === "hung up on")
        return { type: "done", evidence: `${limited}: the ${ordinal(count)} new connection was hung up on` };
      if (outcome === "not answered") return failed(`A new connection was neither answered nor hung up on.`);
    }
    return failed(`${connectionsMax} new connections were all answered.`);
  }
}

const ordinal = (count: number): string =>
  `${count}${count % 100 > 10 && count % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th")}`;

type Met = { readonly outcome: "answered" | "hung up on" | "not answered"; readonly socket: Socket };

/** One request over a connection of its own, which stays open for whoever asked. */
function newConnection(url: string): Promise<Met> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const end = (outcome: Met["outcome"]): void => {
      clearTimeout(timer);
      resolve({ outcome, socket });
    };
    const timer = setTimeout(() => end("not answered"), answerWithinMs);
    socket.once("data", () => end("answered"));
    socket.on("error", () => {});
    socket.once("close", () => end("hung up on"));
    socket.write(`GET /v1/health HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  });
}
