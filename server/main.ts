/**
 * The process of one node: `node .build/server.js --config <file.json>`.
 *
 * Prints one line of JSON on standard output once it serves, and sentences on standard error. Exit codes: 0 after a
 * stop that was asked for, 64 for bad arguments or a bad configuration, 69 when a port or the data directory cannot
 * be had, 70 when the node had to end itself, 74 when it did because its disk can no longer be trusted. How it is
 * stopped stands in `process-life.ts`.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ProcessConfig, parseConfigFile } from "./config-file.ts";
import {
  announce,
  beginLife,
  type Ending,
  end,
  exitCodes,
  fault,
  ownArguments,
  stopOnSignals,
} from "./process-life.ts";
import { serve } from "./serve.ts";

async function main(): Promise<void> {
  beginLife();
  const config = readConfig(ownArguments());
  if ("exitCode" in config) end(config);
  const outcome = await serve(config, fault);
  if (outcome.type === "refused") end({ exitCode: exitCodes.unavailable, sentences: [outcome.detail] });
  const { server } = outcome;
  stopOnSignals(() => server.stop());
  void server.failed.then((reason) => {
    const sentences = [`The disk can no longer be trusted and the node ends itself: ${reason}.`];
    end({ exitCode: exitCodes.diskFailed, sentences });
  });
  announce(server.announcement);
}

function bad(...sentences: string[]): Ending {
  return { exitCode: exitCodes.badUsage, sentences };
}

function readConfig(args: readonly string[]): ProcessConfig | Ending {
  const path = configPathOf(args);
  if (path === undefined) return bad("Usage: node server.js --config <file.json>.");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    return bad(
      `The configuration ${path} cannot be read: ${thrown instanceof Error ? thrown.message : "?"}.`,
    );
  }
  const parsed = parseConfigFile(text);
  return parsed.type === "ok" ? parsed.config : bad(...parsed.mistakes);
}

function configPathOf(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { config: { type: "string" } } }).values.config;
  } catch {
    return undefined;
  }
}

void main();
