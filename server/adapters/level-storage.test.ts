import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { expect, test } from "vitest";
import { storageContract } from "../ports/storage.contract.ts";
import type { Space } from "../ports/storage.ts";
import { engineKey, type LevelStorage, openLevelStorage } from "./level-storage.ts";

storageContract({
  name: "level storage",
  reaches: "synced",
  hooks: ["reopen", "damage", "syncCount"],
  make: async () => {
    const directory = await mkdtemp(join(tmpdir(), "tipcart-level-"));
    let syncCount = 0;
    const open = () => opened(directory, () => (syncCount += 1));
    let storage = await open();
    const proxy = storageOf(() => storage);
    const reopen = async () => {
      await storage.close();
      storage = await open();
      return storage;
    };
    return {
      storage: proxy,
      reopen,
      damage: async (space, key) => {
        await storage.close();
        await flipLastByte(directory, space, key);
        storage = await open();
      },
      syncCount: () => syncCount,
      dispose: async () => {
        await storage.close();
        await rm(directory, { recursive: true });
      },
    };
  },
});

test("a directory that is in use is refused with one sentence", async () => {
  await inDirectory(async (directory) => {
    const storage = await opened(directory);

    const second = await openLevelStorage(directory);

    expect(second).toEqual({
      type: "refused",
      reason: "in-use",
      detail: `The data directory ${directory} is in use by another process.`,
    });
    await storage.close();
  });
});

test("a store whose files make no sense is refused as corrupt", async () => {
  await inDirectory(async (directory) => {
    const storage = await opened(directory);
    await storage.write([{ type: "put", space: "values", key: "k", bytes: Uint8Array.of(1) }], "synced");
    await storage.close();
    const manifest = (await readdir(directory)).find((name) => name.startsWith("MANIFEST"));
    await writeFile(join(directory, manifest ?? "no manifest"), new Uint8Array(200));

    const again = await openLevelStorage(directory);

    expect(again).toMatchObject({ type: "refused", reason: "corrupt" });
  });
});

test("a directory that cannot be made is refused as unusable", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "file");
    await writeFile(file, "");

    const opening = await openLevelStorage(join(file, "below"));

    expect(opening).toMatchObject({ type: "refused", reason: "unusable" });
  });
});

test("a log with a torn tail opens, and keeps what stood before the tear", async () => {
  await inDirectory(async (directory) => {
    const storage = await opened(directory);
    await storage.write([{ type: "put", space: "values", key: "k", bytes: Uint8Array.of(1) }], "synced");
    await storage.close();
    const log = (await readdir(directory)).find((name) => name.endsWith(".log"));
    await writeFile(join(directory, log ?? "no log"), Uint8Array.of(1, 2, 3, 4, 5), { flag: "a" });

    const again = await opened(directory);

    expect(await again.read("values", "k")).toMatchObject({ type: "found" });
    await again.close();
  });
});

async function opened(directory: string, observeSync: () => void = () => undefined): Promise<LevelStorage> {
  const opening = await openLevelStorage(directory, ({ isSynced }) => {
    if (isSynced) observeSync();
  });
  if (opening.type === "refused") throw new Error(opening.detail);
  return opening.storage;
}

/** A storage that stays the same object while the store behind it is closed and opened again. */
function storageOf(current: () => LevelStorage): Pick<LevelStorage, "read" | "write" | "scan" | "close"> {
  return {
    read: (space, key) => current().read(space, key),
    write: (batch, durability) => current().write(batch, durability),
    scan: (space, range) => current().scan(space, range),
    close: () => current().close(),
  };
}

async function flipLastByte(directory: string, space: Space, key: string): Promise<void> {
  const engine = new ClassicLevel<string, Uint8Array>(directory, { valueEncoding: "view" });
  const framed = Uint8Array.from((await engine.get(engineKey(space, key))) ?? []);
  const last = framed.length - 1;
  framed[last] = (framed[last] ?? 0) ^ 0x01;
  await engine.put(engineKey(space, key), framed);
  await engine.close();
}

async function inDirectory(act: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tipcart-level-"));
  try {
    await act(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
