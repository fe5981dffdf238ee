/**
 * The process of one node: `node .build/server.js --config <file.json>`. Alone touches `process`.
 *
 * Prints one line of JSON on standard output once it serves, and sentences on standard error. Exit codes: 0 after a
 * stop that was asked for, 64 for bad arguments or a bad configuration, 69 when a port or the data directory cannot
 * be had, 70 when the node had to end itself, 74 when it did because its disk can no longer be trusted.
 *
 * SIGTERM and SIGINT stop gracefully; the second one ends at once. With TIPCART_PARENT_GUARD=1 the end of standard
 * input, which is a pipe from the parent, ends the process at once: whoever started it is gone.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ProcessConfig, parseConfigFile } from "./config-file.ts";
import { type Server, serve } from "./serve.ts";

const exitCodes = { stopped: 0, badUsage: 64, unavailable: 69, internal: 70, diskFailed: 74 } as const;
const gracefulStopMs = 10_000;

type Ending = { readonly exitCode: number; readonly sentences: readonly string[] };

function end({ exitCode, sentences }: Ending): never {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
}

function fault(thrown: unknown): never {
  const [place = ""] = thrown instanceof Error ? (thrown.stack?.match(/\n\s+at [^\n]+/) ?? []) : [];
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  const line = `The node ends itself: ${what.replaceAll("\n", " ")} (${place.trim()})`;
  end({ exitCode: exitCodes.internal, sentences: [line] });
}

async function main(): Promise<void> {
  process.on("uncaughtException", fault);
  process.on("unhandledRejection", fault);
  // Whoever read our output may be gone; that is no reason to fail.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  // A library that prints what it caught gets one line, as everybody does.
  console.error = (thrown: unknown) =>
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  guardParent();

  const config = readConfig(process.argv.slice(2));
  if ("exitCode" in config) end(config);
  const outcome = await serve(config, fault);
  if (outcome.type === "refused") end({ exitCode: exitCodes.unavailable, sentences: [outcome.detail] });
  const { server } = outcome;
  stopOnSignals(server);
  void server.failed.then((reason) => {
    const sentences = [`The disk can no longer be trusted and the node ends itself: ${reason}.`];
    end({ exitCode: exitCodes.diskFailed, sentences });
  });
  process.stdout.write(`${JSON.stringify({ ...server.announcement, pid: process.pid })}\n`);
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

function stopOnSignals(server: Server): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping)
      end({ exitCode: exitCodes.internal, sentences: ["Stopped at once, on the second signal."] });
    isStopping = true;
    const deadline = setTimeout(() => {
      const sentences = [`The node did not stop within ${gracefulStopMs / 1000} s and was ended.`];
      end({ exitCode: exitCodes.internal, sentences });
    }, gracefulStopMs);
    void server.stop().then(() => {
      clearTimeout(deadline);
      end({ exitCode: exitCodes.stopped, sentences: [] });
    });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function guardParent(): void {
  if (process.env["TIPCART_PARENT_GUARD"] !== "1") return;
  process.stdin.on("end", exitNow).on("close", exitNow).on("error", exitNow).resume();
}

function exitNow(): never {
  process.exit(exitCodes.stopped);
}

void main();
