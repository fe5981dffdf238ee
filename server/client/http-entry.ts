/**
 * The nodes' HTTP interface as a client's way in: one pool of connections a node.
 *
 * What a node answers is checked like anything that comes from outside; an answer that makes no sense is `internal`,
 * and a write it belongs to may have happened.
 */
import { Pool } from "undici";
import type * as z from "zod";
import { failureSchema, foundSchema, ringSchema, wroteSchema } from "../http/answer-schemas.ts";
import type { RingView } from "../node.ts";
import type { NodeId } from "../ports/network.ts";
import type { Entry, ReadEnding, ReadRequest, Refused, WriteEnding, WriteRequest } from "./entry.ts";

export type HttpAddress = { readonly nodeId: NodeId; readonly host: string; readonly httpPort: number };

const connectionCountMax = 64;
const answerBytesMax = 64 * 1024 * 1024;

type Exchanged = { readonly status: number; readonly json: unknown };
/** `refused`: nothing was sent. `silent`: something may have been. */
type Unanswered = { readonly type: "refused" | "silent"; readonly detail: string };

export class HttpEntry implements Entry {
  readonly #pools = new Map<NodeId, Pool>();

  /** Tells where nodes are; one that is known already keeps its pool. */
  know(addresses: readonly HttpAddress[]): void {
    for (const { nodeId, host, httpPort } of addresses) {
      if (this.#pools.has(nodeId)) continue;
      const origin = `http://${host.includes(":") ? `[${host}]` : host}:${httpPort}`;
      this.#pools.set(nodeId, new Pool(origin, { connections: connectionCountMax, pipelining: 1 }));
    }
  }

  async get(node: NodeId, request: ReadRequest, timeoutMs: number): Promise<ReadEnding> {
    const { n, r, pr, timeoutMs: timeout, minContext } = request;
    const query = queryOf({ n, r, pr, timeout, "min-context": minContext });
    const headers = { accept: "application/json" };
    const answer = await this.#exchange(node, "GET", `${pathOf(request)}${query}`, timeoutMs, { headers });
    if ("type" in answer) return { type: "fail", error: "unreachable", detail: answer.detail };
    if ([200, 300, 404].includes(answer.status)) {
      const found = foundSchema.safeParse(answer.json);
      if (found.success) return foundOf(found.data);
    }
    return refusalOf(answer, node, () => "fail");
  }

  async write(node: NodeId, request: WriteRequest, timeoutMs: number): Promise<WriteEnding> {
    const { n, w, pw, dw, timeoutMs: timeout, value, context, writeId } = request;
    const headers = {
      "tipcart-write-id": writeId,
      ...(context === undefined ? {} : { "tipcart-context": context }),
    };
    const path = `${pathOf(request)}${queryOf({ n, w, pw, dw, timeout })}`;
    const asked = value === null ? { headers } : { headers, body: value };
    const answer = await this.#exchange(node, value === null ? "DELETE" : "PUT", path, timeoutMs, asked);
    if ("type" in answer) {
      const type = answer.type === "refused" ? "fail" : "info";
      return { type, error: "unreachable", detail: answer.detail };
    }
    const wrote = answer.status === 200 ? wroteSchema.safeParse(answer.json) : undefined;
    if (wrote?.success === true) return { type: "ok", ...wrote.data };
    return refusalOf(answer, node, (outcome) => (outcome === "none" ? "fail" : "info"));
  }

  async ring(node: NodeId, timeoutMs: number): Promise<RingView | undefined> {
    const answer = await this.#exchange(node, "GET", "/v1/ring", timeoutMs, {});
    if ("type" in answer || answer.status !== 200) return undefined;
    const ring = ringSchema.safeParse(answer.json);
    if (!ring.success) return undefined;
    this.know(ring.data.members);
    return answer.json as RingView;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  async #exchange(
    node: NodeId,
    method: "GET" | "PUT" | "DELETE",
    path: string,
    timeoutMs: number,
    asked: { readonly headers?: Record<string, string>; readonly body?: Uint8Array },
  ): Promise<Exchanged | Unanswered> {
    const pool = this.#pools.get(node);
    if (pool === undefined) return { type: "refused", detail: `The address of ${node} is not known.` };
    try {
      const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
      const { statusCode, body } = await pool.request({ method, path, signal, ...asked });
      const bytes = Buffer.from(await body.arrayBuffer());
      if (bytes.length > answerBytesMax) return { type: "silent", detail: `${node} answered too much.` };
      return { status: statusCode, json: jsonOf(bytes) };
    } catch (thrown) {
      const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "silence";
      const isRefused = code === "ECONNREFUSED" || code === "UND_ERR_CONNECT_TIMEOUT";
      return { type: isRefused ? "refused" : "silent", detail: `${node} gave no answer (${code}).` };
    }
  }
}

function foundOf({ siblings, tombstones, context, coordinator, replied }: z.infer<typeof foundSchema>) {
  return {
    type: "ok" as const,
    siblings: siblings.map(({ value, writeId }) => ({
      value: new Uint8Array(Buffer.from(value, "base64")),
      writeId,
    })),
    tombstones,
    context,
    coordinator,
    repliedNodes: replied,
  };
}

function refusalOf<Type>(
  { status, json }: Exchanged,
  node: NodeId,
  typeOf: (outcome: "none" | "unknown") => Type,
): Refused<Type> {
  const failure = failureSchema.safeParse(json);
  if (!failure.success) {
    const detail = `${node} answered ${status} with what is no answer of this store.`;
    return { type: typeOf("unknown"), error: "internal", detail };
  }
  const { outcome, ...rest } = failure.data;
  return { type: typeOf(outcome), ...rest };
}

function pathOf({ bucket, key }: { readonly bucket: string; readonly key: string }): string {
  return `/v1/${encodeURIComponent(bucket)}/${encodeURIComponent(key)}`;
}

function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
