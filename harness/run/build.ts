/**
 * Which build a run is of: a hash over the program that its nodes are started with, and the revision of the checkout
 * around it. The hash decides; a revision alone would call two builds of changed files the same.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildRecord } from "../../results/run-record.ts";
import { buildHash, contentHash } from "../bundle/build-hash.ts";
import { bundlePath, projectRoot } from "../bundle/project-root.ts";
import { run } from "../shell.ts";

/** Of the server in the file, or of this project's; undefined where there is none to read. */
export async function buildOfRun(serverBundle = bundlePath("server")): Promise<BuildRecord | undefined> {
  const content = await readFile(serverBundle).catch(() => undefined);
  if (content === undefined) return undefined;
  const revision = await revisionOf(projectRoot());
  return {
    server: buildHash([contentHash(content)]),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** Undefined where the project is no checkout of its own: the repository of whoever installed it says nothing of it. */
async function revisionOf(root: string): Promise<string | undefined> {
  if (!existsSync(join(root, ".git"))) return undefined;
  const described = await run(
    "git",
    ["--no-optional-locks", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
    { workingDirectory: root },
  );
  return described.type === "exited" && described.code === 0 && described.stdout !== ""
    ? described.stdout
    : undefined;
}
