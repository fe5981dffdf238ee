/** `tipcart serve`: shows stored runs in a browser until it is interrupted. */
import { explorerProgram } from "../../results/report/explorer-program.ts";
import { defaultRunsDirectory, openRunStore } from "../../results/store.ts";
import { serveRuns } from "../../results/web/web-server.ts";
import { exitCodes, refuse } from "../outcome.ts";
import { announce } from "./announce.ts";
import { untilInterrupted } from "./interruption.ts";

export type ServeFlags = { readonly runs?: string; readonly port: string };

export const usualPort = 4180;

export async function serveCommand(flags: ServeFlags): Promise<number> {
  if (!/^\d{1,5}$/.test(flags.port) || Number(flags.port) > 65_535)
    return announce(refuse("usage", `--port wants a number up to 65535, not "${flags.port}".`), {
      isJson: false,
    });
  const store = openRunStore(flags.runs ?? defaultRunsDirectory(process.cwd()));
  const program = await explorerProgram();
  const served = await serveRuns({
    store,
    port: Number(flags.port),
    now: () => Date.now(),
    ...(program === undefined ? {} : { program }),
  });
  if (served.type === "refused") return announce(refuse("unavailable", served.reason), { isJson: false });

  process.stdout.write(`Runs of ${store.directory} at ${served.url} (Ctrl-C ends this)\n`);
  const interruption = untilInterrupted();
  await new Promise((resolve) => interruption.signal.addEventListener("abort", resolve));
  await served.close();
  interruption.release();
  return exitCodes.passed.code;
}
