/**
 * What every storage must do, as one suite: called by each implementation's test with a way to make a store.
 *
 * A store is made empty and private to one case. What only some stores can show (keeping data over a reopen,
 * damage to a record, the number of syncs) comes as optional hooks; a case whose hook is missing is listed as
 * skipped, never left out silently.
 */
import { describe, expect, test } from "vitest";
import type { Durability, Entry, ReadOutcome, Space, Storage, Write } from "./storage.ts";

/** One store of one case. */
export type StoreUnderTest = {
  readonly storage: Storage;
  /** Closes the store as a clean stop would and opens it again; the records must still be there. */
  readonly reopen?: () => Promise<Storage>;
  /** Changes a stored record behind the storage's back, so that its checksum no longer fits. */
  readonly damage?: (space: Space, key: string) => Promise<void>;
  /** How many times the store has synced since it was made. */
  readonly syncCount?: () => number;
  /** Gives back directories and the like; the storage may already be closed. */
  readonly dispose: () => Promise<void>;
};

export type StorageKind = {
  readonly name: string;
  /** What a synced write reaches here: memory has nothing to sync to and says `buffered`. */
  readonly reaches: Durability;
  readonly hooks: readonly ("reopen" | "damage" | "syncCount")[];
  readonly make: () => Promise<StoreUnderTest>;
};

const everything = { from: "", to: "\u{10FFFF}", limit: 1000 };

export function storageContract(kind: StorageKind): void {
  describe(`${kind.name} keeps the storage contract:`, () => {
    recordCases(kind);
    orderCases(kind);
    batchCases(kind);
    damageCases(kind);
    lifeCases(kind);
  });
}

function recordCases(kind: StorageKind): void {
  test("a key never written is absent", async () => {
    await withStore(kind, async ({ storage }) => {
      expect(await storage.read("values", "nothing")).toEqual({ type: "absent" });
    });
  });

  test("a written record is read back byte for byte, whatever its bytes", async () => {
    await withStore(kind, async ({ storage }) => {
      const allBytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
      const values = [allBytes, Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0xff, 0xfe, 0x00, 0x0a)];

      await Promise.all(values.map((bytes, index) => written(storage, [put("values", `k${index}`, bytes)])));

      for (const [index, bytes] of values.entries()) {
        expect(bytesOf(await storage.read("values", `k${index}`))).toEqual([...bytes]);
      }
    });
  });

  test("an empty record is found, not absent", async () => {
    await withStore(kind, async ({ storage }) => {
      await written(storage, [put("values", "empty", Uint8Array.of())]);

      expect((await storage.read("values", "empty")).type).toBe("found");
    });
  });

  test("a later write replaces, and a delete leaves the key absent", async () => {
    await withStore(kind, async ({ storage }) => {
      await written(storage, [put("values", "k", text("one"))]);
      await written(storage, [put("values", "k", text("two"))]);

      expect(textOf(await storage.read("values", "k"))).toBe("two");

      await written(storage, [{ type: "delete", space: "values", key: "k" }]);

      expect(await storage.read("values", "k")).toEqual({ type: "absent" });
    });
  });

  test("keys named like parts of JavaScript's objects, and the empty key, are keys like others", async () => {
    await withStore(kind, async ({ storage }) => {
      const keys = [
        "",
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "a/b",
        "a\u0000b",
        "ключ",
        "🛒",
      ];

      await written(
        storage,
        keys.map((key) => put("values", key, text(`of ${key}`))),
      );

      for (const key of keys) expect(textOf(await storage.read("values", key))).toBe(`of ${key}`);
      expect(await storage.read("values", "valueOf")).toEqual({ type: "absent" });
    });
  });

  test("the bytes given may be changed after the write, and the bytes read belong to the reader", async () => {
    await withStore(kind, async ({ storage }) => {
      const bytes = text("before");
      await written(storage, [put("values", "k", bytes)]);
      bytes.fill(0x78);

      expect(textOf(await storage.read("values", "k"))).toBe("before");
    });
  });

  test("spaces are apart", async () => {
    await withStore(kind, async ({ storage }) => {
      const spaces = ["values", "hints", "trees", "meta"] as const;
      await written(
        storage,
        spaces.map((space) => put(space, "k", text(space))),
      );
      await written(storage, [{ type: "delete", space: "hints", key: "k" }]);

      expect(textOf(await storage.read("values", "k"))).toBe("values");
      expect(await storage.read("hints", "k")).toEqual({ type: "absent" });
      expect(keysOf(await storage.scan("trees", everything))).toEqual(["k"]);
      expect(keysOf(await storage.scan("hints", everything))).toEqual([]);
      expect(textOf(await storage.read("meta", "k"))).toBe("meta");
    });
  });
}

function orderCases(kind: StorageKind): void {
  test("a scan is in the order of the keys' UTF-8 bytes", async () => {
    await withStore(kind, async ({ storage }) => {
      const inOrder = ["", "B", "a", "a\u0000", "aa", "b", "é", "日", "\uFFFD", "🛒"];
      await written(
        storage,
        inOrder.toReversed().map((key) => put("values", key, text(key))),
      );

      expect(keysOf(await storage.scan("values", everything))).toEqual(inOrder);
    });
  });

  test("a scan includes its start, excludes its end, and keeps to its limit", async () => {
    await withStore(kind, async ({ storage }) => {
      await written(
        storage,
        ["a", "b", "c", "d", "e"].map((key) => put("values", key, text(key))),
      );

      expect(keysOf(await storage.scan("values", { from: "b", to: "d", limit: 10 }))).toEqual(["b", "c"]);
      expect(keysOf(await storage.scan("values", { from: "b", to: "z", limit: 2 }))).toEqual(["b", "c"]);
      expect(keysOf(await storage.scan("values", { from: "bb", to: "z", limit: 1 }))).toEqual(["c"]);
      expect(await storage.scan("values", { from: "d", to: "b", limit: 10 })).toEqual([]);
      expect(await storage.scan("values", { from: "a", to: "z", limit: 0 })).toEqual([]);
    });
  });

  test("a scan read page by page gives every record once", async () => {
    await withStore(kind, async ({ storage }) => {
      const keys = Array.from({ length: 250 }, (_, index) => `k${String(index).padStart(3, "0")}`);
      await written(
        storage,
        keys.map((key) => put("values", key, text(key))),
      );

      const seen: string[] = [];
      let from = "";
      for (;;) {
        const page = await storage.scan("values", { from, to: "\u{10FFFF}", limit: 64 });
        seen.push(...keysOf(page));
        const last = page.at(-1);
        if (last === undefined) break;
        from = `${last.key}\u0000`;
      }

      expect(seen).toEqual(keys);
    });
  });
}

function batchCases(kind: StorageKind): void {
  test(`a synced write says what it reached: ${kind.reaches}`, async () => {
    await withStore(kind, async ({ storage }) => {
      const outcome = await storage.write([put("values", "k", text("v"))], "synced");

      expect(outcome).toEqual({ type: "written", durability: kind.reaches });
    });
  });

  test("a buffered write is readable as soon as it is acknowledged", async () => {
    await withStore(kind, async ({ storage }) => {
      await written(storage, [put("values", "k", text("v"))], "buffered");

      expect(textOf(await storage.read("values", "k"))).toBe("v");
    });
  });

  test("of several writes to one key in a batch the last one counts", async () => {
    await withStore(kind, async ({ storage }) => {
      await written(storage, [
        put("values", "k", text("one")),
        { type: "delete", space: "values", key: "k" },
        put("values", "k", text("three")),
      ]);

      expect(textOf(await storage.read("values", "k"))).toBe("three");
    });
  });

  test("concurrent writes to one key take effect in the order they were asked for", async () => {
    await withStore(kind, async ({ storage }) => {
      const writes = Array.from({ length: 50 }, (_, index) =>
        storage.write([put("values", "k", text(`${index}`))], index % 3 === 0 ? "buffered" : "synced"),
      );
      await Promise.all(writes);

      expect(textOf(await storage.read("values", "k"))).toBe("49");
    });
  });

  test("a scan sees all of a batch or nothing of it", async () => {
    await withStore(kind, async ({ storage }) => {
      const pairs = Array.from({ length: 40 }, (_, index) => [
        put("values", `a${index}`, text("x")),
        put("values", `z${index}`, text("x")),
      ]);
      const writes = pairs.map((pair) => storage.write(pair, "synced"));
      const scans = Array.from({ length: 10 }, () => storage.scan("values", everything));

      for (const entries of await Promise.all(scans)) {
        const keys = keysOf(entries);
        const starts = keys.filter((key) => key.startsWith("a")).map((key) => key.slice(1));
        const ends = keys.filter((key) => key.startsWith("z")).map((key) => key.slice(1));
        expect(starts).toEqual(ends);
      }
      await Promise.all(writes);
    });
  });

  test("an empty batch is written", async () => {
    await withStore(kind, async ({ storage }) => {
      expect((await storage.write([], "synced")).type).toBe("written");
    });
  });

  test.skipIf(!kind.hooks.includes("syncCount"))("concurrent writes share syncs", async () => {
    await withStore(kind, async ({ storage, syncCount }) => {
      const before = syncCount?.() ?? 0;
      const writes = Array.from({ length: 200 }, (_, index) =>
        storage.write([put("values", `k${index}`, text("v"))], "synced"),
      );
      await Promise.all(writes);
      const syncs = (syncCount?.() ?? 0) - before;

      expect(syncs).toBeGreaterThanOrEqual(1);
      expect(syncs).toBeLessThanOrEqual(20);
    });
  });

  test.skipIf(!kind.hooks.includes("syncCount"))("writes one after the other are synced each", async () => {
    await withStore(kind, async ({ storage, syncCount }) => {
      const before = syncCount?.() ?? 0;
      for (let index = 0; index < 5; index += 1)
        await written(storage, [put("values", "k", text(`${index}`))]);

      expect((syncCount?.() ?? 0) - before).toBe(5);
    });
  });
}

function damageCases(kind: StorageKind): void {
  const canDamage = kind.hooks.includes("damage");

  test.skipIf(!canDamage)("a damaged record is corrupt, never absent and never other bytes", async () => {
    await withStore(kind, async ({ storage, damage }) => {
      await written(storage, [put("values", "hit", text("precious")), put("values", "spared", text("fine"))]);
      await damage?.("values", "hit");

      expect((await storage.read("values", "hit")).type).toBe("corrupt");
      expect(textOf(await storage.read("values", "spared"))).toBe("fine");
    });
  });

  test.skipIf(!canDamage)("a scan lists a damaged record as corrupt, among the others", async () => {
    await withStore(kind, async ({ storage, damage }) => {
      await written(
        storage,
        ["a", "b", "c"].map((key) => put("values", key, text(key))),
      );
      await damage?.("values", "b");

      const entries = await storage.scan("values", everything);

      expect(entries.map((entry) => [entry.key, entry.read.type])).toEqual([
        ["a", "found"],
        ["b", "corrupt"],
        ["c", "found"],
      ]);
    });
  });

  test.skipIf(!canDamage)("a write over a damaged record mends it", async () => {
    await withStore(kind, async ({ storage, damage }) => {
      await written(storage, [put("values", "k", text("old"))]);
      await damage?.("values", "k");
      await written(storage, [put("values", "k", text("new"))]);

      expect(textOf(await storage.read("values", "k"))).toBe("new");
    });
  });
}

function lifeCases(kind: StorageKind): void {
  test.skipIf(!kind.hooks.includes("reopen"))("synced records are there after a reopen", async () => {
    await withStore(kind, async ({ storage, reopen }) => {
      await written(storage, [put("values", "k", text("kept")), put("hints", "h", text("hint"))]);
      await written(storage, [{ type: "delete", space: "hints", key: "h" }]);

      const reopened = await reopen?.();

      expect(reopened === undefined ? undefined : textOf(await reopened.read("values", "k"))).toBe("kept");
      expect(await reopened?.read("hints", "h")).toEqual({ type: "absent" });
    });
  });

  test("close waits for writes in progress; afterwards reads, writes and scans are refused as values", async () => {
    await withStore(kind, async ({ storage }) => {
      const inProgress = storage.write([put("values", "k", text("v"))], "synced");
      await storage.close();

      expect((await inProgress).type).toBe("written");
      expect((await storage.read("values", "k")).type).toBe("failed");
      expect((await storage.write([put("values", "k", text("v"))], "synced")).type).toBe("failed");
      await expect(storage.scan("values", everything)).rejects.toThrow(/closed/);
    });
  });

  test("closing twice is closing once", async () => {
    await withStore(kind, async ({ storage }) => {
      await storage.close();

      await expect(storage.close()).resolves.toBeUndefined();
    });
  });
}

async function withStore(kind: StorageKind, act: (store: StoreUnderTest) => Promise<void>): Promise<void> {
  const store = await kind.make();
  try {
    await act(store);
  } finally {
    await store.dispose();
  }
}

async function written(
  storage: Storage,
  batch: readonly Write[],
  durability: Durability = "synced",
): Promise<void> {
  expect((await storage.write(batch, durability)).type).toBe("written");
}

function put(space: Space, key: string, bytes: Uint8Array): Write {
  return { type: "put", space, key, bytes };
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function textOf(read: ReadOutcome): string | undefined {
  return read.type === "found" ? new TextDecoder().decode(read.bytes) : undefined;
}

function bytesOf(read: ReadOutcome): number[] | undefined {
  return read.type === "found" ? [...read.bytes] : undefined;
}

function keysOf(entries: readonly Entry[]): string[] {
  return entries.map((entry) => entry.key);
}
