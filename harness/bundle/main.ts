/** `npm run prepare`: bundles every program after installation. Says what it built, or in one sentence why not. */
import { bundle } from "./bundle.ts";

const outcome = await bundle();
switch (outcome.type) {
  case "bundled":
    process.stdout.write(`bundled ${outcome.files.length} programs, build ${outcome.hash}\n`);
    break;
  case "refused":
    process.stderr.write(`${outcome.reason}\n`);
    process.exitCode = 70;
}
