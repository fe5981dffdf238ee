/**
 * The history as it happens, on disk. Events are appended to a buffer and handed to the kernel every few tens of
 * milliseconds or whenever 64 KiB have gathered, so that a killed harness loses no more than that. One write is
 * under way at a time, off the load loop's thread; the order in the file is the order of `append`.
 *
 * A disk that refuses ends the recording with one sentence. The journal is then cut back to its last whole event, so
 * that it can still be read.
 */
import { type FileHandle, open } from "node:fs/promises";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { encodeEvent } from "../../checkers/history/journal.ts";
import type { RunClock } from "../client/run-clock.ts";

/** Half of the 50 ms that are promised, because timers come late on a busy machine. */
const flushMs = 25;
const flushBytes = 64 * 1024;
/** A disk that is this far behind will not catch up. */
const backlogBytesMax = 64 * 1024 * 1024;

/** What the recorder needs of an open file: appending, cutting, closing. */
export type JournalFile = {
  readonly length: number;
  /** Appends some of `bytes`, at least one, and says how many. Rejects as the system does. */
  write(bytes: Uint8Array): Promise<number>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
};

export type RecorderOptions = {
  readonly clock: Pick<RunClock, "after">;
  /** Called once, when events can no longer be kept; the sentence is for a person. */
  readonly onFailure: (sentence: string) => void;
};

export class Recorder {
  readonly #file: JournalFile;
  readonly #options: RecorderOptions;
  #frames: Uint8Array[] = [];
  #byteCount = 0;
  /** Bytes of the file that are whole events. */
  #writtenBytes: number;
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(file: JournalFile, options: RecorderOptions) {
    this.#file = file;
    this.#options = options;
    this.#writtenBytes = file.length;
  }

  /** Appends to the journal at `path`, or begins it. Rejects with the system's error when it cannot be opened. */
  static async open(path: string, options: RecorderOptions): Promise<Recorder> {
    return new Recorder(await openJournal(path), options);
  }

  /** Why nothing is recorded any more. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Takes the event now; it is in the kernel within 50 ms. After a failure it is let go. */
  append(event: HistoryEvent): void {
    if (this.#failure !== undefined) return;
    const frame = encodeEvent(event);
    this.#frames.push(frame);
    this.#byteCount += frame.length;
    if (this.#byteCount > backlogBytesMax) {
      this.#fail("The disk does not keep up with the journal: 64 MiB of events wait to be written.");
    } else if (this.#byteCount >= flushBytes) {
      void this.flush();
    } else {
      this.#cancelTimer ??= this.#options.clock.after(flushMs, () => void this.flush());
    }
  }

  /** Resolves when everything appended so far is in the kernel, or the recording has failed. Never rejects. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  /** Writes what is left and closes the file. To be called once, after the last `append`. */
  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    while (this.#byteCount > 0 && this.#failure === undefined) {
      const bytes = Buffer.concat(this.#frames, this.#byteCount);
      this.#frames = [];
      this.#byteCount = 0;
      try {
        for (let from = 0; from < bytes.length; ) from += await this.#file.write(bytes.subarray(from));
        this.#writtenBytes += bytes.length;
      } catch (thrown) {
        await this.#cutBack(thrown);
      }
    }
  }

  async #cutBack(thrown: unknown): Promise<void> {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const isCut = await this.#file.truncate(this.#writtenBytes).then(
      () => true,
      () => false,
    );
    const rest = isCut ? "it ends with its last whole event" : "it may end inside an event";
    this.#fail(`The journal cannot be written any more (${reason}); ${rest}.`);
  }

  #fail(sentence: string): void {
    this.#failure = sentence;
    this.#frames = [];
    this.#byteCount = 0;
    this.#options.onFailure(sentence);
  }
}

async function openJournal(path: string): Promise<JournalFile> {
  const handle: FileHandle = await open(path, "a");
  const { size } = await handle.stat();
  return {
    length: size,
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}
