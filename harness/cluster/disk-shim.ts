/**
 * The disk shim: a library in C, compiled when it is first wanted, that stands between a node and its files
 * (`disk-shim/shim.h` says what it follows). The harness speaks to it through one shared page for each node: what
 * calls shall fail with, how long they shall take, and what the shim has counted, which is the proof of both.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../bundle/project-root.ts";
import { findProgram, problemOf, run } from "../shell.ts";

export type DiskShim =
  | { readonly type: "built"; readonly library: string }
  /** `reason`: one sentence, with what would make it possible. */
  | { readonly type: "unavailable"; readonly reason: string };

const sources = ["calls.c", "journal.c", "names.c", "streams.c"];

/** Compiled once for each text of its sources; kept below `.build/`. */
export async function buildDiskShim(): Promise<DiskShim> {
  const folder = join(projectRoot(), "harness", "cluster", "disk-shim");
  const hash = createHash("sha256");
  for (const file of [...sources, "shim.h"]) hash.update(readFileSync(join(folder, file)));
  const library = join(projectRoot(), ".build", `disk-shim-${hash.digest("hex").slice(0, 16)}.so`);
  if (existsSync(library)) return { type: "built", library };
  const compiler = findProgram("cc");
  if (process.platform !== "linux" || compiler === undefined)
    return { type: "unavailable", reason: "The disk shim needs Linux and a C compiler called cc." };
  mkdirSync(join(projectRoot(), ".build"), { recursive: true });
  const unfinished = `${library}.${process.pid}`;
  const flags = ["-std=gnu11", "-O2", "-fPIC", "-shared", "-U_FORTIFY_SOURCE", "-pthread", "-o", unfinished];
  const outcome = await run(compiler, [...flags, ...sources], {
    workingDirectory: folder,
    timeoutMs: 60_000,
  });
  const problem = problemOf(outcome, "cc");
  if (problem !== undefined)
    return { type: "unavailable", reason: `The disk shim cannot be built: ${problem}` };
  await rename(unfinished, library);
  return { type: "built", library };
}

/** What calls fail with and how late they come; all zero is a sound disk. Numbers are those of errno. */
export type DiskOrders = {
  readonly writeErrno: number;
  readonly syncErrno: number;
  readonly readErrno: number;
  readonly openErrno: number;
  readonly delayUs: number;
};

export const soundDisk: DiskOrders = { writeErrno: 0, syncErrno: 0, readErrno: 0, openErrno: 0, delayUs: 0 };

/** Since the shim was first loaded for this node. */
export type DiskCounts = {
  readonly attached: number;
  readonly writes: number;
  readonly syncs: number;
  readonly failures: number;
  readonly delays: number;
};

const pageBytes = 4096;
const countsAt = 64;

/** One node's disk: its shared page and its undo journal, both in `directory`, which is made. */
export class NodeDisk {
  readonly dataDirectory: string;
  readonly journalDirectory: string;
  readonly #control: string;
  readonly #library: string;

  constructor(library: string, directory: string, dataDirectory: string) {
    this.#library = library;
    this.dataDirectory = dataDirectory;
    this.journalDirectory = join(directory, "undo");
    this.#control = join(directory, "control");
    mkdirSync(this.journalDirectory, { recursive: true });
    const file = openSync(this.#control, "w", 0o600);
    writeSync(file, new Uint8Array(pageBytes));
    closeSync(file);
  }

  /** For the process of the node; io_uring would pass below the shim. */
  environment(preload: string | undefined): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: preload === undefined ? this.#library : `${this.#library}:${preload}`,
      TIPCART_DISK_CONTROL: this.#control,
      TIPCART_DISK_DATA: this.dataDirectory,
      TIPCART_DISK_JOURNAL: this.journalDirectory,
      UV_USE_IO_URING: "0",
    };
  }

  /** Seen by the node at its next call. */
  order(orders: DiskOrders): void {
    const page = Buffer.alloc(countsAt);
    const { writeErrno, syncErrno, readErrno, openErrno, delayUs } = orders;
    [writeErrno, syncErrno, readErrno, openErrno, delayUs].forEach((value, index) => {
      page.writeBigUInt64LE(BigInt(value), index * 8);
    });
    const file = openSync(this.#control, "r+");
    writeSync(file, page, 0, page.length, 0);
    closeSync(file);
  }

  /** What was not synced is no matter any more: the files are not those that the node wrote. */
  forget(): void {
    for (const name of readdirSync(this.journalDirectory))
      rmSync(join(this.journalDirectory, name), { force: true });
  }

  counts(): DiskCounts {
    const page = Buffer.alloc(pageBytes);
    const file = openSync(this.#control, "r");
    readSync(file, page, 0, pageBytes, 0);
    closeSync(file);
    const [attached = 0, writes = 0, syncs = 0, failures = 0, delays = 0] = [0, 1, 2, 3, 4].map((index) =>
      Number(page.readBigUInt64LE(countsAt + index * 8)),
    );
    return { attached, writes, syncs, failures, delays };
  }
}
