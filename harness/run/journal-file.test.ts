import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runClock } from "../client/run-clock.ts";
import { appending, eventsOf } from "./journal-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "journal-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("a journal of several megabytes is read to its last event", async () => {
  const path = join(folder, "history.journal");
  const note = "x".repeat(1000);
  const count = 3_000;
  await appending(path, runClock(process.hrtime.bigint()), async (record) => {
    for (let at = 0; at < count; at += 1) record({ type: "end", at, reason: "completed", note });
  });

  const events = await eventsOf(path);

  expect(events).toHaveLength(count);
  expect(events.at(-1)).toMatchObject({ at: count - 1 });
});
