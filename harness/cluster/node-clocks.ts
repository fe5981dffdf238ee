/**
 * The wall clocks of the nodes and who bends them. A node reads its clock through something that adds an offset kept
 * in a file of its own; the harness replaces that file, whole, and the clock jumps. Nothing in the server knows.
 */
import { renameSync, writeFileSync } from "node:fs";

export interface NodeClocks {
  /** For the report: "libfaketime". */
  readonly backend: string;
  /** What a node must be started with so that it reads `offsetFile`. */
  launch(offsetFile: string): {
    readonly environment: Readonly<Record<string, string>>;
    readonly nodeOptions: readonly string[];
  };
  /** From now on the node that reads `offsetFile` sees the true time plus `offsetMs`. Also before its first start. */
  write(offsetFile: string, offsetMs: number): void;
  /** From now on it sees one moment only, about `atMs` (to the second), until the next `write`. */
  freeze(offsetFile: string, atMs: number): void;
  /** What the backend kept outside the run's directory for a process that has ended. */
  removeLeftovers(pid: number): void;
}

/** A reader sees the old text or the new one, never a part of one. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.next`, text);
  renameSync(`${path}.next`, path);
}
