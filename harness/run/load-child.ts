/**
 * The load process as the orchestrator holds it: forked, told to start, fed with the events of others, and awaited.
 * It goes away by itself; should it die early, that is said in one sentence and never waited for.
 */
import { execaNode } from "execa";
import type { HistoryEvent, NodeName } from "../../checkers/history/event.ts";
import { bundlePath } from "../bundle/project-root.ts";
import { heardOut } from "../heard-out.ts";
import { type LoadPriority, prioritise } from "../load/priority.ts";
import type { FromLoad, LoadDone, LoadOptions, LoadProgress, ToLoad } from "../load/protocol.ts";
import type { WorkloadClients } from "../nemesis/workload-clients.ts";
import { promptly } from "../prompt-start.ts";

export type LoadEnd = LoadDone | { readonly type: "failed"; readonly sentence: string };

/** In a session of its own: a Ctrl-C on the terminal would end it while it is too young to leave that to its parent. */
const spawnLoad = () =>
  execaNode(bundlePath("load"), [], {
    ipc: true,
    detached: true,
    nodeOptions: [...promptly],
    reject: false,
    stdin: "ignore",
    stdout: "ignore",
    serialization: "advanced",
    maxBuffer: 64 * 1024,
  });

export class LoadChild implements WorkloadClients {
  readonly #child = spawnLoad();
  readonly #ended: Promise<LoadEnd>;
  readonly #sent: HistoryEvent[] = [];
  #lateCopyCount = 0;
  /** What it is to hear once it has been told to start; undefined from then on. */
  #waiting: ToLoad[] | undefined = [];

  constructor(options: LoadOptions, priority: LoadPriority, onProgress: (progress: LoadProgress) => void) {
    this.#ended = this.#listen(options, priority, onProgress);
  }

  /** Resolves when the load is over, the journal closed and the process gone. */
  get ended(): Promise<LoadEnd> {
    return this.#ended;
  }

  get lateCopyCount(): number {
    return this.#lateCopyCount;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Appends another's event to the journal, which only the load process writes while it runs. */
  record(event: HistoryEvent): void {
    this.#sent.push(event);
    this.#tell({ type: "record", event });
  }

  /** Events that came too late for the load process, for the next writer of the journal; after `ended`. */
  unrecorded({ recordedCount }: LoadDone): readonly HistoryEvent[] {
    return this.#sent.slice(recordedCount);
  }

  sendLateCopies(through: readonly NodeName[]): void {
    this.#tell({ type: "late-copies", through });
  }

  /** No more arrivals; `ended` follows within seconds. */
  stop(): void {
    this.#tell({ type: "stop" });
  }

  #tell(message: ToLoad): void {
    if (this.#waiting === undefined) void this.#say(message);
    else this.#waiting.push(message);
  }

  async #start(options: LoadOptions, priority: LoadPriority): Promise<void> {
    await prioritise(this.#child.pid ?? 0, priority);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of [{ type: "start" as const, options }, ...waiting]) void this.#say(message);
  }

  /** A message to a process that has gone away is lost with it; `ended` tells why it went. Never rejects. */
  async #say(message: ToLoad): Promise<void> {
    try {
      await this.#child.sendMessage(message);
    } catch {
      // It was going away, or had gone before: then the call itself throws.
    }
  }

  async #listen(
    options: LoadOptions,
    priority: LoadPriority,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<LoadEnd> {
    let end: LoadEnd | undefined;
    this.#child.on("message", (message: FromLoad) => {
      switch (message.type) {
        case "ready":
          return void this.#start(options, priority);
        case "progress":
          this.#lateCopyCount = message.lateCopyCount;
          return onProgress(message);
        case "done":
        case "failed":
          end = message;
          return;
      }
    });
    const result = await this.#child;
    await heardOut(this.#child);
    const how = result.signal === undefined ? `code ${result.exitCode}` : `signal ${result.signal}`;
    const said = result.stderr.trim().split("\n").at(-1) ?? "";
    return end ?? { type: "failed", sentence: `The load process ended early with ${how}. ${said}`.trim() };
  }
}
