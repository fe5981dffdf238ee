/**
 * The last look: after the heal and the dump every key is read through every node. What these reads return is what
 * the run has left behind, and acknowledged writes are looked for in it. So each goes through the node it is meant
 * for and no other, and one that fails is tried again a few times before the failure stands.
 */
import type { HistoryEvent, NodeName, Observed } from "../../checkers/history/event.ts";
import { HedgeBudget } from "../../server/core/hedge-budget.ts";
import type { ClientLimits } from "../client/client-limits.ts";
import { HttpStore } from "../client/http-store.ts";
import { type ClientAddress, NodePools } from "../client/node-pools.ts";
import { RequestLog } from "../client/request-log.ts";
import type { RunClock } from "../client/run-clock.ts";
import { LogicalClient } from "./logical-client.ts";

/** Readers at work at once. */
const readerCount = 64;
const triesMax = 3;
/** Nobody waits for these reads; a node that has just come back may be slow. */
const limits: ClientLimits = { secondAttemptMs: 5_000, deadlineMs: 5_000 };

export type FinalReadOptions = {
  readonly keys: readonly string[];
  readonly nodes: readonly ClientAddress[];
  readonly bucket: string;
  readonly clock: RunClock;
  readonly record: (event: HistoryEvent) => void;
  readonly observe: (value: Uint8Array) => Observed;
  /** Above all request ids and process numbers of the journal. */
  readonly firstId: number;
  readonly firstProcess: number;
  /** No further read is begun. */
  readonly signal?: AbortSignal;
};

export type FinalReadTotals = {
  readonly readCount: number;
  /** Key and node of each read that failed to the last. */
  readonly failed: readonly { readonly key: string; readonly node: NodeName; readonly error: string }[];
};

/** Resolves when every key was read through every node, or given up. Never rejects. */
export async function finalReads(options: FinalReadOptions): Promise<FinalReadTotals> {
  const { keys, nodes, clock, record, bucket, observe, firstId, firstProcess, signal } = options;
  const pools = new NodePools(nodes, readerCount);
  const log = new RequestLog({ clock, record, firstId });
  const budget = new HedgeBudget({ share: 0, reserve: 0 });
  const storeOptions = { clock, log, limits, budget, bucket, observe, nodes: pools.nodes, isFinal: true };
  const failed: { key: string; node: NodeName; error: string }[] = [];
  const isStopped = (): boolean => signal?.aborted === true;
  let next = 0;
  let readCount = 0;

  const readOne = async (reader: LogicalClient, key: string, node: NodeName): Promise<void> => {
    for (let tries = 1; ; tries++) {
      reader.arrive({ intended: clock.now(), route: [node] });
      reader.nextOperation();
      const read = await reader.store.get(key);
      readCount += 1;
      if (read.type === "ok") return;
      if (tries === triesMax) return void failed.push({ key, node, error: read.error });
    }
  };
  const work = async (index: number): Promise<void> => {
    const reader = new LogicalClient(
      firstProcess + index,
      `final/${index}`,
      (caller) => new HttpStore(storeOptions, caller),
    );
    while (next < keys.length * nodes.length && !isStopped()) {
      const turn = next++;
      const key = keys[Math.floor(turn / nodes.length)];
      const node = nodes[turn % nodes.length]?.node;
      if (key !== undefined && node !== undefined) await readOne(reader, key, node);
    }
  };

  await Promise.all(Array.from({ length: readerCount }, (_, index) => work(index)));
  await pools.close();
  return { readCount, failed };
}

/** What a later writer must know of the events before it. */
export type Survey = {
  /** Every key that any request named, in order of first use. */
  readonly keys: readonly string[];
  readonly nextRequestId: number;
  readonly nextProcess: number;
};

export function surveyOf(events: Iterable<HistoryEvent>): Survey {
  const keys = new Set<string>();
  let nextRequestId = 0;
  let nextProcess = 0;
  for (const event of events) {
    if (event.type !== "invoke") continue;
    keys.add(event.key);
    nextRequestId = Math.max(nextRequestId, event.id + 1);
    nextProcess = Math.max(nextProcess, event.process + 1);
  }
  return { keys: [...keys], nextRequestId, nextProcess };
}
