/**
 * The generator's process: told one job over its channel, it makes the schedule, sends it, and says what became of it.
 * Nothing else runs in it, so that nothing else delays a request. When its parent goes away it ends at once.
 */
import { runClock } from "../client/run-clock.ts";
import { pacerOf } from "../load/pacer-choice.ts";
import { loadAdapter, tipcartAdapter } from "./adapter.ts";
import { FramedTransport } from "./framed-transport.ts";
import { Generator } from "./generator.ts";
import { HttpTransport } from "./http-transport.ts";
import { type FromGenerator, type GeneratorJob, parseToGenerator } from "./job.ts";
import { loadSchedule } from "./load-schedule.ts";
import { SampleLog } from "./sample-log.ts";
import type { Transport } from "./transport.ts";

/** Between the message and the first arrival: connections are made and the pacer's thread starts. */
const leadMs = 300;

let running: Generator | undefined;

const say = (message: FromGenerator): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, () => resolve());
  });

async function transportOf({ target, inFlightMax }: GeneratorJob): Promise<Transport> {
  if (target.transport === "framed") return new FramedTransport(target.entrances);
  const { urls, bucket, adapter } = target;
  if (adapter === undefined) return new HttpTransport(urls, tipcartAdapter(bucket), inFlightMax);
  const loaded = await loadAdapter(adapter);
  if (loaded.type === "refused") throw new Error(loaded.reason);
  return new HttpTransport(urls, loaded.adapter, inFlightMax);
}

async function generate(job: GeneratorJob): Promise<FromGenerator> {
  const log = new SampleLog(loadSchedule(job));
  const transport = await transportOf(job);
  const startedHr = process.hrtime.bigint() + BigInt(leadMs) * 1_000_000n;
  const clock = runClock(startedHr);
  const { inFlightMax, timeoutMs, valueBytes } = job;
  const pacer = pacerOf(job.pacer, clock, startedHr);
  const value = Buffer.alloc(valueBytes, "tipcart ");
  const generator = new Generator({ log, transport, pacer, clock, inFlightMax, timeoutMs, value });
  running = generator;
  const ticking = setInterval(() => {
    const { endedCount, inFlightCount } = generator;
    void say({ type: "progress", endedCount, inFlightCount, residentBytes: process.memoryUsage.rss() });
  }, 1000).unref();
  const residentBytesAtStart = process.memoryUsage.rss();
  const before = process.cpuUsage();
  await generator.run();
  clearInterval(ticking);
  const spent = process.cpuUsage(before);
  const lengthMicros = Math.max(1, clock.now());
  return {
    type: "done",
    samples: log.samples,
    health: generator.health,
    cpuShare: (spent.user + spent.system) / lengthMicros,
    residentBytesAtStart,
    residentBytesAtEnd: process.memoryUsage.rss(),
    lengthMicros,
  };
}

async function start(job: GeneratorJob): Promise<void> {
  const end = await generate(job).catch((thrown: unknown): FromGenerator => {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { type: "failed", sentence: `The load cannot be made: ${reason}` };
  });
  await say(end);
  process.exit(end.type === "done" ? 0 : 1);
}

process.on("message", (message) => {
  const told = parseToGenerator(message);
  if (told?.type === "start") void start(told.job);
  else if (told?.type === "stop") running?.stop();
  else void say({ type: "failed", sentence: "The generator was sent a message that it does not know." });
});
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});
process.on("SIGTERM", () => running?.stop());

void say({ type: "ready" });
