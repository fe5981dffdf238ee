/**
 * A node's disk as an ext4 file system in a file. The kernel alone knows what of the node's writes has reached that
 * file and what only its memory holds, so a copy of the file is what the disk holds when the power goes.
 *
 * The file loses its name as soon as it is mounted: it lives for as long as its loop device and our descriptor do. The
 * copy is taken when the process is dead, through the descriptor, and once more should the kernel have written
 * meanwhile. It was mounted when it was copied, so its journal has to be replayed, which mounting it does.
 */
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { NodeName } from "../../checkers/history/event.ts";
import { findProgram, problemOf, run } from "../shell.ts";
import type { Done } from "./cluster.ts";
import { type Loss, lossBetween } from "./lost-bytes.ts";

const imageBytes = 512 * 1024 * 1024;
const copiesMax = 10;

export type ImageCut = { readonly type: "cut"; readonly loss: Loss } | Extract<Done, { type: "failed" }>;

const done = (evidence: string): Done => ({ type: "done", evidence });
const failed = (reason: string) => ({ type: "failed", reason }) as const;

export class ImageDisk {
  readonly node: NodeName;
  /** Within the mounted file system, so that a store may rename it. */
  readonly dataDirectory: string;
  readonly #mountPoint: string;
  readonly #sidePoint: string;
  readonly #file: string;
  #descriptor: number | undefined;
  #copyNumber = 0;

  /** `directory` exists; mount points and files are made in it. */
  constructor(node: NodeName, directory: string) {
    this.node = node;
    this.#mountPoint = join(directory, "mounted");
    this.#sidePoint = join(directory, "after");
    this.#file = join(directory, "image");
    this.dataDirectory = join(this.#mountPoint, "data");
  }

  /** An empty file system, mounted. */
  async make(): Promise<Done> {
    for (const point of [this.#mountPoint, this.#sidePoint]) mkdirSync(point, { recursive: true });
    writeFileSync(this.#file, "");
    truncateSync(this.#file, imageBytes);
    // Whole from the start, so that the kernel has nothing to write but what the node does.
    const whole = ["-E", "lazy_itable_init=0,lazy_journal_init=0", "-N", "4096", "-m", "0"];
    const made = await command("mkfs.ext4", ["-q", "-F", ...whole, this.#file]);
    if (made.type === "failed") return made;
    const mounted = await this.#mountFile(this.#file);
    if (mounted.type === "failed") return mounted;
    mkdirSync(this.dataDirectory);
    // What is empty is on the disk, as that of a machine that has started.
    return command("sync", ["-f", this.#mountPoint]);
  }

  /** The process of the node is dead. Afterwards the copy is mounted in place of what was. */
  async cut(): Promise<ImageCut> {
    const copied = await this.#copy();
    if (copied.type === "failed") return copied;
    const copy = copied.evidence;
    if (!needsRecovery(copy)) return failed(`The image of ${this.node} was copied while it was not mounted.`);
    const looked = await mount(copy, this.#sidePoint);
    if (looked.type === "failed") return looked;
    const loss = lossBetween(this.dataDirectory, join(this.#sidePoint, "data"));
    const changed = [await unmount(this.#sidePoint), await this.close(), await this.#mountFile(copy)];
    return changed.find((outcome) => outcome.type === "failed") ?? { type: "cut", loss };
  }

  /** Takes the mount away, and with it all that it held. Idempotent. */
  async close(): Promise<Done> {
    if (this.#descriptor === undefined) return done("nothing is mounted");
    const gone = await unmount(this.#mountPoint);
    if (gone.type === "failed") return gone;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    return gone;
  }

  async #mountFile(file: string): Promise<Done> {
    const descriptor = openSync(file, "r");
    const mounted = await mount(file, this.#mountPoint);
    rmSync(file);
    if (mounted.type === "failed") closeSync(descriptor);
    else this.#descriptor = descriptor;
    return mounted;
  }

  /** Evidence: the path of the copy. */
  async #copy(): Promise<Done> {
    const from = this.#descriptor;
    if (from === undefined) return failed(`The image of ${this.node} is not mounted.`);
    this.#copyNumber += 1;
    const to = `${this.#file}-${this.#copyNumber}`;
    for (let left = copiesMax; left > 0; left -= 1) {
      const before = fstatSync(from, { bigint: true }).mtimeNs;
      const copied = await command("cp", ["--sparse=always", `/proc/${process.pid}/fd/${from}`, to]);
      if (copied.type === "failed") return copied;
      if (fstatSync(from, { bigint: true }).mtimeNs === before) return done(to);
    }
    return failed(`The image of ${this.node} changed during each of ${copiesMax} copies.`);
  }
}

/** Where ext4 says that its journal has to be replayed: `s_feature_incompat` of the superblock, bit 2. */
const featuresAt = 1024 + 0x60;
const recoverBit = 0x4;

function needsRecovery(image: string): boolean {
  const file = openSync(image, constants.O_RDONLY);
  try {
    const bytes = Buffer.alloc(4);
    readSync(file, bytes, 0, bytes.length, featuresAt);
    return (bytes.readUInt32LE() & recoverBit) !== 0;
  } finally {
    closeSync(file);
  }
}

/** The loop device goes with the mount. */
const mount = (file: string, point: string): Promise<Done> =>
  command("mount", ["-t", "ext4", "-o", "loop,noatime", file, point]);

const unmount = (point: string): Promise<Done> => command("umount", [point]);

async function command(name: string, words: readonly string[]): Promise<Done> {
  const outcome = await run(findProgram(name) ?? name, words, { timeoutMs: 30_000 });
  const problem = problemOf(outcome, name);
  return problem === undefined ? done(name) : failed(problem);
}
