/**
 * Records events without end and prints the number of the last one that has reached the kernel, until it is killed.
 * A program of its own: see recorder.test.ts.
 */
import { runClock } from "../client/run-clock.ts";
import { Recorder } from "./recorder.ts";

const [path = ""] = process.argv.slice(2);
const clock = runClock(process.hrtime.bigint());
const recorder = await Recorder.open(path, {
  clock,
  onFailure: (sentence) => process.stdout.write(sentence),
});

for (let at = 0; ; ) {
  for (let burst = 0; burst < 500; burst++) {
    recorder.append({ type: "load", at: at++, lagUsMax: 0, loopStallUsMax: 0, inFlight: 0, dropped: 0 });
  }
  await recorder.flush();
  process.stdout.write(`${at - 1}\n`);
}
