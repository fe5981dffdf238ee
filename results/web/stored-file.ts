/**
 * A file of a run, opened so that nothing outside of the run's own folder can be read.
 *
 * A place has the form that the store gives it and a file's name is one of a fixed list, so no path is ever made of
 * what a browser sent. What is left are links planted on the disk: neither the folder nor the file may be one.
 */
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { RunPlace } from "../latest.ts";
import type { RunStore } from "../store.ts";

/** Bytes of one file that are handed out at most. */
const fileBytesMax = 64 << 20;

/** The whole text; undefined when it is not there, is no plain file, is too long, or lies elsewhere. */
export const storedFile = async (
  store: RunStore,
  place: RunPlace,
  name: string,
): Promise<string | undefined> => {
  const folder = await ownFolder(store, place);
  if (folder === undefined) return undefined;
  const file = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    return found.isFile() && found.size <= fileBytesMax ? await file.readFile("utf8") : undefined;
  } finally {
    await file.close();
  }
};

/** The folder of a run when it really lies below the store; undefined otherwise. */
export const ownFolder = async (store: RunStore, place: RunPlace): Promise<string | undefined> => {
  const root = await realpath(store.directory).catch(() => undefined);
  if (root === undefined) return undefined;
  const folder = join(root, place.name, place.start);
  const real = await realpath(folder).catch(() => undefined);
  return real === folder ? folder : undefined;
};
