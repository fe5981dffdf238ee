/**
 * `npm run prepare`: bundles every program once after installation. Says what it built, or in one sentence why not.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { entries } from "./entry.ts";
import { projectRoot } from "./project-root.ts";

const ready = entries.filter((entry) => existsSync(join(projectRoot(), entry.source)));
const outcome = await bundle(ready);
switch (outcome.type) {
  case "bundled":
    process.stdout.write(`bundled ${outcome.files.length} programs, build ${outcome.hash}\n`);
    break;
  case "refused":
    process.stderr.write(`${outcome.reason}\n`);
    process.exitCode = 70;
}
