/**
 * How fast the server is: a cluster of three processes on loopback, N = 3, R = W = 2, values of 200 bytes, each copy
 * synced before it is acknowledged; the same in memory; and the storage engine alone, before and after in the same run,
 * because a rate says nothing without knowing what the disk and the machine did in that minute. CPU per request is
 * what other work on the machine disturbs least.
 */
import { type EngineFigures, measureEngine } from "./bare-engine.ts";
import { ClusterUnderLoad, type LoadFigures, type Programs } from "./cluster-under-load.ts";
import { nanosecondsOfStep } from "./machine-pace.ts";

export type ServerBenchResult = { readonly name: string } & (
  | ({ readonly type: "engine" } & EngineFigures)
  | ({
      readonly type: "load";
      readonly connectionCount: number;
      /** Puts over the engine's puts with 128 writers, where both are synced. */
      readonly shareOfEngine?: number;
      /** CPU of one request on all nodes, in steps of a fixed loop that took their time just before and after. */
      readonly cpuSteps: number;
    } & LoadFigures)
  | {
      readonly type: "restart";
      readonly keyCount: number;
      readonly afterStopMs: number;
      readonly afterKillMs: number;
    }
);

export type ServerBenchOptions = {
  readonly programs: Programs;
  /** About half a minute, with fewer keys and shorter measurements. */
  readonly isQuick: boolean;
  /** Only cases whose name contains this. */
  readonly only: string;
};

type Size = { readonly keyCount: number; readonly warmUpMs: number; readonly measuredMs: number };

const connectionCounts = [1, 16, 128] as const;
const storages = ["level", "memory"] as const;
const operations = ["put", "get"] as const;
const valueBytes = 200;
/** A key record around one value of 200 bytes. */
const recordBytes = 340;
const engineWriters = 128;

const whole: Size = { keyCount: 100_000, warmUpMs: 1000, measuredMs: 5000 };
const quick: Size = { keyCount: 5000, warmUpMs: 400, measuredMs: 1500 };

type Storage = (typeof storages)[number];

const loadName = (storage: Storage, operation: "put" | "get", connectionCount: number): string =>
  `${storage} ${operation}s at ${connectionCount}`;

const engineName = "engine alone";
const restartName = "restart";

export const serverBenchCases: readonly string[] = [
  engineName,
  ...storages.flatMap((storage) =>
    operations.flatMap((operation) => connectionCounts.map((count) => loadName(storage, operation, count))),
  ),
  restartName,
];

/** Hands each result over as soon as it is there. Throws when a process does not start or its client fails. */
export async function benchServer(
  { programs, isQuick, only }: ServerBenchOptions,
  report: (result: ServerBenchResult) => void,
): Promise<void> {
  const size = isQuick ? quick : whole;
  const isWanted = (name: string): boolean => name.includes(only);
  let enginePerSecond: number | undefined;
  const measureAlone = async (): Promise<void> => {
    if (
      !isWanted(engineName) &&
      !serverBenchCases.some((name) => name.startsWith("level put") && isWanted(name))
    )
      return;
    const figures = await measureEngine(engineWriters, recordBytes, size.measuredMs);
    enginePerSecond = figures.perSecond;
    report({ type: "engine", name: engineName, ...figures });
  };
  await measureAlone();
  for (const storage of storages) {
    const names = serverBenchCases.filter((name) => name.startsWith(`${storage} `));
    const restarts = storage === "level" && isWanted(restartName);
    if (!names.some(isWanted) && !restarts) continue;
    const cluster = await ClusterUnderLoad.start(programs, storage);
    try {
      await cluster.measure({ ...size, operation: "fill", connectionCount: 128, valueBytes });
      for (const operation of operations) {
        for (const connectionCount of connectionCounts) {
          const name = loadName(storage, operation, connectionCount);
          if (!isWanted(name)) continue;
          const paceBefore = nanosecondsOfStep();
          const figures = await cluster.measure({ ...size, operation, connectionCount, valueBytes });
          const cpuSteps = (2000 * figures.cpuMicroseconds) / (paceBefore + nanosecondsOfStep());
          const isCompared = storage === "level" && operation === "put" && enginePerSecond !== undefined;
          const share = isCompared ? { shareOfEngine: figures.perSecond / (enginePerSecond ?? 1) } : {};
          report({ type: "load", name, connectionCount, ...share, ...figures, cpuSteps });
        }
      }
      if (storage === "level") await measureAlone();
      if (restarts) {
        report({ type: "restart", name: restartName, keyCount: size.keyCount, ...(await cluster.restart()) });
      }
    } finally {
      await cluster.stop();
    }
  }
}

/** One line for a person. */
export function serverBenchLine(result: ServerBenchResult): string {
  switch (result.type) {
    case "engine":
      return `${result.name}, ${engineWriters} writers: ${rounded(result.perSecond)} puts/s, ${rounded(result.cpuMicroseconds)} µs of CPU each`;
    case "restart":
      return (
        `${result.name} with ${result.keyCount} keys: serving ${rounded(result.afterStopMs)} ms after a clean stop, ` +
        `${rounded(result.afterKillMs)} ms after a kill`
      );
    case "load": {
      const others = Object.entries(result.otherAnswers).map(
        ([status, count]) => `, ${count} answers ${status}`,
      );
      const share =
        result.shareOfEngine === undefined ? "" : `, ${result.shareOfEngine.toFixed(2)} of the engine`;
      return (
        `${result.name}: ${rounded(result.perSecond)}/s, p50 ${result.p50.toFixed(2)} p99 ${result.p99.toFixed(2)} ` +
        `p99.9 ${result.p999.toFixed(2)} ms, ${rounded(result.cpuMicroseconds)} µs of CPU on all nodes ` +
        `(${rounded(result.cpuSteps / 1000)} thousand steps)${share}${others.join("")}`
      );
    }
  }
}

function rounded(value: number): string {
  return Math.round(value).toString();
}
