/**
 * What a peer, a client or an operator may send, damaged, and what must come of it: a value that says so. Each kind
 * of input is a function that makes one, feeds it to the code that would receive it, and says what was wrong with
 * the answer, or nothing. Whatever throws is a crash.
 */

import { EventTrigger } from "../adapters/event-trigger.ts";
import { moments } from "../adapters/moments.ts";
import { parseConfigFile } from "../config-file.ts";
import { decodeContext, encodeContext } from "../core/context.ts";
import { emptyKeyState } from "../core/versions.ts";
import { deleteQuery, getQuery, putQuery } from "../http/item-query.ts";
import { parseItem, parseQuery } from "../http/target.ts";
import { armedBy } from "../http/trigger.ts";
import { decodeMessage, encodeMessage } from "../rpc/codec.ts";
import type { Envelope, PeerMessage } from "../rpc/envelope.ts";
import { encodeFrames, FrameDecoder } from "../rpc/frame.ts";
import { checksum, FrameSeal } from "../rpc/frame-guard.ts";
import { AnswererHandshake, AskerHandshake } from "../rpc/handshake.ts";
import type { PeerReply, PeerRequest } from "../rpc/messages.ts";
import type { RandomStream } from "../simulation/world.ts";
import { mutated, mutatedText, pick, piecesOf } from "./mutation.ts";

/** One input and what was wrong with its reception, in words; undefined when nothing was. */
export type Hostility = (random: RandomStream) => string | undefined;

const bucket = "b";
const key = "k";

/** A damaged token is refused, or is by chance the one it was made from. */
export const hostileContext: Hostility = (random) => {
  const good = contextToken(random);
  const bad = random.happens(0.5) ? mutatedText(good, random) : mutatedToken(good, random);
  const decoded = decodeContext(bad, bucket, key);
  if (decoded.type === "fail") return decoded.reason === "" ? "no reason" : undefined;
  return bad === good ? undefined : `accepted ${bad}`;
};

/** Of a damaged stream of frames only those before the damage are given out. */
export const hostileFrame: Hostility = (random) => {
  const payloads = [random.bytes(random.integer(1, 60)), random.bytes(random.integer(1, 60))];
  const seed = random.bytes(32);
  const guardOf = random.happens(0.5) ? () => new FrameSeal(seed) : () => checksum;
  const stream = mutated(encodeFrames(payloads, guardOf()), random);
  const decoder = new FrameDecoder(guardOf());
  const given = piecesOf(stream, random).flatMap((piece) => decoder.push(piece).frames);
  const isWhole = given.every((frame) => payloads.some((payload) => Buffer.compare(frame, payload) === 0));
  return isWhole ? undefined : "gave out a damaged frame";
};

/** No damaged handshake ends well. */
export const hostileHandshake: Hostility = (random) => {
  const input = { clusterId: "c", secret: "a secret of thirty-two characters or more" };
  const asker = new AskerHandshake({ ...input, nonce: random.bytes(16) });
  const answerer = new AnswererHandshake({ ...input, nonce: random.bytes(16) });
  const hello = asker.hello();
  const isHelloBad = random.happens(0.5);
  const heard = isHelloBad ? mutated(hello, random) : hello;
  const answer = answerer.push(heard);
  if (answer.type === "done") return "done after a hello";
  const step = answer.send === undefined ? undefined : asker.push(answer.send);
  const proof = step !== undefined && "send" in step && step.send !== undefined ? step.send : hello;
  const bad = mutated(proof, random);
  const end = answer.type === "refused" ? answer : answerer.push(bad);
  const isChanged = Buffer.compare(bad.subarray(0, 32), proof) !== 0 || Buffer.compare(heard, hello) !== 0;
  return end.type === "done" && isChanged ? "opened by a damaged handshake" : undefined;
};

/** A damaged message is refused, or means something that can be said again. */
export const hostileMessage: Hostility = (random) => {
  const decoded = decodeMessage(mutated(encodeMessage(messageOf(random)), random));
  if (decoded.type === "fail") return decoded.reason === "" ? "no reason" : undefined;
  const again = decodeMessage(encodeMessage(decoded.value));
  return again.type === "ok" ? undefined : `cannot be said again: ${again.reason}`;
};

/**
 * A request of a damaged message that still is one; before the damage it spoke of this ring. Few damages leave a
 * message, so several are tried, and what survives none of them is sent as it was.
 */
export function hostileRequest(random: RandomStream, ringHash: string): PeerRequest {
  const request = pick(requests(random, ringHash), random);
  const bytes = encodeMessage({ type: "request", envelope: envelopeOn(ringHash), request });
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const decoded = decodeMessage(mutated(bytes, random));
    if (decoded.type === "ok" && decoded.value.type === "request") return decoded.value.request;
  }
  return request;
}

/** A damaged request target is refused with a sentence, or names a key that has a form as text. */
export const hostileTarget: Hostility = (random) => {
  const good = `/v1/b%2Fc/k%20?r=1&timeout=5&w=2&force&min-context=abc`;
  const target = Buffer.from(mutated(Buffer.from(good), random)).toString("latin1");
  const item = parseItem(target, "/v1/");
  const query = parseQuery(target, pick([getQuery, putQuery, deleteQuery], random));
  for (const parsed of [item, query]) {
    if (parsed.type === "bad" && !/^[A-Z].*\.$/s.test(parsed.detail)) return `no sentence: ${parsed.detail}`;
  }
  if (item.type === "bad") return undefined;
  const again = parseItem(
    `/v1/${encodeURIComponent(item.value.bucket)}/${encodeURIComponent(item.value.key)}`,
    "/v1/",
  );
  return JSON.stringify(again) === JSON.stringify(item) ? undefined : `another key: ${target}`;
};

/** A damaged name arms nothing, or is by chance that of a moment. */
export const hostileMoment: Hostility = (random) => {
  const good = pick([...moments.keys()], random);
  const word = mutatedText(good, random);
  const trigger = new EventTrigger("n1", () => undefined);
  const answer = armedBy(trigger, `/verify/trigger?event=${word}`);
  const meant = new URLSearchParams(`event=${word}`).get("event");
  if (answer.status === 200) return trigger.state.armed === meant ? undefined : `armed by ${word}`;
  if (trigger.state.armed !== null) return `refused, and armed by ${word}`;
  return /^\{"error":"bad-request".*"detail":"[A-Z].*\."/.test(String(answer.body))
    ? undefined
    : "no sentence";
};

/** A damaged configuration is refused with sentences, or is one. */
export const hostileConfig: Hostility = (random) => {
  const text = random.happens(0.5) ? mutatedText(goodConfig, random) : JSON.stringify(misset(random));
  const parsed = parseConfigFile(text);
  if (parsed.type === "ok") return undefined;
  const bad = parsed.mistakes.find((mistake) => !/^[A-Z].*\.$/s.test(mistake));
  return parsed.mistakes.length > 0 && bad === undefined ? undefined : `no sentence: ${bad}`;
};

export function contextToken(random: RandomStream): string {
  const vector = new Map([
    ["n1~0123456789abcdef~1", random.integer(1, 1000)],
    ["n2~fedcba9876543210~7", random.integer(1, 1000)],
  ]);
  const cloud = random.happens(0.5) ? [{ actor: "n3~00~1", counter: 9 }] : [];
  const writes = random.happens(0.5)
    ? [{ writeId: "w-9", dots: [{ actor: "n3~00~1", counter: 9 }], rank: 0 }]
    : [];
  const content = { context: { vector, cloud, writes }, fastest: "n1", ringHash: "0123456789abcdef" };
  const encoded = encodeContext(content, bucket, key);
  return encoded.type === "ok" ? encoded.token : "";
}

/** One letter of a token for another one of its alphabet: it still looks like a token. */
export function mutatedToken(token: string, random: RandomStream): string {
  const at = random.integer(0, token.length - 1);
  return `${token.slice(0, at)}${pick([..."abcXYZ019-_"], random)}${token.slice(at + 1)}`;
}

function envelopeOn(ringHash: string): Envelope {
  const sender = { nodeId: "n2", incarnation: "i", boot: 1 };
  return { clusterId: "simulated", sender, requestId: 7, ringHash, budgetMs: 100, sentMs: 1 };
}

function messageOf(random: RandomStream): PeerMessage {
  const ringHash = "0123456789abcdef";
  const envelope = envelopeOn(ringHash);
  return random.happens(0.7)
    ? { type: "request", envelope, request: pick(requests(random, ringHash), random) }
    : { type: "reply", envelope, reply: pick(replies, random) };
}

function requests(random: RandomStream, ringHash: string): readonly PeerRequest[] {
  const write = { bucket, key, value: random.bytes(20), writeId: "w", w: 1, timeoutMs: 50 };
  const tree = { partition: 1, copies: 1 };
  return [
    { type: "ping" },
    { type: "replica-get", role: "home", bucket, key },
    { type: "replica-put", bucket, key, state: someState, durability: "synced" },
    { type: "forward-write", write: { ...write, context: contextToken(random) } },
    { type: "tree-roots", ringHash, trees: [tree] },
    { type: "tree-hashes", tree, level: 1, indexes: [1, 2] },
    { type: "tree-keys", tree, leaves: [0, 3] },
    { type: "tree-sizes", trees: [tree] },
    { type: "exchange", states: [{ bucket, key, state: someState }] },
  ];
}

const dot = { actor: "n1~0123456789abcdef~1", counter: 1 };
const someState = {
  ...emptyKeyState,
  clock: new Map([[dot.actor, 1]]),
  siblings: [{ dots: [dot], writeId: "w-1", value: Uint8Array.of(1, 2, 3), wallMs: 5, rank: 0 }],
};

const replies: readonly PeerReply[] = [
  { type: "pong" },
  { type: "state", state: someState },
  { type: "stored", durability: "synced" },
  { type: "hashes", hashes: ["00", "11"] },
  { type: "keys", keys: [{ bucket, key, hash: "22" }] },
  { type: "states", states: [{ bucket, key, state: someState }] },
  { type: "refused", reason: "overloaded" },
];

const good = {
  clusterId: "c",
  nodeId: "a",
  dataDir: null,
  members: [{ nodeId: "a", host: "127.0.0.1", rpcPort: 4000, httpPort: 4001 }],
  listen: { host: "127.0.0.1", rpcPort: 4000, httpPort: 4001, verificationPort: 4002 },
  partitionCount: 64,
  buckets: { default: { n: 1, r: 1, w: 1 } },
  limits: { keyBytesMax: 100 },
  intervals: { pingMs: 10 },
};
const goodConfig = JSON.stringify(good);

/** A configuration with one field, somewhere, set to something else. */
function misset(random: RandomStream): unknown {
  const odd: readonly unknown[] = [
    null,
    -1,
    1e308,
    "",
    "__proto__",
    [],
    {},
    [[]],
    { __proto__: null, constructor: 1 },
    true,
    "é\u0000",
  ];
  const field = pick([...Object.keys(good), "constructor", "clusterSecret", "logLevel"], random);
  const copy = JSON.parse(goodConfig) as Record<string, unknown>;
  const inner = copy[field];
  if (inner !== null && typeof inner === "object" && random.happens(0.5)) {
    const names = [...Object.keys(inner), "toString"];
    return { ...copy, [field]: { ...inner, [pick(names, random)]: pick(odd, random) } };
  }
  return { ...copy, [field]: pick(odd, random) };
}
