import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultBucket, defaultIntervals, defaultLimits } from "./config.ts";
import { type ParsedConfig, parseConfigFile } from "./config-file.ts";

const member = (nodeId: string, port: number) => ({
  nodeId,
  host: "127.0.0.1",
  rpcPort: port,
  httpPort: port + 1,
});
const good = {
  clusterId: "c",
  nodeId: "a",
  dataDir: null,
  members: [member("a", 4000), member("b", 4010), member("c", 4020)],
  listen: { host: "127.0.0.1", rpcPort: 4000, httpPort: 4001 },
};

function withCapacity(capacity: number): object[] {
  return good.members.map((one, index) => (index === 0 || capacity > 0 ? { ...one, capacity } : one));
}

test("what a file does not say is filled in with the defaults", () => {
  const parsed = parse(good);

  expect(parsed).toEqual({
    type: "ok",
    config: {
      dataDir: null,
      engine: "memory",
      eventLog: null,
      listen: good.listen,
      node: {
        clusterId: "c",
        nodeId: "a",
        members: good.members,
        partitionCount: 64,
        placement: { strategy: 3, partitions: 64 },
        buckets: new Map([["default", defaultBucket]]),
        intervals: defaultIntervals,
        limits: defaultLimits,
      },
    },
  });
});

test("a bucket takes what it does not say from the file's default bucket", () => {
  const parsed = parse({ ...good, buckets: { strict: { sloppy: false }, default: { r: 1, w: 3 } } });

  const buckets = parsed.type === "ok" ? parsed.config.node.buckets : new Map();
  expect(buckets.get("default")).toEqual({ ...defaultBucket, r: 1, w: 3 });
  expect(buckets.get("strict")).toEqual({ ...defaultBucket, r: 1, w: 3, sloppy: false });
});

test.each([
  [{ strategy: 1 }, { strategy: 1, tokensPerNode: 16 }, 48],
  [{ strategy: 2, tokensPerNode: 4 }, { strategy: 2, tokensPerNode: 4, partitions: 64 }, 64],
  [{ strategy: 3, partitions: 128 }, { strategy: 3, partitions: 128 }, 128],
])("the placement %j is %j with %i ranges", (placement, filledIn, partitionCount) => {
  expect(parse({ ...good, placement })).toMatchObject({
    config: { node: { placement: filledIn, partitionCount } },
  });
});

test("members say their capacity, data centre, rack and seat", () => {
  const place = { capacity: 2.5, dc: "east", rack: "r1", seat: 0 };

  const parsed = parse({ ...good, members: [{ ...good.members[0], ...place }, ...good.members.slice(1)] });

  expect(parsed).toMatchObject({ config: { node: { members: [place, {}, {}] } } });
});

test("single intervals and limits can be set", () => {
  const parsed = parse({ ...good, intervals: { pingMs: 5 }, limits: { valueBytesMax: 10 } });

  expect(parsed).toMatchObject({
    config: {
      node: {
        intervals: { ...defaultIntervals, pingMs: 5 },
        limits: { ...defaultLimits, valueBytesMax: 10 },
      },
    },
  });
});

test.each<[string, object, string]>([
  ["an unknown field", { colour: 1 }, 'The configuration has an unknown field "colour".'],
  [
    "a misspelt setting of a bucket",
    { buckets: { default: { W: 2 } } },
    'The field buckets.default has an unknown field "W" (did you mean w?).',
  ],
  [
    "an unknown interval",
    { intervals: { pingMS: 2 } },
    'The field intervals has an unknown field "pingMS" (did you mean pingMs?).',
  ],
  [
    "a misspelt field",
    { ndoeId: "a" },
    'The configuration has an unknown field "ndoeId" (did you mean nodeId?).',
  ],
  [
    "a secret that is short",
    { clusterSecret: "guess" },
    "The field clusterSecret must have at least 32 characters.",
  ],
  ["a missing field", { clusterId: undefined }, "The field clusterId is missing; it must be of type string."],
  ["a wrong type", { nodeId: 7 }, "The field nodeId must be of type string."],
  [
    "a host that is not loopback",
    { listen: { ...good.listen, host: "0.0.0.0" } },
    "The field listen.host must be a loopback address (127.0.0.0/8 or ::1), unless listen.beyondLoopback is true.",
  ],
  [
    "a member on another machine",
    { members: [{ ...member("a", 4000), host: "10.0.0.1" }, ...good.members.slice(1)] },
    "The host of the member a must be a loopback address (127.0.0.0/8 or ::1), unless listen.beyondLoopback is true.",
  ],
  [
    "other machines without a secret",
    { listen: { ...good.listen, host: "10.0.0.1", beyondLoopback: true } },
    "A node that is reached from other machines needs a clusterSecret, the same on all nodes.",
  ],
  [
    "a host that is no address",
    { listen: { ...good.listen, host: "example.org" } },
    "The field listen.host must be an IP address.",
  ],
  [
    "an impossible port",
    { listen: { ...good.listen, rpcPort: 70_000 } },
    "The field listen.rpcPort must be a whole number from 0 to 65535.",
  ],
  [
    "partitions that are no power of two",
    { partitionCount: 48 },
    "The field partitionCount must be a power of two, at most 4096.",
  ],
  [
    "a placement nobody knows",
    { placement: { strategy: 4 } },
    "The field placement.strategy must be one of 1, 2, 3.",
  ],
  [
    "tokens for a strategy without any",
    { placement: { strategy: 3, tokensPerNode: 8 } },
    "The placement strategy 3 has no tokens; leave tokensPerNode out.",
  ],
  [
    "partitions for the strategy that has ranges",
    { placement: { strategy: 1 }, partitionCount: 64 },
    "The placement strategy 1 has the ranges between its tokens; leave the number of partitions out.",
  ],
  [
    "two numbers of partitions",
    { placement: { strategy: 2, partitions: 32 }, partitionCount: 64 },
    "The fields partitionCount and placement.partitions say different numbers; leave one out.",
  ],
  [
    "more tokens than there can be ranges",
    { placement: { strategy: 1, tokensPerNode: 1024 }, members: withCapacity(2) },
    "The members have 6144 tokens together, but there can be at most 4096 ranges.",
  ],
  [
    "a capacity of nothing",
    { members: withCapacity(0) },
    "The field members.0.capacity must be from 0.01 to 100.",
  ],
  [
    "a mode nobody knows",
    { buckets: { b: { versions: "clock" } } },
    "The field buckets.b.versions must be one of dvv, vv-max, lww.",
  ],
  ["a node that is no member", { nodeId: "z" }, "The node z is not among the members (a, b, c)."],
  [
    "a member listed twice",
    { members: [...good.members, member("b", 5000)] },
    "The member b is listed twice.",
  ],
  [
    "more copies than nodes",
    { buckets: { default: { n: 4 } } },
    "The bucket default keeps n = 4 copies, but the members are only 3.",
  ],
  [
    "a quorum beyond the copies",
    { buckets: { carts: { n: 2, r: 3 } } },
    "The bucket carts asks for r = 3 of only n = 2 copies.",
  ],
])("%s is refused with one sentence", (_name, change, sentence) => {
  expect(parse({ ...good, ...change })).toEqual({ type: "bad", mistakes: [sentence] });
});

test("other machines may be listened to by those who say so and share a secret", () => {
  const listen = { ...good.listen, host: "10.0.0.1", beyondLoopback: true };
  const clusterSecret = "0123456789abcdef0123456789abcdef";

  const parsed = parse({ ...good, listen, clusterSecret });

  expect(parsed).toMatchObject({ type: "ok", config: { listen, clusterSecret } });
});

test("a bucket may have any name, those of the language's own properties too", () => {
  const buckets = '{"__proto__": {"w": 3}, "constructor": {"r": 1}, "toString": {"r": 3}}';

  const parsed = parseConfigFile(JSON.stringify(good).replace("{", `{"buckets":${buckets},`));

  const named = parsed.type === "ok" ? parsed.config.node.buckets : new Map();
  expect([...named.keys()].toSorted()).toEqual(["__proto__", "constructor", "default", "toString"]);
  expect(named.get("__proto__")).toEqual({ ...defaultBucket, w: 3 });
});

test("several mistakes are told at once", () => {
  const parsed = parse({ ...good, clusterId: "", partitionCount: 0 });

  expect(parsed).toMatchObject({ type: "bad", mistakes: [expect.any(String), expect.any(String)] });
});

test("what is no JSON is refused with one sentence", () => {
  expect(parseConfigFile("{ nodeId: a }")).toEqual({
    type: "bad",
    mistakes: ["The configuration is no JSON."],
  });
});

test("whatever JSON a file holds, the answer is a configuration or sentences", () => {
  const fragment = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(good)));
  const file = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...Object.keys(good), "__proto__"), fragment),
  );

  fc.assert(
    fc.property(file, (json) => {
      const parsed = parseConfigFile(JSON.stringify(json));

      const mistakes = parsed.type === "ok" ? [] : parsed.mistakes;
      for (const mistake of mistakes) expect(mistake).toMatch(/^The .*\.$/s);
    }),
    { numRuns: 300 },
  );
});

function parse(file: object): ParsedConfig {
  return parseConfigFile(JSON.stringify(file));
}

test("the engine is named by storage; one that keeps files needs somewhere to keep them", () => {
  expect(engineOf({ ...good, dataDir: "store" })).toBe("level");
  expect(engineOf({ ...good, dataDir: "store", storage: "lmdb" })).toBe("lmdb");
  expect(engineOf({ ...good, dataDir: "store", storage: "memory" })).toBe("memory");
  expect(engineOf({ ...good, storage: "lmdb" })).toEqual([
    "The storage lmdb needs a dataDir to keep its files in.",
  ]);
  expect(engineOf({ ...good, storage: "bdb" })).toEqual([
    "The field storage must be one of level, lmdb, memory.",
  ]);
});

function engineOf(config: object) {
  const parsed = parse(config);
  return parsed.type === "ok" ? parsed.config.engine : parsed.mistakes;
}
