/**
 * The workloads' store as a careful client of a real shop would use it: one node after another, with the same bytes
 * and the same write id on every attempt (see pursuit.ts). Each request is recorded before it is sent. How an attempt
 * reaches its node, over HTTP or through a simulated network, is the transport's.
 *
 * Three endings. A write that did not work has failed only if every attempt at it definitely did nothing; otherwise
 * nobody can tell. A read that did not work has failed, since it changes nothing.
 */
import { createHash } from "node:crypto";
import type { Attempt, Invocation, NodeName, Observed, Written } from "../../checkers/history/event.ts";
import type { HedgeBudget } from "../../server/core/hedge-budget.ts";
import type { DeleteRequest, PutRequest, Store, StoreRead, StoreWrite } from "../../workloads/store.ts";
import type { ReadAnswer, WriteAnswer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import type { ClientLimits } from "./client-limits.ts";
import { type Pursued, pursue, type Trial } from "./pursuit.ts";
import type { NewRequest, RequestLog } from "./request-log.ts";
import type { RunClock } from "./run-clock.ts";

/** A put, or a delete where `value` is undefined. */
export type TriedWrite = {
  readonly key: string;
  readonly write: string;
  readonly context: string | undefined;
  readonly value: Uint8Array | undefined;
};

/** One attempt at one node. An attempt begins at once and is judged when it ends. */
export interface Transport {
  get(node: NodeName, key: string, r: number | undefined): Trial<ReadAnswer>;
  write(node: NodeName, write: TriedWrite): Trial<WriteAnswer>;
}

export type RecordedStoreOptions = {
  readonly clock: RunClock;
  readonly log: RequestLog;
  readonly limits: ClientLimits;
  readonly budget: HedgeBudget;
  readonly observe: (value: Uint8Array) => Observed;
  readonly transport: Transport;
  /** Told of each write that was acknowledged, after that was recorded. */
  readonly onAcknowledged?: (invocation: Invocation, write: TriedWrite) => void;
  /** These are the final reads of a run. */
  readonly isFinal?: boolean;
};

/** What nobody would record must not be sent. */
const runIsOver = { type: "fail", error: "the run is over" } as const;

export class RecordedStore implements Store {
  readonly #options: RecordedStoreOptions;
  readonly #caller: Caller;

  constructor(options: RecordedStoreOptions, caller: Caller) {
    this.#options = options;
    this.#caller = caller;
  }

  async get(key: string, options: { readonly r?: number } = {}): Promise<StoreRead> {
    const { log, observe, transport } = this.#options;
    if (log.isClosed) return runIsOver;
    const invocation = log.invoked(this.#requestOf("get", key));
    const tryAt = (node: NodeName) => transport.get(node, key, options.r);
    const { at, attempts, result } = await this.#pursue(tryAt, "none");
    this.#caller.intended = at;
    if (result.type === "failed") {
      log.completed(invocation, { type: "fail", at, attempts, error: result.error });
      return { type: "fail", error: result.error };
    }
    const { siblings, tombstones, context } = result.answer;
    const observed = siblings.map(observe);
    log.completed(invocation, { type: "ok", at, attempts, observed, tombstones });
    return { type: "ok", siblings, observed, tombstones, context };
  }

  put(request: PutRequest): Promise<StoreWrite> {
    return this.#write("put", request, request.value);
  }

  delete(request: DeleteRequest): Promise<StoreWrite> {
    return this.#write("delete", request, undefined);
  }

  async #write(
    kind: "put" | "delete",
    write: Omit<PutRequest, "value">,
    value: Uint8Array | undefined,
  ): Promise<StoreWrite> {
    const { log, transport, onAcknowledged } = this.#options;
    if (log.isClosed) return runIsOver;
    const invocation = log.invoked({
      ...this.#requestOf(kind, write.key),
      written: writtenOf(write, value),
    });
    const tried: TriedWrite = { key: write.key, write: write.write, context: write.context, value };
    const { at, attempts, result } = await this.#pursue((node) => transport.write(node, tried), "unknown");
    this.#caller.intended = at;
    if (result.type === "ok") {
      const { context, ...copies } = result.answer;
      log.completed(invocation, { type: "ok", at, attempts, ...copies });
      onAcknowledged?.(invocation, tried);
      return { type: "ok", context };
    }
    return this.#writeFailed(invocation, at, attempts, result.error);
  }

  #writeFailed(invocation: Invocation, at: number, attempts: readonly Attempt[], error: string): StoreWrite {
    const type = attempts.every(({ outcome }) => outcome === "none") ? "fail" : "info";
    this.#options.log.completed(invocation, { type, at, attempts, error });
    return { type, error };
  }

  #requestOf(kind: Invocation["kind"], key: string): NewRequest {
    const { process, session, operation, intended, route } = this.#caller;
    const [entry] = route;
    if (entry === undefined) throw new Error(`the route of process ${process} is empty`);
    const request = { process, session, operation, kind, key, intended, entry };
    return this.#options.isFinal === true ? { ...request, final: true } : request;
  }

  #pursue<T>(tryAt: (node: NodeName) => Trial<T>, ifOpen: "none" | "unknown"): Promise<Pursued<T>> {
    const { clock, limits, budget } = this.#options;
    return pursue({ clock, limits, budget, nodes: this.#caller.route, tryAt, ifOpen });
  }
}

/** What a write says of itself in its invocation. A delete has no value, hence no digest. */
function writtenOf(request: Omit<PutRequest, "value">, value: Uint8Array | undefined): Written {
  const { write, parents, effect, contents, sold } = request;
  return {
    write,
    parents,
    digest: value === undefined ? "" : createHash("sha1").update(value).digest("hex"),
    bytes: value?.length ?? 0,
    ...(effect === undefined ? {} : { effect }),
    ...(contents === undefined ? {} : { contents }),
    ...(sold === undefined ? {} : { sold }),
  };
}
