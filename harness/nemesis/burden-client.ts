/**
 * The hands of a load fault and of a rehearsal: requests of their own, and connections that say next to nothing. What
 * they do is not recorded, since nobody judges it: either it goes to a bucket of its own, or the store has to refuse it.
 */
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { request } from "undici";

const limits = { headersTimeout: 2_000, bodyTimeout: 2_000 };

/** Undefined: no answer came. */
export type Reply =
  | { readonly status: number; readonly context: string | undefined; readonly text: string }
  | undefined;

const contextIn = (text: string): string | undefined => /"context":"([^"]+)"/.exec(text)?.[1];

export async function get(url: string): Promise<Reply> {
  try {
    const { statusCode, body } = await request(url, { ...limits, headers: { accept: "application/json" } });
    const text = await body.text();
    return { status: statusCode, context: contextIn(text), text };
  } catch {
    return undefined;
  }
}

/** Without a context it is blind. */
export async function put(url: string, value: string, context: string | undefined): Promise<Reply> {
  const headers = context === undefined ? {} : { "tipcart-context": context };
  try {
    const { statusCode, body } = await request(url, { ...limits, method: "PUT", headers, body: value });
    const text = await body.text();
    return { status: statusCode, context: contextIn(text), text };
  } catch {
    return undefined;
  }
}

/** A connection that begins a request, a byte at a time, and never ends it. */
export function openSlowly(host: string, port: number, everyMs: number): Socket {
  const socket = connect({ host, port, noDelay: true });
  const head = `GET /v1/slow/key HTTP/1.1\r\nhost: ${host}\r\nx-slow: `;
  let said = 0;
  const timer = setInterval(() => {
    socket.write(head[said] ?? "x");
    said += 1;
  }, everyMs);
  // A server may cut off whoever is too slow; then there is one less.
  socket.on("error", () => {});
  socket.on("close", () => clearInterval(timer));
  return socket.resume();
}

/** What goes on until it is stopped; then all that was begun has ended. */
export type Going = { readonly stop: () => Promise<void> };

/** So many clients, each with one turn after the other. */
export function clients(count: number, act: (turn: number) => Promise<unknown>): Going {
  const over = new AbortController();
  let turn = 0;
  const client = async (): Promise<void> => {
    while (!over.signal.aborted) {
      turn += 1;
      await act(turn);
      await nextTurn();
    }
  };
  const all = Promise.all(Array.from({ length: count }, client));
  return {
    stop: async () => {
      over.abort();
      await all;
    },
  };
}

const beatMs = 10;
const underWayMax = 512;

/** Turns at a fixed rate, whatever becomes of them; more than some hundred at once are left out. */
export function paced(perSecond: number, act: (turn: number) => Promise<unknown>): Going {
  const underWay = new Set<Promise<unknown>>();
  const startedMs = performance.now();
  let turn = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - startedMs) * perSecond) / 1000;
    for (; turn < due; turn += 1) {
      if (underWay.size >= underWayMax) continue;
      const one = act(turn);
      underWay.add(one);
      void one.finally(() => underWay.delete(one));
    }
  }, beatMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}
