/**
 * One node as a process of the operating system: started, stopped, killed, paused, continued, and each of these
 * proved by what /proc says of it.
 *
 * A node dies with its harness, three times over: the kernel kills it when its parent ends (`setpriv --pdeathsig`,
 * where that exists), the end of file on its standard input ends it (where it is not stopped), and in the private
 * namespace or by the guardian whatever is left goes too.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Done, NodeLimits } from "./cluster.ts";
import { heapLimit, limitSeen } from "./heap-limit.ts";
import { awaitState, isDead, type ProcessIdentity, signalProcess, stateOf } from "./process-identity.ts";
import { firstServingLine } from "./serving-line.ts";
import { type Command, howItEnded, type Spawned, spawnProcess } from "./spawned-process.ts";
import type { EndListener } from "./unexpected-ends.ts";

/** What to start, fixed for all starts of one node. */
export type Launch = Command & {
  /** From the start to the line that says it serves. */
  readonly serveWithinMs: number;
};

/** Told of each process as it starts and after it has ended, for whoever must outlive the harness. */
export type ProcessWatch = {
  readonly started: (process: ProcessIdentity) => void;
  readonly ended: (process: ProcessIdentity) => void;
};

type Running = Spawned & { isEndExpected: boolean; isPaused: boolean };

const endWithinMs = 10_000;
const stateWithinMs = 5_000;
const betweenLooksMs = 4;
const logLineMax = 300;

const done = (evidence: string): Done => ({ type: "done", evidence });
const failed = (reason: string): Done => ({ type: "failed", reason });

export class NodeProcess {
  readonly node: NodeName;
  readonly #launch: Launch;
  readonly #watch: ProcessWatch;
  readonly #endedUnasked: EndListener;
  /** An end with one of these codes is nobody's surprise, while they stand. */
  excusedExitCodes: readonly number[] = [];
  #running: Running | undefined;
  #isClosed = false;

  /** `endedUnasked` is told, after `watch`, of an end that none of the calls below asked for. */
  constructor(node: NodeName, launch: Launch, watch: ProcessWatch, endedUnasked: EndListener) {
    this.node = node;
    this.#endedUnasked = endedUnasked;
    this.#launch = launch;
    this.#watch = watch;
  }

  get isUp(): boolean {
    return this.#running !== undefined;
  }

  /** Of the process that runs now. */
  get identity(): ProcessIdentity | undefined {
    return this.#running?.identity;
  }

  /** Whether it stands still because it was told to from here. */
  get isPaused(): boolean {
    return this.#running?.isPaused ?? false;
  }

  /** Whether it stands still though nobody told it to from here. */
  get hasStoppedItself(): boolean {
    return this.#running !== undefined && !this.#running.isPaused && stateOf(this.#running.identity) === "T";
  }

  async start({ heapMb }: NodeLimits = {}): Promise<Done> {
    if (this.#isClosed) return failed(`${this.node} is not started any more; the cluster is being stopped.`);
    if (this.#running !== undefined) return failed(`${this.node} runs already.`);
    const before = performance.now();
    const running = this.#spawn(heapMb === undefined ? {} : heapLimit(heapMb));
    if (running === undefined)
      return failed(`${this.node} did not start: ${this.#launch.program} cannot be run.`);
    const deadline = AbortSignal.timeout(this.#launch.serveWithinMs);
    const line = await Promise.race([
      firstServingLine(running.output, deadline),
      running.ended.then((end) => ({ type: "ended" as const, how: howItEnded(end) })),
    ]);
    const tookMs = Math.round(performance.now() - before);
    switch (line.type) {
      case "serving":
        return heapMb === undefined
          ? done(`process ${running.identity.pid} serves after ${tookMs} ms`)
          : limitSeen(running.identity, heapMb);
      case "ended":
        return failed(`${this.node} ended ${line.how} before it served${await this.#lastWords()}.`);
      case "late": {
        await this.#end(running, "SIGKILL");
        return failed(`${this.node} did not serve within ${this.#launch.serveWithinMs} ms.`);
      }
    }
  }

  /** SIGTERM. Asked of a paused node, it is continued first, or it could not hear. */
  async stop(): Promise<Done> {
    const running = this.#running;
    if (running === undefined) return done("it was down already");
    signalProcess(running.identity, "SIGCONT");
    return this.#end(running, "SIGTERM");
  }

  async kill(): Promise<Done> {
    const running = this.#running;
    if (running === undefined) return done("it was down already");
    return this.#end(running, "SIGKILL");
  }

  async pause(): Promise<Done> {
    const running = this.#running;
    if (running === undefined) return failed(`${this.node} is down and cannot be paused.`);
    running.isPaused = true;
    return this.#bring(running, "SIGSTOP", (letter) => letter === "T");
  }

  async resume(): Promise<Done> {
    const running = this.#running;
    if (running === undefined) return failed(`${this.node} is down and cannot be continued.`);
    running.isPaused = false;
    return this.#bring(running, "SIGCONT", (letter) => letter !== "T");
  }

  /** Waits until it stands still without having been told to from here; failed when it ends, or at `over`. */
  async awaitStop(over: AbortSignal): Promise<Done> {
    const running = this.#running;
    if (running === undefined) return failed(`${this.node} is down and cannot stop.`);
    const { pid } = running.identity;
    for (;;) {
      const letter = stateOf(running.identity);
      if (letter === "T" && !running.isPaused)
        return done(`process ${pid} has stopped itself and is in state T`);
      if (isDead(letter)) return failed(`${this.node} ended; it had process ${pid}.`);
      if (over.aborted)
        return failed(`${this.node} did not stop itself; process ${pid} is in state ${letter}.`);
      await delay(betweenLooksMs);
    }
  }

  /** Whatever state it is in, and for good: it cannot be started again. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.kill();
  }

  /** The last line of its log, as the end of a sentence. */
  async #lastWords(): Promise<string> {
    const line = await this.#lastLogLine();
    return line === "" ? "" : `; its log ends: ${line}`;
  }

  async #lastLogLine(): Promise<string> {
    const log = await readFile(this.#launch.logFile, "utf8").catch(() => "");
    return (log.trimEnd().split("\n").at(-1) ?? "").slice(0, logLineMax);
  }

  /** No await before the process is known: a `close` sees it or prevents it. */
  #spawn(more: Readonly<Record<string, string>>): Running | undefined {
    const spawned = spawnProcess({
      ...this.#launch,
      environment: { ...this.#launch.environment, ...more },
    });
    if (spawned === undefined) return undefined;
    const running: Running = { ...spawned, isEndExpected: false, isPaused: false };
    this.#running = running;
    this.#watch.started(running.identity);
    void running.ended.then(async (end) => {
      this.#watch.ended(running.identity);
      if (this.#running === running) this.#running = undefined;
      if (running.isEndExpected || this.excusedExitCodes.some((code) => code === end.exitCode)) return;
      this.#endedUnasked({ node: this.node, ...end, lastLogLine: await this.#lastLogLine() });
    });
    return running;
  }

  async #end(running: Running, signal: "SIGTERM" | "SIGKILL"): Promise<Done> {
    running.isEndExpected = true;
    const { pid } = running.identity;
    if (!signalProcess(running.identity, signal)) return done(`process ${pid} had ended already`);
    const letter = await awaitState(running.identity, isDead, endWithinMs);
    if (!isDead(letter))
      return failed(`Process ${pid} of ${this.node} is still in state ${letter} after ${signal}.`);
    const how = howItEnded(await running.ended);
    return done(`process ${pid} ended ${how}; /proc says ${stateOf(running.identity)}`);
  }

  async #bring(
    running: Running,
    signal: "SIGSTOP" | "SIGCONT",
    isWanted: (letter: string) => boolean,
  ): Promise<Done> {
    const { pid } = running.identity;
    if (!signalProcess(running.identity, signal))
      return failed(`${this.node} is dead; it had process ${pid}.`);
    const letter = await awaitState(
      running.identity,
      (seen) => isWanted(seen) || isDead(seen),
      stateWithinMs,
    );
    if (isWanted(letter) && !isDead(letter)) return done(`process ${pid} is in state ${letter}`);
    return failed(`Process ${pid} of ${this.node} is in state ${letter} after ${signal}.`);
  }
}
