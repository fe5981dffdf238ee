import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberStates } from "../core/membership.ts";
import { anyState, anyText, numRuns } from "../core/state-fixture.ts";
import type { ErrorName } from "../outcomes.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import type { Envelope, PeerMessage } from "./envelope.ts";
import type { PeerReply, PeerRequest } from "./messages.ts";

type OfType<Union, Type> = Extract<Union, { readonly type: Type }>;
/** One arbitrary for each type of the union: a new message without one does not compile. */
type Arbitraries<Union extends { readonly type: string }> = {
  readonly [type in Union["type"]]: fc.Arbitrary<OfType<Union, type>>;
};

const count = fc.nat();
const tree = fc.record({ partition: count, copies: count });
const key = { bucket: anyText, key: anyText };
const states = fc.array(fc.record({ ...key, state: anyState }), { maxLength: 3 });
const is = <const T extends string>(type: T) => fc.constant(type);

const address = fc.record({ host: anyText, rpcPort: count, httpPort: count });
const ofNode = {
  capacity: fc.double({ min: 0.01, noNaN: true, noDefaultInfinity: true }),
  dc: anyText,
  rack: anyText,
};
const introduction = fc.record({ address, ...ofNode });
const digest = fc.record({
  changeIds: fc.array(anyText, { maxLength: 3 }),
  stamps: fc.array(fc.tuple(anyText, anyText), { maxLength: 3 }),
});
const life = { nodeId: anyText, incarnation: anyText };
const delta = fc.record({
  changes: fc.array(
    fc.record({
      ...life,
      ...ofNode,
      sequence: count,
      seat: count,
      state: fc.constantFrom(...memberStates),
      address: fc.option(address),
      origin: anyText,
      issuedBy: anyText,
      issuedAtMs: count,
    }),
    { maxLength: 3 },
  ),
  holdings: fc.array(fc.record({ ...life, version: count, trees: fc.array(anyText, { maxLength: 3 }) }), {
    maxLength: 3,
  }),
});

const errorName: fc.Arbitrary<ErrorName> = fc.constantFrom("bad-request", "quorum-unmet", "timeout");
const failure = { error: errorName, detail: anyText, needed: count, had: count };
const acknowledgement = fc.record(
  {
    node: anyText,
    role: fc.constantFrom("home", "fallback"),
    durability: fc.constantFrom("synced", "buffered"),
    standsInFor: anyText,
  },
  { requiredKeys: ["node", "role", "durability"] },
);

const requests: Arbitraries<PeerRequest> = {
  ping: fc.record({ type: is("ping") }),
  "gossip-hash": fc.record({ type: is("gossip-hash"), hash: anyText, introduction }),
  "gossip-delta": fc.record({ type: is("gossip-delta"), digest, delta }),
  "transfer-offer": fc.record({ type: is("transfer-offer"), tree }),
  "transfer-chunk": fc.record({ type: is("transfer-chunk"), tree, states, next: fc.option(anyText) }),
  "transfer-seal": fc.record({ type: is("transfer-seal"), tree }),
  "replica-get": fc.record({
    type: is("replica-get"),
    role: fc.constantFrom("home", "fallback"),
    ...key,
  }),
  "replica-put": fc.record(
    {
      type: is("replica-put"),
      ...key,
      state: anyState,
      durability: fc.constantFrom("synced", "buffered"),
      hintFor: fc.record({ nodeId: anyText }),
    },
    { requiredKeys: ["type", "bucket", "key", "state", "durability"] },
  ),
  "forward-write": fc.record({
    type: is("forward-write"),
    write: fc.record(
      {
        ...key,
        value: fc.option(fc.uint8Array()),
        context: anyText,
        writeId: anyText,
        n: count,
        w: count,
        pw: count,
        dw: count,
        timeoutMs: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      },
      { requiredKeys: ["bucket", "key", "value"] },
    ),
  }),
  "tree-roots": fc.record({ type: is("tree-roots"), ringHash: anyText, trees: fc.array(tree) }),
  reap: fc.record({
    type: is("reap"),
    step: fc.constantFrom("prove", "drop"),
    ringHash: anyText,
    keys: fc.array(fc.record({ ...key, hash: anyText })),
  }),
  "tree-hashes": fc.record({ type: is("tree-hashes"), tree, level: count, indexes: fc.array(count) }),
  "tree-sizes": fc.record({ type: is("tree-sizes"), trees: fc.array(tree) }),
  "tree-keys": fc.record({ type: is("tree-keys"), tree, leaves: fc.array(count) }),
  exchange: fc.record({ type: is("exchange"), states }),
};

const replies: Arbitraries<PeerReply> = {
  pong: fc.record({ type: is("pong") }),
  "gossip-digest": fc.record({ type: is("gossip-digest"), digest: fc.option(digest) }),
  "gossip-delta": fc.record({ type: is("gossip-delta"), delta }),
  "transfer-step": fc.record({
    type: is("transfer-step"),
    step: fc.oneof(
      fc.record({ type: is("stream"), after: fc.option(anyText) }),
      fc.record({ type: fc.constantFrom("seal", "held") }),
    ),
  }),
  state: fc.record({ type: is("state"), state: anyState }),
  stored: fc.record({ type: is("stored"), durability: fc.constantFrom("synced", "buffered") }),
  wrote: fc.record({
    type: is("wrote"),
    outcome: fc.oneof(
      fc.record(
        { type: fc.constantFrom("fail", "info"), ...failure },
        { requiredKeys: ["type", "error", "detail"] },
      ),
      fc.record({
        type: is("ok"),
        context: anyText,
        writeId: anyText,
        dot: anyText,
        coordinator: anyText,
        acknowledgements: fc.array(acknowledgement, { maxLength: 4 }),
        degraded: fc.boolean(),
      }),
    ),
  }),
  hashes: fc.record({ type: is("hashes"), hashes: fc.array(anyText) }),
  keys: fc.record({ type: is("keys"), keys: fc.array(fc.record({ ...key, hash: anyText })) }),
  sizes: fc.record({
    type: is("sizes"),
    sizes: fc.array(fc.record({ keyCount: count, byteCount: count })),
  }),
  proofs: fc.record({ type: is("proofs"), holds: fc.array(fc.boolean()) }),
  states: fc.record({ type: is("states"), states }),
  refused: fc.record({
    type: is("refused"),
    reason: fc.constantFrom(
      "wrong-owner",
      "wrong-ring",
      "unknown-incarnation",
      "not-a-member",
      "storage",
      "stamp",
      "amnesia",
      "overloaded",
      "malformed",
      "building",
      "shutting-down",
      "late",
    ),
  }),
};

const anyEnvelope: fc.Arbitrary<Envelope> = fc.record({
  clusterId: anyText,
  sender: fc.record({ nodeId: anyText, incarnation: anyText, boot: fc.maxSafeNat() }),
  requestId: fc.maxSafeNat(),
  ringHash: anyText,
  budgetMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  sentMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
});

const anyMessage: fc.Arbitrary<PeerMessage> = fc.oneof(
  fc.record({
    type: is("request"),
    envelope: anyEnvelope,
    request: fc.oneof(...(Object.values(requests) as fc.Arbitrary<PeerRequest>[])),
  }),
  fc.record({
    type: is("reply"),
    envelope: anyEnvelope,
    reply: fc.oneof(...(Object.values(replies) as fc.Arbitrary<PeerReply>[])),
  }),
);

describe("the codec of messages", () => {
  it("gives back every message", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual({ type: "ok", value: message });
      }),
      { numRuns: numRuns(500) },
    );
  });

  it("refuses random bytes with a value", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeMessage(bytes)).toMatchObject({ type: "fail" });
      }),
      { numRuns: numRuns(500) },
    );
  });

  it("answers a damaged message with a value, never with an exception", () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, at, flip) => {
        const bytes = Buffer.from(encodeMessage(message));
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;

        expect(["ok", "fail"]).toContain(decodeMessage(bytes).type);
      }),
      { numRuns: numRuns(500) },
    );
  });
});
