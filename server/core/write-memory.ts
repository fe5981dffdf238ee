/**
 * The names of a key's last superseded writes, by which a late retry is recognised, as the bytes they travel in.
 *
 * A key that is overwritten all the time remembers a hundred of them, and every put, at every home, reads, compares,
 * extends and stores that memory. As objects that was most of a put's work. As bytes, newest first, two memories
 * are compared, a name is looked for and the newest is put before the others in one step each; entries are made only
 * where two memories really differ.
 *
 *     entry:  name | rank | count of dots | index of actor, counter | ...
 *
 * Immutable. Equal memories have equal bytes: actors stand in ascending order, and only those that are named.
 */
import { onlyNameOf } from "./actor-names.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { isOwn } from "./owned-state.ts";
import type { Actor, Dot, RecentWrite } from "./versions.ts";

/**
 * Superseded writes remembered per key. A coordinator that was cut off or paused for seconds comes back with copies
 * of writes that were retried elsewhere; a key written twenty times a second must still recognise them then. An
 * entry is some twenty bytes, and a key that was written less remembers less.
 */
export const recentCountMax = 128;

const writer = new ByteWriter();

export class WriteMemory {
  readonly actors: readonly Actor[];
  readonly count: number;
  /** The entries, newest first. Not to be changed. */
  readonly bytes: Buffer;

  private constructor(actors: readonly Actor[], count: number, bytes: Buffer) {
    this.actors = actors;
    this.count = count;
    this.bytes = bytes;
  }

  /** Of writes in ascending order of age, each with a dot at least; the latest `recentCountMax` are kept. */
  static of(writes: readonly RecentWrite[]): WriteMemory {
    const kept = writes.slice(-recentCountMax);
    const actors = [...new Set(kept.flatMap(({ dots }) => dots.map(({ actor }) => actor)))].toSorted();
    writer.clear();
    for (const write of kept.toReversed()) writeEntry(write, actors);
    return new WriteMemory(actors, kept.length, writer.finish());
  }

  /** What `writeTo` wrote; bytes that are none fail the reader. The memory is a view of what is read. */
  static read(reader: ByteReader): WriteMemory {
    const actors: Actor[] = [];
    for (let left = reader.count(); left > 0 && !reader.hasFailed; left -= 1) {
      const actor = onlyNameOf(reader.text());
      const before = actors.at(-1);
      if (before !== undefined && before >= actor) reader.fail();
      actors.push(actor);
    }
    const count = reader.count(5);
    if (count > recentCountMax) reader.fail();
    const start = reader.position;
    for (let left = count; left > 0 && !reader.hasFailed; left -= 1) skipEntry(reader, actors.length);
    if (reader.hasFailed || count === 0) return noMemory;
    return new WriteMemory(actors, count, reader.since(start));
  }

  writeTo(out: ByteWriter): void {
    out.varint(this.actors.length);
    for (const actor of this.actors) out.text(actor);
    out.varint(this.count);
    out.raw(this.bytes);
  }

  /** The latest `most` of them, in ascending order of age. */
  latest(most: number = recentCountMax): readonly RecentWrite[] {
    const reader = new ByteReader(this.bytes);
    const writes: RecentWrite[] = [];
    const count = Math.min(most, this.count);
    while (writes.length < count) writes.push(readEntry(reader, this.actors));
    return writes.toReversed();
  }

  find(writeId: string): RecentWrite | undefined {
    // The bytes of a name may stand anywhere, but where they do not stand there is no such name.
    if (this.count === 0 || !this.bytes.includes(writeId)) return undefined;
    return this.latest().find((write) => write.writeId === writeId);
  }

  /** With one write more, which is later than all of these and named by none. */
  and(write: RecentWrite): WriteMemory {
    const isKnown = write.dots.every(({ actor }) => this.actors.includes(actor));
    const kept = isKnown ? this.#without(this.count + 1 - recentCountMax) : undefined;
    if (kept === undefined) return WriteMemory.of([...this.latest(), write]);
    writer.clear();
    writeEntry(write, this.actors);
    writer.raw(kept);
    return new WriteMemory(this.actors, Math.min(this.count + 1, recentCountMax), writer.finish());
  }

  /** The same, in bytes of its own where they are a small part of something larger. */
  owned(): WriteMemory {
    if (isOwn(this.bytes)) return this;
    return new WriteMemory(this.actors, this.count, Buffer.from(new Uint8Array(this.bytes).buffer));
  }

  equals(other: WriteMemory): boolean {
    if (this === other) return true;
    const { actors, count, bytes } = this;
    if (count !== other.count || actors.length !== other.actors.length) return false;
    return bytes.equals(other.bytes) && actors.every((actor, index) => actor === other.actors[index]);
  }

  /** The bytes but for the oldest `excess`, none or one; undefined where an actor is named no more without it. */
  #without(excess: number): Buffer | undefined {
    if (excess <= 0) return this.bytes;
    const reader = new ByteReader(this.bytes);
    const named = new Set<number>();
    for (let left = this.count - excess; left > 0; left -= 1) skipEntry(reader, this.actors.length, named);
    return named.size === this.actors.length ? this.bytes.subarray(0, reader.position) : undefined;
  }
}

export const noMemory = WriteMemory.of([]);

function writeEntry({ writeId, rank, dots }: RecentWrite, actors: readonly Actor[]): void {
  writer.text(writeId);
  writer.varint(rank);
  writer.varint(dots.length);
  for (const { actor, counter } of dots) {
    writer.varint(actors.indexOf(actor));
    writer.varint(counter);
  }
}

function readEntry(reader: ByteReader, actors: readonly Actor[]): RecentWrite {
  const writeId = reader.text();
  const rank = reader.varint();
  const dots: Dot[] = [];
  for (let left = reader.count(2); left > 0; left -= 1) {
    const actor = actors[reader.varint()] ?? "";
    dots.push({ actor, counter: reader.varint() });
  }
  return { writeId, dots, rank };
}

/** Past one entry, which is checked; `named` is told of its actors. */
function skipEntry(reader: ByteReader, actorCount: number, named?: Set<number>): void {
  reader.skip(reader.count());
  reader.varint();
  const dotCount = reader.count(2);
  if (dotCount === 0) reader.fail();
  for (let left = dotCount; left > 0; left -= 1) {
    const actor = reader.varint();
    if (actor >= actorCount || reader.varint() === 0) reader.fail();
    named?.add(actor);
  }
}
