/**
 * Events as bytes and back: one frame an event, appended as it happens, readable after any crash.
 *
 *     marker 0x54 0x43 | length, 4 bytes | CRC32C of length and record, 4 bytes | record, msgpack
 *
 * Numbers are little-endian. A record stands for itself: plain msgpack maps, no shared state between records, so
 * that any frame can be read alone. A writer that dies leaves a torn tail, which is expected and reported. Anything
 * else that does not check is damage: it is reported with its place, and reading goes on at the next frame whose
 * checksum holds, so that an orchestrator may append behind the torn frame of a load process that was killed.
 *
 * Pure over bytes: who opens, appends and syncs the file is not known here.
 */
import { Packr } from "msgpackr";
import { crc32c } from "./crc32c.ts";
import type { HistoryEvent } from "./event.ts";
import { isHistoryEvent } from "./event-shape.ts";

/** Bytes before the record. */
export const frameHeaderBytes = 10;

/** No event comes near; a longer length is damage, not a reason to wait for its end. */
export const recordBytesMax = 1 << 24;

const markerFirst = 0x54;
const markerSecond = 0x43;
const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: "number" });

/** What reading found at byte `position` of the journal. */
export type JournalItem =
  | { readonly type: "event"; readonly event: HistoryEvent; readonly position: number }
  | JournalProblem;

export type JournalProblem =
  /** `bytes` bytes that are no frame, or a frame that is no event; events may be missing here. */
  | {
      readonly type: "damaged";
      readonly position: number;
      readonly bytes: number;
      readonly reason: "checksum" | "no-event";
    }
  /** The journal stops inside a frame. Only ever the last item. */
  | { readonly type: "torn"; readonly position: number; readonly bytes: number };

/** Whether a file that begins like this is a journal. */
export const startsJournal = (bytes: Uint8Array): boolean =>
  bytes[0] === markerFirst && bytes[1] === markerSecond;

/** One frame. Throws only when the record is over `recordBytesMax`, which no workload can make. */
export const encodeEvent = (event: HistoryEvent): Uint8Array => {
  const record = packr.pack(event);
  if (record.length > recordBytesMax) throw new RangeError(`an event of ${record.length} bytes`);
  const frame = new Uint8Array(frameHeaderBytes + record.length);
  const view = new DataView(frame.buffer);
  frame[0] = markerFirst;
  frame[1] = markerSecond;
  view.setUint32(2, record.length, true);
  frame.set(record, frameHeaderBytes);
  view.setUint32(6, checksum(frame, 0, record.length), true);
  return frame;
};

/** Of the frame at `start`: over the length and the record, so that a flipped length does not pass either. */
const checksum = (bytes: Uint8Array, start: number, length: number): number =>
  crc32c(bytes, start + 2, start + 6) ^
  crc32c(bytes, start + frameHeaderBytes, start + frameHeaderBytes + length);

/** Bytes of the frame at `start`, header included, or why there is none. */
const frameAt = (bytes: Uint8Array, view: DataView, start: number): number | "incomplete" | "broken" => {
  const left = bytes.length - start;
  if (bytes[start] !== markerFirst || (left > 1 && bytes[start + 1] !== markerSecond)) return "broken";
  if (left < frameHeaderBytes) return "incomplete";
  const length = view.getUint32(start + 2, true);
  if (length > recordBytesMax) return "broken";
  if (left < frameHeaderBytes + length) return "incomplete";
  const isWhole = view.getUint32(start + 6, true) === checksum(bytes, start, length) >>> 0;
  return isWhole ? frameHeaderBytes + length : "broken";
};

/** The event that a record holds; undefined for bytes that are none, at which msgpackr may throw. */
export const decodeEvent = (record: Uint8Array): HistoryEvent | undefined => {
  try {
    const value: unknown = packr.unpack(record);
    return isHistoryEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Whom a reader hands what it finds, in order. */
export type RecordSink = {
  /** The record in `bytes` from `start` to `end`, which are used again afterwards; false when it is no event. */
  readonly addRecord: (bytes: Uint8Array, start: number, end: number, position: number) => boolean;
  readonly addProblem: (problem: JournalProblem) => void;
};

/**
 * Takes a journal in pieces of any size and hands over what is complete. Holds at most one unfinished frame, or,
 * behind damage, `recordBytesMax` bytes.
 */
export class RecordReader {
  readonly #sink: RecordSink;
  #rest: Uint8Array = new Uint8Array(0);
  /** Where `#rest` begins in the journal. */
  #position = 0;
  /** Bytes before `#position` that were skipped and not yet reported. */
  #skipped = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk);
    this.#drain(false);
  }

  /** No more bytes will come: what is left is damage, a torn tail, or nothing. */
  end(): void {
    this.#drain(true);
    const bytes = this.#rest.length;
    this.#reportSkipped(this.#position);
    if (bytes > 0) this.#sink.addProblem({ type: "torn", position: this.#position, bytes });
    this.#position += bytes;
    this.#rest = new Uint8Array(0);
  }

  #drain(isEnd: boolean): void {
    const bytes = this.#rest;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    while (start < bytes.length) {
      const found = frameAt(bytes, view, start);
      if (found === "broken" || (found === "incomplete" && isEnd && this.#anyFrameAfter(start, view))) {
        start += 1;
        this.#skipped += 1;
        continue;
      }
      if (found === "incomplete") break;
      const position = this.#position + start;
      this.#reportSkipped(position);
      if (!this.#sink.addRecord(bytes, start + frameHeaderBytes, start + found, position))
        this.#sink.addProblem({ type: "damaged", position, bytes: found, reason: "no-event" });
      start += found;
    }
    this.#position += start;
    this.#rest = bytes.subarray(start);
  }

  /** Whether a whole frame stands behind an unfinished one, whose length is then a lie. */
  #anyFrameAfter(start: number, view: DataView): boolean {
    const bytes = this.#rest;
    for (let from = start + 1; from + frameHeaderBytes <= bytes.length; from++)
      if (typeof frameAt(bytes, view, from) === "number") return true;
    return false;
  }

  #reportSkipped(position: number): void {
    const bytes = this.#skipped;
    this.#skipped = 0;
    if (bytes > 0)
      this.#sink.addProblem({ type: "damaged", position: position - bytes, bytes, reason: "checksum" });
  }
}

const joined = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
};

/** The same with each record decoded: items, in order. */
export class JournalReader {
  #items: JournalItem[] = [];
  readonly #reader = new RecordReader({
    addRecord: (bytes, start, end, position) => {
      const event = decodeEvent(bytes.subarray(start, end));
      if (event !== undefined) this.#items.push({ type: "event", event, position });
      return event !== undefined;
    },
    addProblem: (problem) => this.#items.push(problem),
  });

  push(chunk: Uint8Array): JournalItem[] {
    this.#reader.push(chunk);
    return this.#taken();
  }

  end(): JournalItem[] {
    this.#reader.end();
    return this.#taken();
  }

  #taken(): JournalItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

/** A whole journal, a batch of items a chunk. What the source throws passes through. */
export async function* readJournal(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<readonly JournalItem[]> {
  const reader = new JournalReader();
  for await (const chunk of chunks) yield reader.push(chunk);
  yield reader.end();
}
