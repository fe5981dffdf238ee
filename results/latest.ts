/**
 * The pointer to the newest run: `runs/latest`.
 *
 * A relative symbolic link, so that the folder of runs can be moved; where links are refused (some shared folders
 * and Windows accounts), a plain file with the same text. It is made beside its place and renamed over the old one,
 * so that two runs that begin together leave one of the two and never nothing. What is read back is believed only
 * when it has the form that this file writes, so a planted pointer leads nowhere else.
 */
import { readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { folderName, latestName } from "./run-name.ts";
import { diskSentence, errorCode, type Kept, kept, writeSynced } from "./whole-file.ts";

/** A run's place below the folder of runs. */
export type RunPlace = { readonly name: string; readonly start: string };

export type MakeLink = (target: string, path: string) => Promise<void>;

let pointedCount = 0;

/** Points `latest` at a run that exists. `link` makes a symbolic link; when it refuses, a file is written. */
export const pointLatest = async (
  directory: string,
  place: RunPlace,
  link: MakeLink = (target, path) => symlink(target, path),
): Promise<Kept<string>> => {
  const path = join(directory, latestName);
  const target = `${place.name}/${place.start}`;
  pointedCount += 1;
  const beside = join(directory, `.${latestName}-${process.pid}-${pointedCount}`);

  try {
    await link(target, beside).catch(() => writeSynced(beside, `${target}\n`));
    await rename(beside, path);
    return kept(path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    return { type: "failed", reason: `The pointer ${path} was not moved: ${diskSentence(cause)}` };
  }
};

/** Where `latest` points, link or file; null when it points nowhere or its text has another form. */
export const readLatest = async (directory: string): Promise<RunPlace | null> => {
  const path = join(directory, latestName);
  const text = await readlink(path).catch(async (cause: unknown) =>
    errorCode(cause) === "EINVAL" || errorCode(cause) === "UNKNOWN"
      ? await readFile(path, "utf8").catch(() => "")
      : "",
  );

  return parsePlace(text.trim());
};

/** `name/start` -> its two parts; null unless both are names that this room gives to folders. */
export const parsePlace = (text: string): RunPlace | null => {
  const [name, start, ...more] = text.split("/");
  if (name === undefined || start === undefined || more.length > 0) return null;
  if (folderName(name) !== name || folderName(start) !== start) return null;
  return { name, start };
};
