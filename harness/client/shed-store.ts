/**
 * The store of an arrival that is turned away, because too many requests are under way already. Its first request is
 * recorded as one that was wanted and that nobody sent, which is bad in every reckoning; it is never made up for later.
 */
import type { DeleteRequest, PutRequest, Store, StoreRead, StoreWrite } from "../../workloads/store.ts";
import type { Caller } from "./caller.ts";
import { requestOf, writtenOf } from "./http-store.ts";
import type { NewRequest, RequestLog } from "./request-log.ts";

/** The `error` of a request that was turned away. */
export const shedError = "dropped: too many requests in flight";

export class ShedStore implements Store {
  readonly #log: RequestLog;
  readonly #caller: Caller;

  constructor(log: RequestLog, caller: Caller) {
    this.#log = log;
    this.#caller = caller;
  }

  get(key: string): Promise<StoreRead> {
    return this.#shed(requestOf(this.#caller, "get", key, false));
  }

  put(request: PutRequest): Promise<StoreWrite> {
    const written = writtenOf(request, request.value);
    return this.#shed({ ...requestOf(this.#caller, "put", request.key, false), written });
  }

  delete(request: DeleteRequest): Promise<StoreWrite> {
    const written = writtenOf(request, undefined);
    return this.#shed({ ...requestOf(this.#caller, "delete", request.key, false), written });
  }

  #shed(request: NewRequest): Promise<{ readonly type: "fail"; readonly error: string }> {
    const invocation = this.#log.invoked(request);
    this.#log.completed(invocation, { type: "fail", at: invocation.at, attempts: [], error: shedError });
    return Promise.resolve({ type: "fail", error: shedError });
  }
}
