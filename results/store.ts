/**
 * Where runs are kept: `<directory>/<name>/<start>/`, one folder a run.
 *
 * A run is saved in phases, because it may be cut short in any of them. `begin` makes the folder and writes the
 * plan before anything starts; the journal grows during the run, written by the harness; verdict and report follow
 * at the end. So a folder with a plan and no verdict is a run that did not finish, and can still be judged.
 *
 * Every method ends with a value. A full disk or a missing folder is a sentence, and never touches what is there.
 */
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type ExportFormat, exportFile } from "./export/format.ts";
import { type MakeLink, parsePlace, pointLatest, type RunPlace, readLatest } from "./latest.ts";
import { folderName, latestName, startFolderName } from "./run-name.ts";
import type { RunRecord } from "./run-record.ts";
import { parseRunRecord } from "./run-schema.ts";
import { diskSentence, errorCode, type Kept, kept, replaceFile, writeSynced } from "./whole-file.ts";

/** One run's files. Absolute paths; only `plan` and `nodes` are there from the beginning. */
export type RunFolder = {
  readonly path: string;
  readonly plan: string;
  readonly journal: string;
  readonly verdict: string;
  readonly report: string;
  readonly summary: string;
  /** A folder: one log file a node. */
  readonly nodes: string;
  /** A folder: what the nodes stored. The journal is the evidence; this is only kept to look into. */
  readonly data: string;
};

export type RunEntry = RunPlace & {
  readonly folder: RunFolder;
  /** A run without one was cut short, or is still going. */
  readonly hasVerdict: boolean;
};

export type RunStore = {
  readonly directory: string;
  /** Makes the run's folder, writes `plan` there as JSON, and points `latest` at it. */
  begin(run: {
    readonly name: string;
    readonly startedWallMs: number;
    readonly plan: unknown;
  }): Promise<Kept<RunFolder>>;
  saveVerdict(folder: RunFolder, record: RunRecord): Promise<Kept<string>>;
  saveReport(folder: RunFolder, page: string): Promise<Kept<string>>;
  /** The Markdown summary, for a comment in CI. */
  saveSummary(folder: RunFolder, markdown: string): Promise<Kept<string>>;
  /** For other programs: time series, JUnit, histograms. */
  saveExport(folder: RunFolder, format: ExportFormat, text: string): Promise<Kept<string>>;
  /** "latest", a run's name (its newest run), "name/start", or the path of a run's folder. */
  find(which: string): Promise<Kept<RunFolder>>;
  readVerdict(folder: RunFolder): Promise<Kept<RunRecord>>;
  /** Newest first; at most `listLimit`. */
  list(): Promise<Kept<readonly RunEntry[]>>;
};

export const listLimit = 10_000;

/** Two runs of one name that begin in the same millisecond get `-2`, `-3` …; more than this is a mistake. */
const sameStartLimit = 100;

/** What the store needs of the disk; tests replace it by one that is full or refuses links. */
export type Disk = { readonly write: typeof writeSynced; readonly link?: MakeLink };

/**
 * Runs belong to whoever asked for them, so they are kept below the working directory and not beside the package,
 * which may be read-only or gone after the next install.
 */
export const defaultRunsDirectory = (workingDirectory: string): string =>
  join(workingDirectory, "results", "runs");

export const openRunStore = (directory: string, disk: Disk = { write: writeSynced }): RunStore => {
  const root = resolve(directory);
  const save = (path: string, text: string): Promise<Kept<string>> => replaceFile(path, text, disk.write);

  return {
    directory: root,
    begin: (run) => begin(root, run, disk),
    saveVerdict: (folder, record) => save(folder.verdict, `${JSON.stringify(record, null, 1)}\n`),
    saveReport: (folder, page) => save(folder.report, page),
    saveSummary: (folder, markdown) => save(folder.summary, markdown),
    saveExport: (folder, format, text) => save(join(folder.path, exportFile[format]), text),
    find: (which) => find(root, which),
    readVerdict,
    list: () => list(root),
  };
};

/** The files of a run that lies at `path`. */
export const runFolder = (path: string): RunFolder => {
  const absolute = resolve(path);
  const at = (name: string): string => join(absolute, name);
  return {
    path: absolute,
    plan: at("plan.json"),
    journal: at("history.journal"),
    verdict: at("verdict.json"),
    report: at("report.html"),
    summary: at("summary.md"),
    nodes: at("nodes"),
    data: at("data"),
  };
};

const begin = async (
  root: string,
  run: { readonly name: string; readonly startedWallMs: number; readonly plan: unknown },
  disk: Disk,
): Promise<Kept<RunFolder>> => {
  const made = await makeFolder(root, folderName(run.name), startFolderName(run.startedWallMs));
  if (made.type === "failed") return made;

  const folder = runFolder(join(root, made.value.name, made.value.start));
  const planned = await replaceFile(folder.plan, `${JSON.stringify(run.plan, null, 1)}\n`, disk.write);
  if (planned.type === "failed") return planned;

  const pointed = await pointLatest(root, made.value, disk.link);
  return pointed.type === "failed" ? pointed : kept(folder);
};

const makeFolder = async (root: string, name: string, start: string): Promise<Kept<RunPlace>> => {
  const parent = join(root, name);
  try {
    await mkdir(parent, { recursive: true });
    for (let attempt = 1; attempt <= sameStartLimit; attempt += 1) {
      const candidate = attempt === 1 ? start : `${start}-${attempt}`;
      const made = await mkdir(join(parent, candidate)).then(
        () => true,
        (cause: unknown) => {
          if (errorCode(cause) === "EEXIST") return false;
          throw cause;
        },
      );
      if (!made) continue;
      await mkdir(join(parent, candidate, "nodes"));
      return kept({ name, start: candidate });
    }
    return { type: "failed", reason: `More than ${sameStartLimit} runs called ${name} began at ${start}.` };
  } catch (cause) {
    return {
      type: "failed",
      reason: `No folder for the run could be made in ${parent}: ${diskSentence(cause)}`,
    };
  }
};

const find = async (root: string, which: string): Promise<Kept<RunFolder>> => {
  const place = await placeOf(root, which);
  const folder = runFolder(place === null ? which : join(root, place.name, place.start));
  if (await isFile(folder.plan)) return kept(folder);

  return {
    type: "failed",
    reason:
      which === latestName
        ? `There is no run in ${root} yet.`
        : `There is no run "${which}": neither a name in ${root} nor a folder with a plan.json.`,
  };
};

const placeOf = async (root: string, which: string): Promise<RunPlace | null> => {
  if (which === latestName) return await readLatest(root);
  if (folderName(which) === which) {
    const newest = (await foldersIn(join(root, which))).at(-1);
    if (newest !== undefined) return { name: which, start: newest };
  }
  const place = parsePlace(which);
  return place !== null && (await isFile(runFolder(join(root, place.name, place.start)).plan)) ? place : null;
};

const readVerdict = async (folder: RunFolder): Promise<Kept<RunRecord>> => {
  try {
    return parseRunRecord(await readFile(folder.verdict, "utf8"));
  } catch (cause) {
    return { type: "failed", reason: `${folder.verdict} could not be read: ${diskSentence(cause)}` };
  }
};

const list = async (root: string): Promise<Kept<readonly RunEntry[]>> => {
  const entries: RunEntry[] = [];
  for (const name of await foldersIn(root)) {
    for (const start of await foldersIn(join(root, name))) {
      const folder = runFolder(join(root, name, start));
      if (!(await isFile(folder.plan))) continue;
      entries.push({ name, start, folder, hasVerdict: await isFile(folder.verdict) });
    }
  }

  entries.sort((a, b) => compareNames(b.start, a.start) || compareNames(a.name, b.name));
  return kept(entries.slice(0, listLimit));
};

/** Names of folders that this room may have made, in order; none when there is no such directory. */
const foldersIn = async (path: string): Promise<readonly string[]> => {
  const found = await readdir(path, { withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isDirectory() && folderName(entry.name) === entry.name)
    .map((entry) => entry.name)
    .toSorted(compareNames);
};

/** Alphabetical, except that `…-10` comes after `…-2`. */
const compareNames = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

const isFile = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
