/**
 * A test file that goes inside a private namespace: outside it runs itself again in there, by vitest, and its one
 * test passes when that run does; inside it holds the real suite.
 */
import { join } from "node:path";
import { projectRoot } from "../bundle/project-root.ts";
import { findProgram, run, type ShellOutcome } from "../shell.ts";
import { type Enclosure, enclosureNote, enclosureVariable } from "./enclosure.ts";
import { enclosedCommand } from "./reexecute.ts";

/** `testFile` is absolute. What the inner run printed is in the outcome. */
export async function runTestFileEnclosed(enclosure: Enclosure, testFile: string): Promise<ShellOutcome> {
  const root = projectRoot();
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const config = join(root, ".config", "vitest.ts");
  const inner = [process.execPath, vitest, "run", "--config", config, "--reporter=default", testFile];
  const [program = "", ...rest] = enclosedCommand(enclosure, inner);
  const environment = { PATH: process.env["PATH"], HOME: process.env["HOME"], CI: "1", NO_COLOR: "1" };
  return run(findProgram(program) ?? program, rest, {
    timeoutMs: 280_000,
    workingDirectory: root,
    env: { ...environment, [enclosureVariable]: enclosureNote(enclosure) },
  });
}
