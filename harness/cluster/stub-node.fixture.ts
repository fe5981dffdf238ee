/**
 * The smallest program that keeps a node's contract with the harness: configuration file, serving line, client and
 * verification ports, replication to peers over connections from its own address, data that survives a power cut. The
 * contract suite runs against it so that a failure there is the driver's and not the store's.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createConnection, createServer as createTcpServer, type Socket } from "node:net";
import { createInterface, type Interface } from "node:readline";
import * as z from "zod";

const configSchema = z.object({
  nodeId: z.string(),
  dataDir: z.string().nullable(),
  members: z.array(z.object({ nodeId: z.string(), host: z.string(), rpcPort: z.number() })),
  listen: z.object({
    host: z.string(),
    rpcPort: z.number(),
    httpPort: z.number(),
    verificationPort: z.number(),
    adminPort: z.number(),
  }),
});
const replySchema = z.object({ id: z.number() });
const messageSchema = z.object({ id: z.number(), key: z.string(), value: z.string() });

const config = configSchema.parse(JSON.parse(readFileSync(process.argv[3] ?? "", "utf8")));
const { host, rpcPort, httpPort, verificationPort, adminPort } = config.listen;
const dataFile = config.dataDir === null ? undefined : `${config.dataDir}/puts`;
const values = new Map<string, string>();
const memberIds = new Set(config.members.map(({ nodeId }) => nodeId));
const replyWithinMs = 250;

/** Undefined for half a line, which is what a peer that was killed leaves of its last one. */
function parsed<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

for (const line of dataFile !== undefined && existsSync(dataFile)
  ? readFileSync(dataFile, "utf8").split("\n")
  : []) {
  const message = parsed(messageSchema, line);
  if (message !== undefined) values.set(message.key, message.value);
}

// A second file, so that two can be exchanged.
if (config.dataDir !== null) {
  const file = openSync(`${config.dataDir}/name`, "w");
  writeSync(file, config.nodeId);
  closeSync(file);
}

function store(key: string, value: string): void {
  values.set(key, value);
  if (dataFile === undefined) return;
  const file = openSync(dataFile, "a");
  writeSync(file, `${JSON.stringify({ id: 0, key, value })}\n`);
  fsyncSync(file);
  closeSync(file);
}

/** A connection that is reset ends its lines, and nothing else. */
function linesOf(socket: Socket): Interface {
  return createInterface({ input: socket }).on("error", () => {});
}

/** A connection to one peer, made when it is needed; requests one way, replies the other. */
class Peer {
  readonly #member: { readonly host: string; readonly rpcPort: number };
  readonly #waiting = new Map<number, () => void>();
  #socket: Socket | undefined;
  #lastId = 0;

  constructor(member: { readonly host: string; readonly rpcPort: number }) {
    this.#member = member;
  }

  put(key: string, value: string): Promise<boolean> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), replyWithinMs);
      this.#waiting.set(id, () => {
        clearTimeout(timer);
        resolve(true);
      });
      this.#connection().write(`${JSON.stringify({ id, key, value })}\n`);
    });
  }

  #connection(): Socket {
    if (this.#socket !== undefined) return this.#socket;
    const socket = createConnection({
      host: this.#member.host,
      port: this.#member.rpcPort,
      localAddress: host,
    });
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#socket = undefined;
    });
    linesOf(socket).on("line", (line) => {
      this.#waiting.get(parsed(replySchema, line)?.id ?? 0)?.();
    });
    return socket;
  }
}

const peers = config.members
  .filter(({ nodeId }) => nodeId !== config.nodeId)
  .map((member) => new Peer(member));

const rpc = createTcpServer((socket) => {
  socket.on("error", () => {});
  linesOf(socket).on("line", (line) => {
    const message = parsed(messageSchema, line);
    if (message === undefined) return;
    store(message.key, message.value);
    socket.write(`${JSON.stringify({ id: message.id })}\n`);
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The moment before an answered put is answered; the stub knows no other. */
let isArmed = false;
let hasFired = false;

function trigger(method: string | undefined): { status: number; body: string } {
  if (method === "POST") [isArmed, hasFired] = [true, false];
  if (method === "DELETE") isArmed = false;
  const [armed, fired] = [isArmed, hasFired].map((is) => (is ? "write-answered" : null));
  return { status: 200, body: JSON.stringify({ armed, fired }) };
}

function reachMoment(): void {
  if (!isArmed) return;
  [isArmed, hasFired] = [false, true];
  process.kill(process.pid, "SIGSTOP");
}

/** Route and status -> how often. */
const answered = new Map<string, number>();

/** Of all writes so far that had a name. */
const writeIds = new Set<string>();
let retryCount = 0;

const metricsText = (): string =>
  [...answered]
    .map(([labels, count]) => `tipcart_request_ms_count{${labels}} ${count}\n`)
    .concat(`tipcart_events_total{event="write-minted-retry"} ${retryCount}\n`)
    .join("");

/** Whether a write of that name was there before. */
function isRetry(writeId: string): boolean {
  const isKnown = writeIds.has(writeId);
  writeIds.add(writeId);
  if (isKnown) retryCount += 1;
  return isKnown;
}

function note(request: IncomingMessage, status: number): void {
  const labels = `route="${request.method?.toLowerCase()}",status="${status}"`;
  answered.set(labels, (answered.get(labels) ?? 0) + 1);
}

async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
  const url = new URL(request.url ?? "/", "http://stub");
  const key = url.pathname.replace(/^\/(v1|verify\/key)\//, "");
  if (url.pathname === "/verify/clock") return { status: 200, body: JSON.stringify({ wallMs: Date.now() }) };
  if (url.pathname === "/verify/trigger") return trigger(request.method);
  if (url.pathname === "/verify/hints") return { status: 200, body: "[]" };
  if (url.pathname.startsWith("/v1/preference/"))
    return { status: 200, body: JSON.stringify({ homes: [...memberIds] }) };
  if (url.pathname === "/metrics") return { status: 200, body: metricsText() };
  const context = `context of ${key}`;
  if (request.method === "PUT") {
    if (request.headers["tipcart-context"] !== undefined && request.headers["tipcart-context"] !== context)
      return { status: 400, body: "" };
    const writeId = request.headers["tipcart-write-id"]?.toString();
    const acknowledged = JSON.stringify({ context, writeId, acknowledgements: [] });
    if (writeId !== undefined && isRetry(writeId)) return { status: 200, body: acknowledged };
    const value = await bodyOf(request);
    store(key, value);
    const replies = await Promise.all(peers.map((peer) => peer.put(key, value)));
    const count = 1 + replies.filter(Boolean).length;
    reachMoment();
    const status = count >= Number(url.searchParams.get("w") ?? 2) ? 200 : 503;
    // Whoever names no write wants to know how many nodes have it.
    return { status, body: writeId === undefined ? `${count}` : acknowledged };
  }
  const value = values.get(key);
  if (url.pathname.startsWith("/verify/key/"))
    return {
      status: 200,
      body: JSON.stringify({ main: { type: value === undefined ? "absent" : "found" } }),
    };
  if (value !== undefined) return { status: 200, body: value };
  return { status: 404, body: request.headers.accept === undefined ? "" : JSON.stringify({ context }) };
}

/** An order is carried out at once, and nothing is ever left to be moved. */
function administer(request: IncomingMessage): { status: number; body: string } {
  const url = new URL(request.url ?? "/", "http://stub");
  const node = url.searchParams.get("node") ?? "";
  const moves = { wantedCount: 0, dueCount: 0, outgoingCount: 0, leftoverCount: 0 };
  switch (`${request.method} ${url.pathname}`) {
    case "POST /admin/join":
      memberIds.add(node);
      return { status: 200, body: "{}" };
    case "POST /admin/leave":
      memberIds.delete(node);
      return { status: 200, body: "{}" };
    case "GET /admin/members":
      return {
        status: 200,
        body: JSON.stringify([...memberIds].map((nodeId) => ({ nodeId, state: "valid" }))),
      };
    default:
      return { status: 200, body: JSON.stringify(moves) };
  }
}

const serveAdministrator = (): Server =>
  createServer((request, response) => {
    const { status, body } = administer(request);
    response.writeHead(status).end(body);
  });

const serve = (): Server =>
  createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      note(request, status);
      response.writeHead(status).end(body);
    });
  });

process.on("SIGTERM", () => process.exit(0));
process.stdin.on("end", () => process.exit(0)).resume();
rpc.listen(rpcPort, host, () => {
  serve().listen(httpPort, host, () => {
    serve().listen(verificationPort, host, () => {
      serveAdministrator().listen(adminPort, host, () => {
        process.stdout.write(
          `${JSON.stringify({ type: "serving", nodeId: config.nodeId, pid: process.pid })}\n`,
        );
      });
    });
  });
});
