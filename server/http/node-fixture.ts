/** For tests of this folder: one node over memory on free ports of this machine, and a client that sends what it is told. */
import { Client } from "undici";
import { defaultBucket, defaultIntervals, defaultLimits } from "../config.ts";
import type { ProcessConfig } from "../config-file.ts";
import { serve } from "../serve.ts";

export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The body as JSON; throws when it is none. */
  readonly json: () => Record<string, unknown>;
};

export type Asked = {
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>;
};

export type ServedNode = {
  readonly httpPort: number;
  /** Calls the client API, or those of the harness and of operators for paths below /verify and /admin. */
  readonly call: (
    method: "GET" | "PUT" | "DELETE" | "POST",
    path: string,
    asked?: Asked,
  ) => Promise<Answered>;
  /** What was thrown and ought not to be. */
  readonly faults: readonly unknown[];
};

const alone: ProcessConfig = {
  dataDir: null,
  engine: "memory",
  eventLog: null,
  listen: { host: "127.0.0.1", rpcPort: 0, httpPort: 0, verificationPort: 0, adminPort: 0 },
  node: {
    clusterId: "test",
    nodeId: "a",
    members: [{ nodeId: "a", host: "127.0.0.1", rpcPort: 1, httpPort: 1 }],
    buckets: new Map([["default", { ...defaultBucket, n: 1, r: 1, w: 1 }]]),
    partitionCount: 8,
    limits: { ...defaultLimits, valueBytesMax: 64 * 1024 },
    intervals: defaultIntervals,
  },
};

/** Starts a node, lets `act` use it, and stops it. */
export async function withNode(act: (node: ServedNode) => Promise<void>): Promise<void> {
  const faults: unknown[] = [];
  const outcome = await serve(alone, (thrown) => faults.push(thrown));
  if (outcome.type === "refused") throw new Error(outcome.detail);
  const { announcement, stop } = outcome.server;
  const api = new Client(`http://127.0.0.1:${announcement.httpPort}`);
  const verification = new Client(`http://127.0.0.1:${announcement.verificationPort ?? 0}`);
  const admin = new Client(`http://127.0.0.1:${announcement.adminPort ?? 0}`);
  const clientFor = (path: string) => {
    if (path.startsWith("/verify")) return verification;
    return path.startsWith("/admin") ? admin : api;
  };
  try {
    await act({
      httpPort: announcement.httpPort,
      faults,
      call: (method, path, asked = {}) => send(clientFor(path), method, path, asked),
    });
  } finally {
    await Promise.all([api.close(), verification.close(), admin.close()]);
    await stop();
  }
}

async function send(
  client: Client,
  method: "GET" | "PUT" | "DELETE" | "POST",
  path: string,
  { headers, body }: Asked,
): Promise<Answered> {
  const answer = await client.request({
    method,
    path,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : body }),
  } as Parameters<Client["request"]>[0]);
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: bytes,
    json: () => JSON.parse(bytes.toString("utf8")) as Record<string, unknown>,
  };
}
