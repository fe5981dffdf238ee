/**
 * Where the project lies on this disk, found from wherever this code runs: from its sources under test, or from
 * a bundle in `.build/`. Both have the project's package.json somewhere above them.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function isProject(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return false;
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof content === "object" && content !== null && "name" in content && content.name === "tipcart";
}

/** Absolute path. Throws when the code was copied out of the project: there is nothing sensible to do then. */
export function projectRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (isProject(folder)) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json of tipcart above ${start}`);
  }
}

/** Absolute path of one bundle: `bundlePath("server")` is `.build/server.js`. */
export function bundlePath(name: string): string {
  return join(projectRoot(), ".build", `${name}.js`);
}
