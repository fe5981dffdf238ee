/**
 * Deaths of the harness in mid-fault, with real nodes: whatever holds and however it ends, nothing is left on the
 * machine. Three of them belong to every run of the tests; with TIPCART_DEEP=1 every fault of the table has one, forty
 * at least, and within five seconds nothing may be left. One of them alone: `-t "death 12:"`.
 */
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from "vitest";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { temporaryDirectory } from "../cluster/contract-subject.fixture.ts";
import { type ProcessIdentity, signalProcess } from "../cluster/process-identity.ts";
import { type FaultName, faultTable } from "../nemesis/fault-table.ts";
import { eventsOf } from "../run/journal-file.ts";
import {
  aimedFaults,
  buildPrograms,
  type DeathWay,
  type Doom,
  type DoomedRun,
  deathWays,
  networks,
  startDoomedRun,
} from "./doomed-run.fixture.ts";
import { belongingsOf, leftBehind, rulesLeft } from "./left-behind.fixture.ts";

type Death = Doom & { readonly way: DeathWay };

const isDeep = process.env["TIPCART_DEEP"] === "1";
const timeout = 180_000;
/** What is promised; a machine that does a thousand tests beside it has more time. */
const goneWithinMs = isDeep ? 5_000 : 60_000;
const leastDeaths = 40;
const atOnce = 4;

const sample: readonly Death[] = [
  { fault: "pause", network: "kernel", way: "exception" },
  { fault: "partition:one-way", network: "proxy", way: "SIGKILL" },
  { fault: "kill", network: "proxy", way: "Ctrl-C" },
];

/** Two networks and three ways are met in all six pairs, and a fault that comes again dies in the other network. */
function deathsOf(faults: readonly Doom["fault"][]): readonly Death[] {
  return Array.from({ length: Math.max(leastDeaths, faults.length) }, (_, index) => ({
    fault: faults[index % faults.length] ?? "kill",
    network: networks[(index + Math.floor(index / faults.length)) % networks.length] ?? "kernel",
    way: deathWays[index % deathWays.length] ?? "SIGKILL",
  }));
}

const deaths = isDeep ? deathsOf([...(Object.keys(faultTable) as FaultName[]), ...aimedFaults]) : sample;
const named = deaths.map((death, index) => {
  const title = `death ${index + 1}: ${death.way} while ${death.fault} holds, --net ${death.network} where it can`;
  return [title, death] as const;
});
const batches = Array.from({ length: Math.ceil(named.length / atOnce) }, (_, index) => ({
  batch: index + 1,
  members: named.slice(index * atOnce, (index + 1) * atOnce),
}));

/** What a failing test would leave behind. */
const alive: ProcessIdentity[] = [];
const weights: { readonly descriptors: number; readonly megabytes: number }[] = [];
let directory: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  await buildPrograms();
}, timeout);
afterAll(async () => {
  for (const identity of alive) signalProcess(identity, "SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

/** In the network that is wanted, or the other one where the fault cannot be done in it. */
async function inMidFault(death: Death, { skip, annotate }: TestContext): Promise<DoomedRun> {
  const reasons: string[] = [];
  for (const network of [death.network, ...networks.filter((other) => other !== death.network)]) {
    const start = await startDoomedRun({ ...death, network }, directory);
    if (start.type === "in mid-fault") return start.run;
    await annotate(start.reason);
    reasons.push(start.reason);
  }
  return skip(reasons.join(" "));
}

/** Of the one run in the folder: where its journal lies. */
function journalIn(folder: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return join(folder, found.find((path) => path.endsWith("history.journal")) ?? "history.journal");
}

const stagesIn = (events: readonly HistoryEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === "fault" ? [event.stage] : []));

/** Of the process that was started, and of the journal; after a Ctrl-C there was time to heal. */
const expected = {
  SIGKILL: { ended: { signal: "SIGKILL" }, first: { type: "run" } },
  exception: { ended: { exitCode: 70 }, first: { type: "run" } },
  "Ctrl-C": {
    ended: { exitCode: 130 },
    first: { type: "run" },
    lastStage: "healed",
    last: { type: "end", reason: "interrupted" },
  },
};

describe.each(batches)("the death of a harness in mid-fault, batch $batch", ({ members }) => {
  afterEach(() => {
    const { rss } = process.memoryUsage();
    weights.push({ descriptors: readdirSync("/proc/self/fd").length, megabytes: rss / 2 ** 20 });
  });

  it.concurrent.for(members)("%s", { timeout }, async ([, death], context) => {
    const run = await inMidFault(death, context);
    const belongings = await belongingsOf(run.pid, run.folder);
    alive.push(...belongings.processes);
    const before = performance.now();

    run.end(death.way);
    const left = (): readonly string[] => leftBehind(belongings, run.temporary);
    await context.expect.poll(left, { timeout: goneWithinMs, interval: 10 }).toEqual([]);
    await context.annotate(`nothing left after ${Math.round(performance.now() - before)} ms`);
    const [ended, events] = await Promise.all([run.ended, eventsOf(journalIn(run.folder))]);

    expect(belongings.processes.length).toBeGreaterThanOrEqual(4);
    expect(await rulesLeft(belongings)).toEqual([]);
    await context.annotate(run.words());
    const seen = { ended, first: events[0], lastStage: stagesIn(events).at(-1), last: events.at(-1) };
    expect(seen).toMatchObject(expected[death.way]);
  });
});

describe("whoever sees harnesses die", () => {
  it.skipIf(!isDeep)("has as many open files afterwards as before, and no more memory", () => {
    const [first, last] = [weights[atOnce - 1], weights.at(-1)];

    expect(last?.descriptors).toBeLessThanOrEqual(first?.descriptors ?? 0);
    expect((last?.megabytes ?? 0) - (first?.megabytes ?? 0)).toBeLessThan(32);
  });
});
