/**
 * Messages between nodes as bytes, and back: the payload of a frame.
 *
 * A message is one MessagePack array in a fixed order, so bytes stay bytes and no text that a client chose
 * ever becomes the name of a property. Key states inside are in the store's own canonical form, the one that
 * is stored and hashed. What is not exactly a message that this version knows is refused as a value.
 *
 *     [ format 1 | request or reply | request id | cluster | node | incarnation | boot | ring | budget | sent | body ]
 */
import { Packr } from "msgpackr";
import type { Decoded } from "../core/key-state-codec.ts";
import type { Envelope, PeerMessage } from "./envelope.ts";
import { FieldReader } from "./field-reader.ts";
import { fieldsOfReply, readReply } from "./reply-fields.ts";
import { fieldsOfRequest, readRequest } from "./request-fields.ts";

const format = 1;
const packr = new Packr({ useRecords: false });

/** The payload of a frame. */
export function encodeMessage(message: PeerMessage): Uint8Array {
  const { type, envelope } = message;
  const { requestId, clusterId, sender, ringHash, budgetMs, sentMs } = envelope;
  const { nodeId, incarnation, boot } = sender;
  const body = type === "request" ? fieldsOfRequest(message.request) : fieldsOfReply(message.reply);
  return packr.pack([
    format,
    type,
    requestId,
    clusterId,
    nodeId,
    incarnation,
    boot,
    ringHash,
    budgetMs,
    sentMs,
    body,
  ]);
}

/**
 * The message in a payload; its values are views of `payload`. Fails on all that is not one; never throws.
 */
export function decodeMessage(payload: Uint8Array): Decoded<PeerMessage> {
  const fields = new FieldReader(unpack(payload));
  if (fields.any() !== format) return { type: "fail", reason: "the message has an unknown format" };
  const type = fields.oneOf(["request", "reply"]);
  const envelope = readEnvelope(fields);
  const body = new FieldReader(fields.any());
  const message = readBody(type, envelope, body);
  if (message === undefined) return { type: "fail", reason: `the ${type} is of an unknown type` };
  if (!fields.isDone || !body.isDone) return { type: "fail", reason: `the ${type} is malformed` };
  return { type: "ok", value: message };
}

function readEnvelope(fields: FieldReader): Envelope {
  const requestId = fields.count();
  const clusterId = fields.text();
  const sender = { nodeId: fields.text(), incarnation: fields.text(), boot: fields.count() };
  const ringHash = fields.text();
  return { requestId, clusterId, sender, ringHash, budgetMs: fields.number(), sentMs: fields.number() };
}

function readBody(type: PeerMessage["type"], envelope: Envelope, body: FieldReader): PeerMessage | undefined {
  if (type === "request") {
    const request = readRequest(body);
    return request && { type, envelope, request };
  }
  const reply = readReply(body);
  return reply && { type, envelope, reply };
}

/** What the bytes hold; undefined if they are no MessagePack. The library throws on those. */
function unpack(payload: Uint8Array): unknown {
  try {
    return packr.unpack(payload);
  } catch {
    return undefined;
  }
}
