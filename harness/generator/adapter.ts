/**
 * How a key is read and written over HTTP at some store: a small ES module that the user writes.
 *
 *     export const request = ({ kind, key, value, serial }) =>
 *       kind === "get"
 *         ? { method: "GET", path: `/kv/${key}` }
 *         : { method: "PUT", path: `/kv/${key}`, headers: { "content-type": "text/plain" }, body: value };
 *
 *     export const outcome = ({ kind, status }) =>        // optional; this is the default
 *       status < 400 || (kind === "get" && status === 404) ? "ok" : status < 500 ? "fail" : "info";
 *
 *     export const learn = ({ kind, key, status, headers }) => { … };   // optional: sees every answer
 *
 * It runs inside the generator, a call a request: what it costs is the generator's lag.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { SampleKind } from "./sample-log.ts";
import type { LoadOutcome } from "./transport.ts";

export type AdapterRequest = {
  readonly method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD";
  /** Behind the address of the store; begins with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
};

export type Asked = {
  readonly kind: SampleKind;
  readonly key: string;
  readonly value: Uint8Array;
  /** Number of the request in the run. */
  readonly serial: number;
};

export type Answered = {
  readonly kind: SampleKind;
  readonly key: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
};

export type Adapter = {
  readonly request: (asked: Asked) => AdapterRequest;
  readonly outcome: (answered: Answered) => LoadOutcome;
  readonly learn?: (answered: Answered) => void;
};

export const usualOutcome = ({ kind, status }: Answered): LoadOutcome => {
  if (status < 400 || (kind === "get" && status === 404)) return "ok";
  return status < 500 ? "fail" : "info";
};

/**
 * The reference server's API. It remembers the last context of every key that it has seen an answer for, as clients
 * do that read before they write, so that versions succeed each other and do not pile up as siblings.
 */
export function tipcartAdapter(bucket: string): Adapter {
  const contexts = new Map<string, string>();
  return {
    request: ({ kind, key, value }) => {
      const path = `/v1/${encodeURIComponent(bucket)}/${encodeURIComponent(key)}`;
      if (kind === "get") return { method: "GET", path };
      const context = contexts.get(key);
      return {
        method: "PUT",
        path,
        body: value,
        ...(context === undefined ? {} : { headers: { "tipcart-context": context } }),
      };
    },
    outcome: usualOutcome,
    learn: ({ key, headers }) => {
      const context = headers["tipcart-context"];
      if (typeof context === "string") contexts.set(key, context);
    },
  };
}

/** The adapter in a file, or what is wrong with it in one sentence. */
export async function loadAdapter(
  file: string,
): Promise<
  | { readonly type: "loaded"; readonly adapter: Adapter }
  | { readonly type: "refused"; readonly reason: string }
> {
  try {
    const module: unknown = await import(pathToFileURL(resolve(file)).href);
    const adapter = adapterIn(module);
    return adapter === undefined
      ? { type: "refused", reason: `The adapter ${file} exports no function called "request".` }
      : { type: "loaded", adapter };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.split("\n")[0] : String(thrown);
    return { type: "refused", reason: `The adapter ${file} cannot be loaded: ${reason}.` };
  }
}

const isFunction = <F>(value: unknown): value is F => typeof value === "function";

function adapterIn(module: unknown): Adapter | undefined {
  if (typeof module !== "object" || module === null) return undefined;
  const { request, outcome, learn } = module as Record<string, unknown>;
  if (!isFunction<Adapter["request"]>(request)) return undefined;
  return {
    request,
    outcome: isFunction<Adapter["outcome"]>(outcome) ? outcome : usualOutcome,
    ...(isFunction<NonNullable<Adapter["learn"]>>(learn) ? { learn } : {}),
  };
}
