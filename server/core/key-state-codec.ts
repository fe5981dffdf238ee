/**
 * Key states as bytes: what is stored, sent between nodes and hashed.
 *
 * The form is compact, since states travel whole: each actor is written once and then named by its index. It
 * is canonical, since states are: equal states have equal bytes. The part that replicas must agree on comes
 * first and stands alone, so that its hash is the hash of a prefix; see state-hash.ts.
 *
 *     format 1 | actors | clock | cloud | siblings | · | ranks and wall clocks | actors and names of recent writes
 *     '------------- replicas agree on this -----------'  '---------------- may differ for a while ---------------'
 */
import { onlyNameOf } from "./actor-names.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Actor, Dot, KeyState, Sibling, VersionVector } from "./versions.ts";
import { WriteMemory } from "./write-memory.ts";

const format = 1;
const isTombstoneFlag = 1;
const hasClockFlag = 2;

/** What a node stores of a key. `minted` is the last dot this node itself gave to the key; see actor.ts. */
export type KeyRecord = { readonly state: KeyState; readonly minted: Dot | undefined };

export type Decoded<T> =
  | { readonly type: "ok"; readonly value: T }
  | { readonly type: "fail"; readonly reason: string };

const noDots: readonly Dot[] = [];
const writer = new ByteWriter();

/** The state encoded last: a write is stored here and sent to each of its homes, one right after the other. */
let latest:
  | { readonly state: KeyState; readonly bytes: Uint8Array; readonly sharedCount: number }
  | undefined;

/** The bytes of a state, which may be given to others too: they are not to be changed. */
export function encodeKeyState(state: KeyState): Uint8Array {
  if (latest?.state === state) return latest.bytes;
  writer.clear();
  writeShared(writer, state);
  const sharedCount = writer.length;
  writeOwn(writer, state);
  latest = { state, bytes: writer.finish(), sharedCount };
  return latest.bytes;
}

/** The bytes of a record; a fresh buffer. */
export function encodeKeyRecord(record: KeyRecord): Uint8Array {
  const stateBytes = encodeKeyState(record.state);
  writer.clear();
  writer.byte(record.minted === undefined ? 0 : 1);
  if (record.minted !== undefined) {
    writer.text(record.minted.actor);
    writer.varint(record.minted.counter);
  }
  writer.raw(stateBytes);
  return writer.finish();
}

/**
 * `prefix` and the bytes that replicas must agree on, as a view that is valid until the next call to this
 * file.
 */
export function sharedBytesOf(state: KeyState, prefix = ""): Uint8Array {
  writer.clear();
  if (prefix !== "") writer.text(prefix);
  if (latest?.state === state) writer.raw(latest.bytes.subarray(0, latest.sharedCount));
  else writeShared(writer, state);
  return writer.peek();
}

/** The state in `bytes`; its values are views of `bytes`. Never throws. */
export function decodeKeyState(bytes: Uint8Array): Decoded<KeyState> {
  const reader = new ByteReader(bytes);
  const state = readState(reader);
  if (!reader.isDone) return { type: "fail", reason: "the bytes are no key state" };
  return { type: "ok", value: state };
}

/** The record in `bytes`; its values are views of `bytes`. Never throws. */
export function decodeKeyRecord(bytes: Uint8Array): Decoded<KeyRecord> {
  const reader = new ByteReader(bytes);
  const hasMinted = reader.byte();
  if (hasMinted > 1) reader.fail();
  const minted = hasMinted === 1 ? { actor: onlyNameOf(reader.text()), counter: reader.varint() } : undefined;
  const state = readState(reader);
  if (!reader.isDone) return { type: "fail", reason: "the bytes are no key record" };
  return { type: "ok", value: { state, minted } };
}

/** What replicas may differ in for a while. */
function writeOwn(out: ByteWriter, state: KeyState): void {
  for (const { rank, wallMs } of state.siblings) {
    out.varint(rank);
    out.double(wallMs);
  }
  state.recent.writeTo(out);
}

function writeShared(out: ByteWriter, state: KeyState): void {
  const actors = actorsOf(state);
  out.byte(format);
  out.varint(actors.size);
  for (const actor of actors.keys()) out.text(actor);
  for (const actor of actors.keys()) out.varint(state.clock.get(actor) ?? 0);
  writeDots(out, state.cloud, actors);
  out.varint(state.siblings.length);
  for (const sibling of state.siblings) writeSibling(out, sibling, actors);
}

/** Every actor of the shared part with its index, ascending. */
function actorsOf(state: KeyState): Map<Actor, number> {
  const actors = new Set<Actor>(state.clock.keys());
  const fromClock = actors.size;
  for (const dot of state.cloud) actors.add(dot.actor);
  for (const { dots, clock } of state.siblings) {
    for (const dot of dots) actors.add(dot.actor);
    if (clock !== undefined) for (const actor of clock.keys()) actors.add(actor);
  }
  const sorted = actors.size === fromClock ? actors : [...actors].toSorted();
  const indexes = new Map<Actor, number>();
  for (const actor of sorted) indexes.set(actor, indexes.size);
  return indexes;
}

function writeSibling(out: ByteWriter, sibling: Sibling, actors: ReadonlyMap<Actor, number>): void {
  const { dots, writeId, value, clock } = sibling;
  out.byte((value === null ? isTombstoneFlag : 0) | (clock === undefined ? 0 : hasClockFlag));
  writeDots(out, dots, actors);
  out.text(writeId);
  if (clock !== undefined) {
    out.varint(clock.size);
    for (const [actor, counter] of clock) writeDot(out, actor, counter, actors);
  }
  if (value !== null) out.bytes(value);
}

function writeDots(out: ByteWriter, dots: readonly Dot[], actors: ReadonlyMap<Actor, number>): void {
  out.varint(dots.length);
  for (const { actor, counter } of dots) writeDot(out, actor, counter, actors);
}

function writeDot(out: ByteWriter, actor: Actor, counter: number, actors: ReadonlyMap<Actor, number>): void {
  out.varint(actors.get(actor) ?? 0);
  out.varint(counter);
}

function readState(reader: ByteReader): KeyState {
  if (reader.byte() !== format) reader.fail();
  const actors = readActors(reader);
  if (!isAscending(actors)) reader.fail();
  const clock = new Map<Actor, number>();
  for (const actor of actors) {
    const counter = reader.varint();
    if (counter > 0) clock.set(actor, counter);
  }
  const cloud = readDots(reader, actors);
  const heads = readItems(reader, 4, () => readSibling(reader, actors));
  const siblings = heads.map((head) => ({ ...head, rank: reader.varint(), wallMs: readWallMs(reader) }));
  return { clock, cloud, siblings, recent: WriteMemory.read(reader) };
}

function readSibling(reader: ByteReader, actors: readonly Actor[]): Omit<Sibling, "rank" | "wallMs"> {
  const flags = reader.byte();
  if (flags > (isTombstoneFlag | hasClockFlag)) reader.fail();
  const dots = readDots(reader, actors);
  if (dots.length === 0) reader.fail();
  const writeId = reader.text();
  const clock = flags & hasClockFlag ? readVector(reader, actors) : undefined;
  const value = flags & isTombstoneFlag ? null : reader.bytes();
  return clock === undefined ? { dots, writeId, value } : { dots, writeId, value, clock };
}

/** Anything that can be ordered. */
function readWallMs(reader: ByteReader): number {
  const wallMs = reader.double();
  if (Number.isNaN(wallMs)) reader.fail();
  return wallMs;
}

function readVector(reader: ByteReader, actors: readonly Actor[]): VersionVector {
  return new Map(readDots(reader, actors).map(({ actor, counter }) => [actor, counter]));
}

function readDots(reader: ByteReader, actors: readonly Actor[]): readonly Dot[] {
  const count = reader.count(2);
  if (count === 0) return noDots;
  const dots = [readDot(reader, actors)];
  while (dots.length < count && !reader.hasFailed) dots.push(readDot(reader, actors));
  return dots;
}

function readDot(reader: ByteReader, actors: readonly Actor[]): Dot {
  const actor = actors[reader.varint()];
  const counter = reader.varint();
  if (actor === undefined || counter === 0) reader.fail();
  return { actor: actor ?? "", counter };
}

function isAscending(actors: readonly Actor[]): boolean {
  return actors.every((actor, index) => index === 0 || (actors[index - 1] ?? "") < actor);
}

function readActors(reader: ByteReader): readonly Actor[] {
  return readItems(reader, 1, () => onlyNameOf(reader.text()));
}

function readItems<T>(reader: ByteReader, itemBytesMin: number, read: () => T): T[] {
  const items: T[] = [];
  for (let left = reader.count(itemBytesMin); left > 0 && !reader.hasFailed; left--) items.push(read());
  return items;
}
