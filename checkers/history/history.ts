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
  MachineHealth,
  Micros,
  NodeEnded,
  Phase,
  RunEnded,
  RunStarted,
} from "./event.ts";
import { fillCompletion, fillInvocation } from "./event-rows.ts";
import { afterEvent, type Fault } from "./faults.ts";
import { decodeEvent, type JournalProblem, RecordReader } from "./journal.ts";
import type { LateCopy } from "./late-copy.ts";
import { Names } from "./names.ts";
import { RecordRows } from "./record-rows.ts";
import { Requests } from "./requests.ts";
import { CompletionRow, InvocationRow, kinds, outcomes, type Vocabulary } from "./rows.ts";
import { Versions } from "./versions.ts";
import { WellFormedness } from "./well-formed.ts";

export type History = Vocabulary & {
  /** Absent when the journal's beginning is; then nothing is known of phases and promises. */
  readonly run: RunStarted | undefined;
  /** Absent when the run was cut short. */
  readonly end: RunEnded | undefined;
  readonly phases: readonly Phase[];
  readonly requests: Requests;
  /** In order: writes that were sent again after their requests had ended. */
  readonly lateCopies: readonly LateCopy[];
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
  readonly machine: readonly MachineHealth[];
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
  const reader = new RecordReader(builder);
  for await (const chunk of chunks) reader.push(chunk);
  reader.end();
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
    tags: new Names(),
    items: new Names(),
  };
  readonly #records = new RecordRows(this.#words);
  readonly #invocation = new InvocationRow();
  readonly #completion = new CompletionRow();
  readonly #requests = new Requests(this.#words);
  readonly #versions = new Versions(this.#words);
  readonly #dumps = new Dumps(this.#words);
  readonly #wellFormedness = new WellFormedness();
  readonly #processes = new Map<number, number>();
  readonly #faults = new Map<string, Fault>();
  readonly #lateCopies: LateCopy[] = [];
  readonly #calm: Calm[] = [];
  readonly #load: LoadHealth[] = [];
  readonly #endedNodes: NodeEnded[] = [];
  readonly #machine: MachineHealth[] = [];
  /** Rows still without completion, by request id. */
  readonly #open = new Map<number, number>();
  #run: RunStarted | undefined;
  #end: RunEnded | undefined;
  #lastAt = 0;
  #tornBytes = 0;
  #calmBeforeDumps = 0;

  addProblem({ type, position, bytes }: JournalProblem): void {
    if (type === "torn") this.#tornBytes = bytes;
    else this.#wellFormedness.damaged(position, bytes);
  }

  add(event: HistoryEvent): void {
    if ("at" in event) this.#lastAt = Math.max(this.#lastAt, event.at);
    switch (event.type) {
      case "run":
        if (this.#run === undefined) this.#run = event;
        else this.#wellFormedness.secondRun();
        return;
      case "invoke":
        fillInvocation(this.#invocation, event, this.#words);
        return this.#asked(this.#invocation);
      case "ok":
      case "fail":
      case "info":
        fillCompletion(this.#completion, event, this.#words);
        return this.#answered(this.#completion);
      case "late-copy":
        return this.#copied(event);
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
      case "machine":
        this.#machine.push(event);
        return;
      case "end":
        this.#end = event;
        return;
    }
  }

  /** Takes a journal's record as its bytes. False when they are no event. */
  addRecord(bytes: Uint8Array, start: number, end: number): boolean {
    switch (this.#records.read(bytes, start, end)) {
      case "invocation":
        this.#asked(this.#records.invocation);
        return true;
      case "completion":
        this.#answered(this.#records.completion);
        return true;
      case undefined: {
        const event = decodeEvent(bytes.subarray(start, end));
        if (event !== undefined) this.add(event);
        return event !== undefined;
      }
    }
  }

  #asked(asked: InvocationRow): void {
    this.#lastAt = Math.max(this.#lastAt, asked.at);
    if (!this.#wellFormedness.invoked(asked, kinds[asked.kind] ?? "get")) return;
    const row = this.#requests.invoke(asked, asked.doesWrite ? asked.written.version : -1);
    this.#open.set(asked.id, row);
    if (!this.#processes.has(asked.process)) this.#processes.set(asked.process, this.#processes.size);
    if (asked.doesWrite && !this.#versions.add(asked.written, row))
      this.#wellFormedness.writtenTwice(asked.id, this.#words.versions.name(asked.written.version));
  }

  #answered(answer: CompletionRow): void {
    this.#lastAt = Math.max(this.#lastAt, answer.at);
    const row = this.#open.get(answer.id);
    if (row === undefined)
      return this.#wellFormedness.unasked(answer.id, this.#requests.rowOf(answer.id) >= 0);
    this.#open.delete(answer.id);
    this.#requests.complete(row, answer);
    const { id, at } = answer;
    const sent = this.#requests.sent(row);
    this.#wellFormedness.completed({ id, at, sent, process: this.#requests.process(row) });
    if (outcomes[answer.outcome] === "fail") this.#wellFormedness.failed(id, this.#requests.attempts(row));
  }

  #copied(copy: LateCopy): void {
    const requests = this.#requests;
    const row = requests.rowOf(copy.id);
    const isWrite = row >= 0 && requests.kind(row) !== "get";
    if (!this.#wellFormedness.copied(copy, isWrite ? requests.done(row) : undefined)) return;
    this.#lateCopies.push(copy);
    if (requests.outcome(row) === "fail") this.#wellFormedness.failed(copy.id, [copy.attempt]);
  }

  /** As far as it goes. Shares its tables with the builder: after further events, take another. */
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
      lateCopies: this.#lateCopies,
      dumps,
      written: this.#versions,
      faults: [...this.#faults.values()],
      calm: this.#calm,
      calmAfterDumps: this.#calm.slice(this.#calmBeforeDumps),
      load: this.#load,
      endedNodes: this.#endedNodes,
      machine: this.#machine,
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
