/**
 * A journal that is still being written, read as far as it goes and a little further at each look.
 *
 * Each byte is read and decoded once, so that watching a run takes little of the CPU that the run is measured on.
 * The snapshots share their tables with the builder behind them: use one before taking the next.
 */
import { open } from "node:fs/promises";
import { type History, HistoryBuilder } from "../../checkers/history/history.ts";
import { RecordReader } from "../../checkers/history/journal.ts";

const chunkBytes = 1 << 20;

/** Bytes that one look reads at most; a journal that is longer is caught up with in several. */
const lookBytesMax = 2 ** 31;

export class FollowedJournal {
  readonly #path: string;
  readonly #builder = new HistoryBuilder();
  readonly #reader = new RecordReader(this.#builder);
  #position = 0;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** The history so far. Rejects as the operating system does when there is no journal. */
  look(): Promise<History> {
    const next = this.#looking.catch(() => undefined).then(() => this.#readOn());
    this.#looking = next;
    return next;
  }

  async #readOn(): Promise<History> {
    const file = await open(this.#path, "r");
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (let read = 0; read < lookBytesMax; ) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, this.#position);
        if (bytesRead === 0) break;
        this.#position += bytesRead;
        read += bytesRead;
        this.#reader.push(Uint8Array.from(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await file.close();
    }
    return this.#builder.history();
  }
}
