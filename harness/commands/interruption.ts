/** Ctrl-C and SIGTERM as a signal to abort; a second one ends the process at once, with the kernel to clean up. */
import { exitCodes } from "../outcome.ts";

export type Interruption = {
  readonly signal: AbortSignal;
  /** Hands the signals back to the system. */
  readonly release: () => void;
};

export function untilInterrupted(): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted.code);
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
