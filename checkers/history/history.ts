/**
 * The evidence, indexed: what a run's events say, paired and grouped, for checkers to walk.
 *
 * Built from one pass over the events, in their order, into columns: a million requests take some hundred
 * megabytes. Nothing is judged here. What does not fit together (ids used twice, time going backwards, damage in
 * the journal) becomes a defect: one sentence, which keeps every verdict from being a pass.
 */
import { Groups } from "./columns.ts";
import { Dumps } from "./dumps.ts";
import type {
  Calm,
  HistoryEvent,
  LoadHealth,
  Micros,
  NodeEnded,
  Phase,
  RunEnded,
  RunStarted,
} from "./event.ts";
import { afterEvent, type Fault } from "./faults.ts";
import { type JournalItem, readJournal } from "./journal.ts";
import { Names } from "./names.ts";
import { Requests, type Vocabulary } from "./requests.ts";
import { Versions } from "./versions.ts";
import { WellFormedness } from "./well-formed.ts";

export type History = Vocabulary & {
  /** Absent when the journal's beginning is; then nothing is known of phases and promises. */
  readonly run: RunStarted | undefined;
  /** Absent when the run was cut short. */
  readonly end: RunEnded | undefined;
  readonly phases: readonly Phase[];
  readonly requests: Requests;
  /** What each write id wrote. */
  readonly written: Versions;
  readonly dumps: Dumps;
  /** In order of injection. */
  readonly faults: readonly Fault[];
  /** In order; several of one node when the harness looked several times. */
  readonly calm: readonly Calm[];
  /** Those of `calm` that were taken after the last dump. */
  readonly calmAfterDumps: readonly Calm[];
  readonly load: readonly LoadHealth[];
  /** Nodes that ended though nobody asked them to, in order. */
  readonly endedNodes: readonly NodeEnded[];
  /** Rows of a key, a process: ascending, which is the order of invocation. */
  readonly rowsOfKey: (key: number) => Int32Array;
  readonly rowsOfProcess: (process: number) => Int32Array;
  readonly processes: readonly number[];
  readonly dumpsOfKey: (key: number) => Int32Array;
  /** The latest time that any event names. */
  readonly lastAt: Micros;
  /** Bytes of an unfinished frame at the journal's end: a crash, not a defect. */
  readonly tornBytes: number;
  /** What does not fit together, a sentence each, at most `defectLimit`. Empty in a well-formed history. */
  readonly defects: readonly string[];
};

export const historyOf = (events: Iterable<HistoryEvent>): History => {
  const builder = new HistoryBuilder();
  for (const event of events) builder.add(event);
  return builder.history();
};

/** A journal's history. Damage becomes a defect, a torn end does not. What the source throws passes through. */
export const historyFromJournal = async (
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<History> => {
  const builder = new HistoryBuilder();
  for await (const items of readJournal(chunks)) for (const item of items) builder.addItem(item);
  return builder.history();
};

/** Takes a history event by event, as a stream brings it. */
export class HistoryBuilder {
  readonly #words: Vocabulary = {
    keys: new Names(),
    nodes: new Names(),
    sessions: new Names(),
    operations: new Names(),
    versions: new Names(),
    digests: new Names(),
    errors: new Names(),
  };
  readonly #requests = new Requests(this.#words);
  readonly #versions = new Versions(this.#words);
  readonly #dumps = new Dumps(this.#words);
  readonly #wellFormedness = new WellFormedness();
  readonly #processes = new Map<number, number>();
  readonly #faults = new Map<string, Fault>();
  readonly #calm: Calm[] = [];
  readonly #load: LoadHealth[] = [];
  readonly #endedNodes: NodeEnded[] = [];
  /** Rows still without completion, by request id. */
  readonly #open = new Map<number, number>();
  #run: RunStarted | undefined;
  #end: RunEnded | undefined;
  #lastAt = 0;
  #tornBytes = 0;
  #calmBeforeDumps = 0;

  addItem(item: JournalItem): void {
    switch (item.type) {
      case "event":
        return this.add(item.event);
      case "damaged":
        return this.#wellFormedness.damaged(item.position, item.bytes);
      case "torn":
        this.#tornBytes = item.bytes;
        return;
    }
  }

  add(event: HistoryEvent): void {
    if ("at" in event) this.#lastAt = Math.max(this.#lastAt, event.at);
    switch (event.type) {
      case "run":
        if (this.#run === undefined) this.#run = event;
        else this.#wellFormedness.secondRun();
        return;
      case "invoke": {
        if (!this.#wellFormedness.invoked(event)) return;
        const row = this.#requests.invoke(event);
        this.#open.set(event.id, row);
        if (!this.#processes.has(event.process)) this.#processes.set(event.process, this.#processes.size);
        if (event.written !== undefined && !this.#versions.add(event.written, row)) {
          this.#wellFormedness.writtenTwice(event);
        }
        return;
      }
      case "ok":
      case "fail":
      case "info": {
        const row = this.#open.get(event.id);
        if (row === undefined)
          return this.#wellFormedness.unasked(event, this.#requests.rowOf(event.id) >= 0);
        this.#open.delete(event.id);
        this.#wellFormedness.completed(event, {
          process: this.#requests.process(row),
          sent: this.#requests.sent(row),
        });
        return this.#requests.complete(row, event);
      }
      case "fault":
        this.#faults.set(event.id, afterEvent(this.#faults.get(event.id), event));
        return;
      case "dump":
        this.#calmBeforeDumps = this.#calm.length;
        return this.#dumps.add(event);
      case "calm":
        this.#calm.push(event);
        return;
      case "load":
        this.#load.push(event);
        return;
      case "node-ended":
        this.#endedNodes.push(event);
        return;
      case "end":
        this.#end = event;
        return;
    }
  }

  /** The builder is spent afterwards. */
  history(): History {
    const requests = this.#requests;
    const dumps = this.#dumps;
    const byKey = new Groups(requests.count, this.#words.keys.count, (row) => requests.key(row));
    const processOf = (row: number): number => this.#processes.get(requests.process(row)) ?? -1;
    const byProcess = new Groups(requests.count, this.#processes.size, processOf);
    const dumpsByKey = new Groups(dumps.count, this.#words.keys.count, (row) => dumps.key(row));
    return {
      ...this.#words,
      run: this.#run,
      end: this.#end,
      phases: this.#run?.phases ?? [],
      requests,
      dumps,
      written: this.#versions,
      faults: [...this.#faults.values()],
      calm: this.#calm,
      calmAfterDumps: this.#calm.slice(this.#calmBeforeDumps),
      load: this.#load,
      endedNodes: this.#endedNodes,
      rowsOfKey: (key) => byKey.rows(key),
      rowsOfProcess: (process) => byProcess.rows(this.#processes.get(process) ?? -1),
      processes: [...this.#processes.keys()],
      dumpsOfKey: (key) => dumpsByKey.rows(key),
      lastAt: this.#lastAt,
      tornBytes: this.#tornBytes,
      defects: this.#wellFormedness.defects(),
    };
  }
}
