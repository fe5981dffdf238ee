import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { open } from "lmdb";
import { describe, expect, test } from "vitest";
import { storageContract } from "../ports/storage.contract.ts";
import { lossKey, type Space, type Storage } from "../ports/storage.ts";
import { type EngineName, openDurableStorage } from "./durable-storage.ts";
import { engineKey } from "./framed-storage.ts";

const engines: readonly EngineName[] = ["level", "lmdb"];

for (const engine of engines) {
  storageContract({
    name: `the store of ${engine}`,
    reaches: "synced",
    hooks: ["reopen", "damage", "syncCount"],
    make: async () => {
      const directory = await mkdtemp(join(tmpdir(), "tipcart-store-"));
      let syncCount = 0;
      const openStore = () => opened(engine, directory, () => (syncCount += 1));
      let storage = await openStore();
      return {
        storage: proxyOf(() => storage),
        reopen: async () => {
          await storage.close();
          storage = await openStore();
          return storage;
        },
        damage: async (space, key) => {
          await storage.close();
          await flipLastByte[engine](directory, engineKey(space, key));
          storage = await openStore();
        },
        syncCount: () => syncCount,
        dispose: async () => {
          await storage.close();
          await rm(directory, { recursive: true });
        },
      };
    },
  });
}

describe.each(engines)("the store of %s", (engine) => {
  test("is refused with one sentence while another has it open", async () => {
    await inDirectory(async (directory) => {
      const storage = await opened(engine, directory);

      const second = await openDurableStorage(engine, directory);

      expect(second).toEqual({
        type: "refused",
        reason: "in-use",
        detail: `The data directory ${directory} is in use by another process.`,
      });
      await storage.close();
    });
  });

  test("whose files make no sense is set aside whole, and an empty one takes its place", async () => {
    await inDirectory(async (parent) => {
      const directory = join(parent, "store");
      await storeWithOneRecord(engine, directory);
      const first = engine === "lmdb" ? "data.mdb" : await fileOf(directory, /^MANIFEST/);
      await writeFile(join(directory, first), new Uint8Array(8192).fill(7));

      const again = await openDurableStorage(engine, directory);

      const setAside = `${directory}.damaged-1`;
      expect(again).toMatchObject({ type: "opened", setAside });
      expect(await readFile(join(setAside, first))).toHaveLength(8192);
      if (again.type === "refused") return;
      expect(await again.storage.read("values", "k")).toEqual({ type: "absent" });
      expect(await lossOf(again.storage)).toBe(`the store could not be opened and is now ${setAside}`);
      await again.storage.close();
    });
  });

  test("that is opened as it was closed has lost nothing, nor has one that nobody closed", async () => {
    await inDirectory(async (directory) => {
      await storeWithOneRecord(engine, directory);
      const second = await opened(engine, directory);
      const afterClose = await lossOf(second);
      await second.write([{ type: "put", space: "values", key: "l", bytes: Uint8Array.of(2) }], "synced");
      const copy = join(directory, "copy");
      await mkdir(copy);
      for (const { name } of (await readdir(directory, { withFileTypes: true })).filter((one) =>
        one.isFile(),
      )) {
        if (name !== "LOCK") await copyFile(join(directory, name), join(copy, name));
      }

      const afterKill = await opened(engine, copy);

      expect([afterClose, await lossOf(afterKill)]).toEqual([undefined, undefined]);
      expect(await afterKill.read("values", "l")).toMatchObject({ type: "found" });
      await afterKill.close();
      await second.close();
    });
  });

  test("whose files are others than those that were closed says that it has lost records", async () => {
    await inDirectory(async (directory) => {
      await storeWithOneRecord(engine, directory);
      const [file = ""] = (await readdir(directory)).filter((name) => /\.log$|data\.mdb/.test(name));
      const { size } = await stat(join(directory, file));
      await truncate(join(directory, file), engine === "level" ? size - 20 : size + 4096);

      const again = await opened(engine, directory);

      expect(await lossOf(again)).toMatch(new RegExp(`^its file ${file} had ${size} bytes and has \\d+$`));
      await again.close();
    });
  });

  test("is refused when the directory holds the store of another engine", async () => {
    await inDirectory(async (directory) => {
      await storeWithOneRecord(engine, directory);
      const other = engine === "level" ? "lmdb" : "level";

      const opening = await openDurableStorage(other, directory);

      const detail = `The data directory ${directory} holds a store of ${engine}, the configuration says ${other}.`;
      expect(opening).toEqual({ type: "refused", reason: "unusable", detail });
    });
  });

  test("is refused as unusable when its directory cannot be made", async () => {
    await inDirectory(async (directory) => {
      const file = join(directory, "file");
      await writeFile(file, "");

      const opening = await openDurableStorage(engine, join(file, "below"));

      expect(opening).toMatchObject({ type: "refused", reason: "unusable" });
    });
  });

  test("is opened anew by a recovery, with everything that was acknowledged", async () => {
    await inDirectory(async (directory) => {
      const storage = await opened(engine, directory);
      await storage.write([{ type: "put", space: "values", key: "k", bytes: Uint8Array.of(1) }], "synced");

      const recovery = await storage.recover();
      await storage.write([{ type: "put", space: "values", key: "l", bytes: Uint8Array.of(2) }], "synced");

      expect(recovery).toEqual({ type: "recovered" });
      expect(await storage.read("values", "k")).toMatchObject({ type: "found" });
      expect(await storage.read("values", "l")).toMatchObject({ type: "found" });
      expect(await readdir(directory)).not.toContain("space-probe");
      await storage.close();
    });
  });
});

test("a log of level with a torn tail opens, and keeps what stood before the tear", async () => {
  await inDirectory(async (directory) => {
    await storeWithOneRecord("level", directory);
    const log = await fileOf(directory, /\.log$/);
    await writeFile(join(directory, log), Uint8Array.of(1, 2, 3, 4, 5), { flag: "a" });

    const again = await opened("level", directory);

    expect(await again.read("values", "k")).toMatchObject({ type: "found" });
    await again.close();
  });
});

test("a log of level damaged in the middle leaves what can be read, and is told as a loss", async () => {
  await inDirectory(async (directory) => {
    const storage = await opened("level", directory);
    for (const key of ["a", "b", "c"]) {
      const bytes = new Uint8Array(40_000).fill(1);
      await storage.write([{ type: "put", space: "values", key, bytes }], "synced");
    }
    await storage.close();
    const log = join(directory, await fileOf(directory, /\.log$/));
    const bytes = await readFile(log);
    bytes[60_000] = (bytes[60_000] ?? 0) ^ 1;
    await writeFile(log, bytes);

    const again = await opened("level", directory);

    expect(await lossOf(again)).toMatch(/^its log is damaged at byte \d+ \(\d+\.log\)$/);
    expect(await again.read("values", "a")).toMatchObject({ type: "found" });
    expect(await again.read("values", "b")).toEqual({ type: "absent" });
    await again.close();
  });
});

test("a store of level without its file CURRENT is set aside, not taken for an empty one", async () => {
  await inDirectory(async (parent) => {
    const directory = join(parent, "store");
    await storeWithOneRecord("level", directory);
    await rm(join(directory, "CURRENT"));

    const again = await openDurableStorage("level", directory);

    expect(again).toMatchObject({ type: "opened", setAside: `${directory}.damaged-1` });
    if (again.type === "opened") await again.storage.close();
  });
});

test("a shortened file of lmdb is set aside, instead of ending the process at the first read behind its end", async () => {
  await inDirectory(async (parent) => {
    const directory = join(parent, "store");
    const storage = await opened("lmdb", directory);
    const bytes = new Uint8Array(50_000);
    await storage.write([{ type: "put", space: "values", key: "k", bytes }], "synced");
    await storage.close();
    await truncate(join(directory, "data.mdb"), 32_768);

    const again = await openDurableStorage("lmdb", directory);

    expect(again).toMatchObject({ type: "opened", setAside: `${directory}.damaged-1` });
    if (again.type === "opened") await again.storage.close();
  });
});

async function opened(
  engine: EngineName,
  directory: string,
  observeSync: () => void = () => undefined,
): Promise<Storage> {
  await mkdir(directory, { recursive: true });
  const opening = await openDurableStorage(engine, directory, ({ isSynced }) => {
    if (isSynced) observeSync();
  });
  if (opening.type === "refused") throw new Error(opening.detail);
  if (opening.setAside !== undefined) throw new Error(`set aside as ${opening.setAside}`);
  return opening.storage;
}

/** What the store says that it has lost. */
async function lossOf(storage: Storage): Promise<string | undefined> {
  const read = await storage.read("meta", lossKey);
  return read.type === "found" ? new TextDecoder().decode(read.bytes) : undefined;
}

async function storeWithOneRecord(engine: EngineName, directory: string): Promise<void> {
  const storage = await opened(engine, directory);
  await storage.write([{ type: "put", space: "values", key: "k", bytes: Uint8Array.of(1) }], "synced");
  await storage.close();
}

/** A storage that stays the same object while the store behind it is closed and opened again. */
function proxyOf(current: () => Storage): Storage {
  return {
    read: (space: Space, key) => current().read(space, key),
    write: (batch, durability) => current().write(batch, durability),
    scan: (space, range) => current().scan(space, range),
    recover: () => current().recover(),
    close: () => current().close(),
  };
}

/** Changes a record behind the storage's back, in a store that is closed. */
const flipLastByte: Record<EngineName, (directory: string, key: string) => Promise<void>> = {
  level: async (directory, key) => {
    const engine = new ClassicLevel<string, Uint8Array>(directory, { valueEncoding: "view" });
    await engine.put(key, flipped((await engine.get(key)) ?? new Uint8Array(1)));
    await engine.close();
  },
  lmdb: async (directory, key) => {
    const engine = open<Uint8Array, Uint8Array>({
      path: directory,
      noSubdir: false,
      encoding: "binary",
      keyEncoding: "binary",
    });
    await engine.put(Buffer.from(key), flipped(engine.getBinary(Buffer.from(key)) ?? new Uint8Array(1)));
    await engine.close();
  },
};

function flipped(framed: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(framed);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 0x01;
  return bytes;
}

async function fileOf(directory: string, pattern: RegExp): Promise<string> {
  const file = (await readdir(directory)).find((name) => pattern.test(name));
  if (file === undefined) throw new Error(`no file like ${pattern} in ${directory}`);
  return file;
}

async function inDirectory(act: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tipcart-store-"));
  try {
    await act(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
