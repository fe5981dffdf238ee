/**
 * The cheapest client there is: a process that writes ready-made requests to raw sockets, one at a time on each, and
 * looks at no more of an answer than its status, its length and its context. On a machine that the nodes share with
 * their client, what it costs is missing from what they can do.
 */
import { connect } from "node:net";
import { performance } from "node:perf_hooks";
import type { ClientFigures, ClientLine, ClientPlan } from "./client-plan.ts";

const ownKeysOfConnection = 8;
/** Refusals of one put of `fill` after which nobody need hope any more. */
const refusalsMax = 1000;
const contextHeader = "tipcart-context: ";
const lengthHeader = "content-length: ";
const headEnd = "\r\n\r\n";

type Answer = { readonly status: string; readonly context: string; readonly byteCount: number };

/** What one connection asks for next, and what it does with the answer; undefined when it has nothing more to ask. */
type Requests = {
  readonly next: () => Buffer | undefined;
  readonly answered: (answer: Answer) => void;
};

const plan = JSON.parse(process.argv[2] ?? "") as ClientPlan;
const value = Buffer.alloc(plan.valueBytes, "v");
const latenciesMs: number[] = [];
const otherAnswers: Record<string, number> = {};
let isMeasuring = plan.operation === "fill";
let isOver = false;

/** `headers`: lines, each with its end. */
function putOf(key: string, headers: string): Buffer {
  const head = `PUT /v1/bench/${key} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${lengthHeader}${value.length}${headEnd}`;
  return Buffer.concat([Buffer.from(head, "latin1"), value]);
}

function getOf(key: string): Buffer {
  return Buffer.from(`GET /v1/bench/${key} HTTP/1.1\r\nhost: 127.0.0.1${headEnd}`, "latin1");
}

function requestsOf(connection: number): Requests {
  const { operation, keyCount, connectionCount } = plan;
  let turn = connection;
  switch (operation) {
    case "fill": {
      let refusalsLeft = refusalsMax;
      return {
        // Named, so that a put which is asked again is no second version of its key.
        next: () => (turn < keyCount ? putOf(`filled-${turn}`, `tipcart-write-id: ${turn}\r\n`) : undefined),
        // A node that has just begun sheds some load; a key left out would be answered 404 to every get.
        answered: ({ status }) => {
          if (status === "200") turn += connectionCount;
          else if ((refusalsLeft -= 1) === 0) throw new Error(`A put of the fill is answered ${status}.`);
        },
      };
    }
    case "get":
      return {
        next: () => {
          // A stride without a common divisor visits all keys and looks like no order to a cache.
          turn = (turn + 7919) % keyCount;
          return getOf(`filled-${turn}`);
        },
        answered: () => undefined,
      };
    case "put": {
      const contexts = Array.from({ length: ownKeysOfConnection }, () => "");
      return {
        next: () => {
          turn = (turn + 1) % ownKeysOfConnection;
          const context = contexts[turn] ?? "";
          const seen = context === "" ? "" : `${contextHeader}${context}\r\n`;
          return putOf(`own-${plan.connectionCount}-${connection}-${turn}`, seen);
        },
        answered: ({ context }) => {
          contexts[turn] = context;
        },
      };
    }
  }
}

/** The answer that `text` begins with; undefined while it is not whole. */
function answerIn(text: string): Answer | undefined {
  const headBytes = text.indexOf(headEnd);
  if (headBytes < 0) return undefined;
  const byteCount = headBytes + headEnd.length + Number(fieldIn(text, lengthHeader));
  if (text.length < byteCount) return undefined;
  return { status: text.slice(9, 12), context: fieldIn(text, contextHeader), byteCount };
}

function fieldIn(text: string, name: string): string {
  const at = text.indexOf(name);
  return at < 0 ? "" : text.slice(at + name.length, text.indexOf("\r\n", at));
}

/** Resolves when the connection has nothing more to ask or the time is over. */
function converse(connection: number): Promise<void> {
  const requests = requestsOf(connection);
  const port = plan.httpPorts[connection % plan.httpPorts.length] ?? 0;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    let held = "";
    let sentMs = 0;
    const ask = () => {
      const request = isOver ? undefined : requests.next();
      if (request === undefined) {
        socket.end();
        return resolve();
      }
      sentMs = performance.now();
      socket.write(request);
    };
    socket.on("connect", ask);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      held += chunk.toString("latin1");
      const answer = answerIn(held);
      if (answer === undefined) return;
      held = held.slice(answer.byteCount);
      if (isMeasuring) latenciesMs.push(performance.now() - sentMs);
      if (answer.status !== "200") otherAnswers[answer.status] = (otherAnswers[answer.status] ?? 0) + 1;
      requests.answered(answer);
      ask();
    });
  });
}

function figuresOf(seconds: number): ClientFigures {
  const sorted = Float64Array.from(latenciesMs).toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    requestCount: sorted.length,
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    otherAnswers,
  };
}

function say(line: ClientLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

let beganMs = performance.now();
if (plan.operation !== "fill") {
  setTimeout(() => {
    isMeasuring = true;
    beganMs = performance.now();
    say({ type: "began" });
  }, plan.warmUpMs);
  setTimeout(() => {
    isOver = true;
  }, plan.warmUpMs + plan.measuredMs);
} else {
  say({ type: "began" });
}
await Promise.all(Array.from({ length: plan.connectionCount }, (_, connection) => converse(connection)));
say({ type: "ended", ...figuresOf((performance.now() - beganMs) / 1000) });
