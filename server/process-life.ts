/**
 * How a program of this room lives as a process: it speaks in sentences, ends with a code that says why, stops when it
 * is asked to, and never outlives whoever started it. Alone touches `process`, with the programs themselves.
 *
 * SIGTERM and SIGINT stop gracefully; the second one ends at once. With TIPCART_PARENT_GUARD=1 the end of standard
 * input, which is a pipe from the parent, ends the process at once: whoever started it is gone.
 */

/** 0 after a stop that was asked for; the others as in sysexits.h. */
export const exitCodes = { stopped: 0, badUsage: 64, unavailable: 69, internal: 70, diskFailed: 74 } as const;

export type Ending = { readonly exitCode: number; readonly sentences: readonly string[] };

const gracefulStopMs = 10_000;

/** Once, before anything else. What is thrown and caught by nobody ends the process with one line. */
export function beginLife(): void {
  process.on("uncaughtException", fault);
  process.on("unhandledRejection", fault);
  // Whoever read our output may be gone; that is no reason to fail.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  // A library that prints what it caught gets one line, as everybody does.
  console.error = (thrown: unknown) =>
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  guardParent();
}

/** The words after the program's own name. */
export function ownArguments(): readonly string[] {
  return process.argv.slice(2);
}

/** The line of JSON that says that this process serves, and where. */
export function announce(announcement: object): void {
  process.stdout.write(`${JSON.stringify({ ...announcement, pid: process.pid })}\n`);
}

export function end({ exitCode, sentences }: Ending): never {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
}

/** Something was thrown that ought not to be. */
export function fault(thrown: unknown): never {
  const [place = ""] = thrown instanceof Error ? (thrown.stack?.match(/\n\s+at [^\n]+/) ?? []) : [];
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  const line = `The node ends itself: ${what.replaceAll("\n", " ")} (${place.trim()})`;
  end({ exitCode: exitCodes.internal, sentences: [line] });
}

export function stopOnSignals(stopGracefully: () => Promise<void>): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping)
      end({ exitCode: exitCodes.internal, sentences: ["Stopped at once, on the second signal."] });
    isStopping = true;
    const deadline = setTimeout(() => {
      const sentences = [`The node did not stop within ${gracefulStopMs / 1000} s and was ended.`];
      end({ exitCode: exitCodes.internal, sentences });
    }, gracefulStopMs);
    void stopGracefully().then(() => {
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
