/** The journal of a run as a file: read as a stream, written on by the orchestrator before and after the load. */
import { createReadStream } from "node:fs";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { readJournal } from "../../checkers/history/journal.ts";
import { isAboutNoOther } from "../../checkers/smallest-history.ts";
import type { RunClock } from "../client/run-clock.ts";
import { Recorder } from "../load/recorder.ts";

/** Chunks of the file; the stream's own error, such as a missing file, passes through. */
export const journalChunks = (path: string): AsyncIterable<Uint8Array> =>
  createReadStream(path, { highWaterMark: 1 << 20 });

/** Every event that is whole, in order; what is torn or damaged is left to the judge. */
export async function eventsOf(path: string): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const items of readJournal(journalChunks(path))) {
    for (const item of items) if (item.type === "event") events.push(item.event);
  }
  return events;
}

/** The events about `keys` and about no key at all, in order: requests with their completions, faults, looks. */
export async function eventsAbout(path: string, keys: ReadonlySet<string>): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const open = new Set<number>();
  for await (const items of readJournal(journalChunks(path))) {
    for (const item of items) {
      if (item.type !== "event" || !isAboutNoOther(item.event, keys)) continue;
      const { event } = item;
      if (event.type === "invoke") open.add(event.id);
      const isCompletion = event.type === "ok" || event.type === "fail" || event.type === "info";
      if (!isCompletion || open.delete(event.id)) events.push(event);
    }
  }
  return events;
}

/**
 * Opens the journal, lets `write` append, and closes it, whatever happens. Resolves with the sentence of a disk
 * that refused, or undefined.
 */
export async function appending(
  path: string,
  clock: RunClock,
  write: (record: (event: HistoryEvent) => void) => Promise<void>,
): Promise<string | undefined> {
  const recorder = await Recorder.open(path, { clock, onFailure: () => {} });
  try {
    await write((event) => recorder.append(event));
  } finally {
    await recorder.close();
  }
  return recorder.failure;
}
