/**
 * The opaque token a client gets with a read and echoes with its next write (Dynamo §4.1).
 *
 * It says what the client has seen of one key, which node answered that read first (the paper's choice of a
 * write's coordinator, §5) and under which ring. It is bound to its key by a digest and closed by a checksum,
 * so a damaged token and one of another key are refused instead of letting a write swallow what its client
 * never saw. It is no defence against a forger: the environment of the paper has none.
 *
 *     base64url( format 1 | digest of key, 8 | ring hash | fastest | actors | vector | cloud | writes | CRC-32C )
 *
 * Neighbouring actors mostly differ in their epoch alone, so each is written as what differs from the one
 * before. Names of writes are an aid (see `ClientContext`): where they would make the token too long, they are left out.
 */
import { onlyNameOf } from "./actor-names.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { crc32c } from "./crc32c.ts";
import { positionOf } from "./hash.ts";
import { vectorOf } from "./version-vector.ts";
import type { Actor, ClientContext, Dot, RecentWrite } from "./versions.ts";

const format = 1;
const digestBytes = 8;

/** Longest token that is made or accepted, in characters. */
export const tokenLengthMax = 4096;

export type ContextContent = {
  readonly context: ClientContext;
  /** The node that answered the read first; "" when there was no read. */
  readonly fastest: string;
  readonly ringHash: string;
};

export type EncodedContext =
  | { readonly type: "ok"; readonly token: string }
  | { readonly type: "fail"; readonly reason: string };

export type DecodedContext =
  | ({ readonly type: "ok" } & ContextContent)
  | { readonly type: "fail"; readonly reason: string };

const writer = new ByteWriter(1024);

/** The token of `content` for one key; fails only when it would be longer than `tokenLengthMax`. */
export function encodeContext(content: ContextContent, bucket: string, key: string): EncodedContext {
  const whole = encodeWhole(content, bucket, key);
  if (whole.type === "ok" || content.context.writes.length === 0) return whole;
  return encodeWhole({ ...content, context: { ...content.context, writes: [] } }, bucket, key);
}

function encodeWhole(content: ContextContent, bucket: string, key: string): EncodedContext {
  const { context, fastest, ringHash } = content;
  const actors = new Set<Actor>(context.vector.keys());
  for (const { actor } of context.cloud) actors.add(actor);
  for (const { dots } of context.writes) for (const { actor } of dots) actors.add(actor);
  const sorted = [...actors].toSorted();
  writer.clear();
  writer.byte(format);
  writer.raw(digestOf(bucket, key));
  writer.text(ringHash);
  writer.text(fastest);
  writeActors(sorted);
  for (const actor of sorted) writer.varint(context.vector.get(actor) ?? 0);
  writeDots(context.cloud, sorted);
  writeNames(context.writes, sorted);
  const checksum = Buffer.allocUnsafe(4);
  checksum.writeUInt32BE(crc32c(writer.peek()));
  writer.raw(checksum);
  const token = writer.peek().toString("base64url");
  if (token.length > tokenLengthMax) {
    return {
      type: "fail",
      reason: `the context needs ${token.length} characters of at most ${tokenLengthMax}`,
    };
  }
  return { type: "ok", token };
}

/** What `token` says, if it is whole and of this key. Never throws, whatever the text. */
export function decodeContext(token: string, bucket: string, key: string): DecodedContext {
  if (token.length > tokenLengthMax) return { type: "fail", reason: "the context is too long" };
  const bytes = Buffer.from(token, "base64url");
  // The decoder skips foreign characters; only the text that encodes back to itself was made here.
  if (bytes.length < 5 || bytes.toString("base64url") !== token) return damaged;
  const body = bytes.subarray(0, -4);
  if (crc32c(body) !== bytes.readUInt32BE(body.length)) return damaged;
  if (body[0] !== format) return { type: "fail", reason: "the context has an unknown format" };
  if (Buffer.compare(body.subarray(1, 1 + digestBytes), digestOf(bucket, key)) !== 0) {
    return { type: "fail", reason: "the context belongs to another key" };
  }
  return readContent(new ByteReader(body.subarray(1 + digestBytes)));
}

const damaged: DecodedContext = {
  type: "fail",
  reason: "the context is no token of this store or is damaged",
};

function readContent(reader: ByteReader): DecodedContext {
  const ringHash = reader.text();
  const fastest = reader.text();
  const actors = readActors(reader);
  const vector = vectorOf(actors.map((actor) => [actor, reader.varint()]));
  const cloud = readDots(reader, actors);
  const writes = readNames(reader, actors);
  if (!reader.isDone) return damaged;
  return { type: "ok", context: { vector, cloud, writes }, fastest, ringHash };
}

function writeDots(dots: readonly Dot[], actors: readonly Actor[]): void {
  writer.varint(dots.length);
  for (const { actor, counter } of dots) {
    writer.varint(actors.indexOf(actor));
    writer.varint(counter);
  }
}

function readDots(reader: ByteReader, actors: readonly Actor[]): readonly Dot[] {
  const dots: Dot[] = [];
  for (let left = reader.count(2); left > 0; left--) {
    const actor = actors[reader.varint()];
    const counter = reader.varint();
    if (actor === undefined || counter === 0) reader.fail();
    else dots.push({ actor, counter });
  }
  return dots;
}

function writeNames(writes: readonly RecentWrite[], actors: readonly Actor[]): void {
  writer.varint(writes.length);
  for (const { writeId, rank, dots } of writes) {
    writer.text(writeId);
    writer.varint(rank);
    writeDots(dots, actors);
  }
}

function readNames(reader: ByteReader, actors: readonly Actor[]): readonly RecentWrite[] {
  const writes: RecentWrite[] = [];
  for (let left = reader.count(5); left > 0 && !reader.hasFailed; left--) {
    const writeId = reader.text();
    const rank = reader.varint();
    const dots = readDots(reader, actors);
    if (dots.length === 0) reader.fail();
    writes.push({ writeId, rank, dots });
  }
  return writes;
}

function writeActors(sorted: readonly Actor[]): void {
  writer.varint(sorted.length);
  let before = "";
  for (const actor of sorted) {
    let shared = 0;
    while (shared < before.length && before[shared] === actor[shared]) shared++;
    writer.varint(shared);
    writer.text(actor.slice(shared));
    before = actor;
  }
}

function readActors(reader: ByteReader): readonly Actor[] {
  const actors: Actor[] = [];
  let before = "";
  for (let left = reader.count(2); left > 0; left--) {
    const shared = reader.varint();
    if (shared > before.length) reader.fail();
    before = onlyNameOf(before.slice(0, shared) + reader.text());
    actors.push(before);
  }
  return actors;
}

function digestOf(bucket: string, key: string): Uint8Array {
  return Buffer.from(positionOf(bucket, key), "latin1").subarray(0, digestBytes);
}
