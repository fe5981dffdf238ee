/**
 * The event logs of a run's nodes, read for the keys and times of its anomalies. A log is what the accused says of
 * itself: it makes a story easier to follow and decides nothing. Its times are readings of the machine's monotonic
 * clock, so they stand on the run's own time line whatever was done to the wall clocks.
 */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { NodeName } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import type { Judgement } from "../../checkers/judge.ts";
import type { ReplicaEvent } from "../../checkers/replica-timeline.ts";
import type { NodeMessage } from "../../results/report/message-diagram.ts";
import type { RunFolder } from "../../results/store.ts";

/** Events kept of all logs together; a run with more anomalies than that has stories enough. */
const eventsMax = 100_000;

/** `message`: the event as a message between two nodes, where it is one. */
export type LoggedEvent = ReplicaEvent & { readonly message?: NodeMessage };

const line = z.looseObject({
  atMs: z.number(),
  type: z.string(),
  key: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});

/** What the nodes logged of the keys of the anomalies, and of themselves; empty where there are no logs. */
export async function eventLogsOf(
  folder: RunFolder,
  history: History,
  judgement: Judgement,
): Promise<readonly LoggedEvent[]> {
  const zeroMs = history.run?.zeroMonotonicMs;
  const anomalies = judgement.verdicts.flatMap((verdict) => verdict.anomalies);
  if (zeroMs === undefined || anomalies.length === 0) return [];
  const keys = new Set(anomalies.flatMap(({ key }) => (key === undefined ? [] : [key])));
  const events: LoggedEvent[] = [];
  for (const node of history.run?.nodes ?? []) {
    for (const file of [`${node}.events.1`, `${node}.events`]) {
      const path = join(folder.path, "nodes", file);
      if (existsSync(path)) await collect(path, { node, keys, zeroMs }, events);
    }
  }
  return events;
}

async function collect(
  path: string,
  of: { readonly node: NodeName; readonly keys: ReadonlySet<string>; readonly zeroMs: number },
  events: LoggedEvent[],
): Promise<void> {
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (events.length >= eventsMax) return;
    const event = eventIn(text, of);
    if (event !== undefined) events.push(event);
  }
}

/** Undefined for what is torn, and for what is told of another key. */
function eventIn(
  text: string,
  {
    node,
    keys,
    zeroMs,
  }: { readonly node: NodeName; readonly keys: ReadonlySet<string>; readonly zeroMs: number },
): LoggedEvent | undefined {
  const parsed = line.safeParse(parsedJson(text));
  if (!parsed.success) return undefined;
  const { atMs, type, key, bucket: _, ...rest } = parsed.data;
  if (key !== undefined && !keys.has(key)) return undefined;
  const at = Math.round((atMs - zeroMs) * 1000);
  const said = [type, ...Object.values(rest).map(wordsOf)].join(" ");
  if (key === undefined) return { node, at, text: said };
  const { from, to } = rest;
  if ((from ?? to) === undefined) return { node, at, text: said, key };
  return { node, at, text: said, key, message: { from: from ?? node, to: to ?? node, key, at, name: type } };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A dot as `actor:counter`, the actor by its node alone; anything else as it stands. */
function wordsOf(value: unknown): string {
  const dot = z.object({ actor: z.string(), counter: z.number() }).safeParse(value);
  if (dot.success) return `${dot.data.actor.split("~")[0]}:${dot.data.counter}`;
  return Array.isArray(value) ? value.map(wordsOf).join(" ") : String(value);
}
