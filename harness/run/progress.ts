/**
 * What a person sees while a run goes on: one line that is rewritten on a terminal, plain lines elsewhere. It goes
 * to standard error, so that standard output stays free for `--json`.
 */
import picocolors from "picocolors";

export interface Progress {
  /** A step of the run's life; stays on the screen. */
  step(sentence: string): void;
  /** The state of things now; replaces the line before on a terminal, is left out elsewhere but every tenth. */
  tick(sentence: string): void;
  /** Ends a line that was being rewritten. */
  done(): void;
}

const clock = (startedMs: number): string => {
  const seconds = Math.floor((performance.now() - startedMs) / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
};

export function terminalProgress(output: NodeJS.WriteStream): Progress {
  const startedMs = performance.now();
  const colors = picocolors.createColors(output.isTTY === true && process.env["NO_COLOR"] === undefined);
  const clear = "\r\u001b[2K";
  let isRewriting = false;
  let tickCount = 0;
  return {
    step(sentence) {
      output.write(`${isRewriting ? clear : ""}${colors.dim(clock(startedMs))} ${sentence}\n`);
      isRewriting = false;
    },
    tick(sentence) {
      tickCount += 1;
      if (output.isTTY === true) {
        const line = `${clock(startedMs)} ${sentence}`.slice(0, Math.max(20, (output.columns ?? 80) - 1));
        output.write(clear + colors.dim(line));
        isRewriting = true;
      } else if (tickCount % 10 === 0) {
        output.write(`${clock(startedMs)} ${sentence}\n`);
      }
    },
    done() {
      if (isRewriting) output.write("\n");
      isRewriting = false;
    },
  };
}
