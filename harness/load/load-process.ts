/**
 * The load process: makes the requests of a run and writes its journal, apart from the orchestrator, so that nothing
 * the orchestrator does delays a request. Driven over its channel, see protocol.ts.
 *
 * It dies with its parent: when the channel closes early it keeps what it knows and ends, within milliseconds. A
 * Ctrl-C, should it reach it, is left to the parent, which knows what to do.
 */
import { LoadRun } from "./load-run.ts";
import { type FromLoad, type LoadOptions, parseToLoad } from "./protocol.ts";

let opening: Promise<LoadRun> | undefined;
let isOver = false;

const say = (message: FromLoad): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, () => resolve());
  });

const sentenceOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** A run that could not be opened has nothing to keep. */
const keep = (): Promise<void> =>
  opening?.then(
    (run) => run.keep(),
    () => {},
  ) ?? Promise.resolve();

async function end(message: FromLoad, exitCode: number): Promise<void> {
  if (isOver) return;
  isOver = true;
  await keep();
  await say(message);
  process.exit(exitCode);
}

const fail = (sentence: string): Promise<void> => end({ type: "failed", sentence }, 1);

async function start(options: LoadOptions): Promise<void> {
  opening ??= LoadRun.open(options, (sentence) => void fail(sentence));
  try {
    const run = await opening;
    setInterval(() => void say(run.progress()), 1000).unref();
    await end(await run.run(), 0);
  } catch (thrown) {
    await fail(`The load cannot be made: ${sentenceOf(thrown)}`);
  }
}

const stop = (): void =>
  void opening?.then(
    (run) => run.stop(),
    () => {},
  );

process.on("message", (message) => {
  const told = parseToLoad(message);
  if (told === undefined)
    return void fail("The orchestrator sent a message that the load process does not know.");
  switch (told.type) {
    case "start":
      return void start(told.options);
    case "record":
      return void opening?.then(
        (run) => run.record(told.event),
        () => {},
      );
    case "late-copies":
      return void opening?.then(
        (run) => run.sendLateCopies(told.through),
        () => {},
      );
    case "stop":
      return stop();
  }
});

process.on("disconnect", () => {
  isOver = true;
  void keep().finally(() => process.exit(0));
});
process.on("SIGINT", () => {});
process.on("SIGTERM", stop);

void say({ type: "ready" });
