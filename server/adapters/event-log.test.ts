import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TraceEvent } from "../ports/trace.ts";
import { EventLog, traceToAll } from "./event-log.ts";
import { SystemClock } from "./system-clock.ts";

test("each event is one line of JSON with its monotonic time", async () => {
  await inDirectory(async (directory) => {
    const log = new EventLog(join(directory, "events"), new SystemClock());

    log.emit({ type: "peer-suspected", peer: "b" });
    log.emit({ type: "storage-failed", reason: 'line\n"break' });
    log.close();

    const lines = (await readFile(join(directory, "events"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { atMs: expect.any(Number), type: "peer-suspected", peer: "b" },
      { atMs: expect.any(Number), type: "storage-failed", reason: 'line\n"break' },
    ]);
  });
});

test("a full log is set aside and a new one begins, so that the newest events are kept in bounded space", async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "events");
    const log = new EventLog(path, new SystemClock(), 1000);

    for (let index = 0; index < 200; index += 1) {
      log.emit({ type: "peer-suspected", peer: `node-${index}` });
      log.flush();
    }
    log.close();

    const kept = (await readFile(`${path}.1`, "utf8")) + (await readFile(path, "utf8"));
    expect(kept).toContain("node-199");
    expect(kept).not.toContain("node-100");
    expect((await stat(`${path}.1`)).size).toBeLessThan(1100);
  });
});

test("after close events are dropped", async () => {
  await inDirectory(async (directory) => {
    const log = new EventLog(join(directory, "events"), new SystemClock());

    log.close();
    log.emit({ type: "peer-suspected", peer: "b" });
    log.close();

    expect((await stat(join(directory, "events"))).size).toBe(0);
  });
});

test("a trace to several sinks reaches each of them", () => {
  const seen: string[] = [];
  const sink = (name: string) => ({ emit: (event: TraceEvent) => void seen.push(`${name} ${event.type}`) });

  traceToAll([sink("one"), sink("two")]).emit({ type: "peer-recovered", peer: "b" });

  expect(seen).toEqual(["one peer-recovered", "two peer-recovered"]);
});

async function inDirectory(act: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tipcart-event-log-"));
  try {
    await act(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
