/**
 * A process that simulates: its one argument names the shape of the runs, each message is a seed, each answer a
 * `SeedReport`, in the order asked. It ends when its parent lets go of it or dies.
 */
import { reportOf, shapes } from "./seed-report.ts";

const shape = shapes.get(process.argv[2] ?? "");
if (shape === undefined) throw new Error(`there is no shape ${process.argv[2]}`);

let last: Promise<unknown> = Promise.resolve();
process.on("message", (seed) => {
  last = last.then(async () => {
    const report = await reportOf(Number(seed), shape);
    if (process.connected) process.send?.(report);
  });
});
process.on("disconnect", () => process.exit());
