import { expect, test } from "vitest";
import { decodePartition, encodePartition, type PartitionFile } from "./partition-file.ts";
import { emptyKeyState } from "./versions.ts";

const origin = { clusterId: "c", nodeId: "a", incarnation: "00ff", partition: 3, partitionCount: 8 };
const dot = { actor: "a~00ff~1", counter: 1 };
const state = { ...emptyKeyState, clock: new Map([[dot.actor, 1]]) };

const file: PartitionFile = {
  origin,
  keys: ["__proto__", "k/ey", "ключ"].map((key) => ({ bucket: "carts", key, state })),
};

test("a partition comes back as it was written, without keys too", () => {
  expect(decodePartition(encodePartition(file))).toEqual(file);
  expect(decodePartition(encodePartition({ origin, keys: [] }))).toEqual({ origin, keys: [] });
});

test("a file of which one bit or the end is wrong is refused whole", () => {
  const bytes = encodePartition(file);

  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Uint8Array.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 0x04;
    expect(decodePartition(changed)).toBeUndefined();
    expect(decodePartition(bytes.subarray(0, index))).toBeUndefined();
  }
});
