/**
 * Shoppers at a real store, who come when they come: the moments of their requests are those of a Poisson process, whose
 * rate may change with time, and nobody waits for anybody. Each reads or writes one of some carts, as often the one as the
 * other, with what the session has seen of it.
 *
 * A latency is that of the client library's call; a call that ends badly is counted and not timed.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import type { Session } from "../client/session.ts";
import type { Chance } from "../models/chance.ts";

export type OpenLoad = {
  /** Requests per second `elapsedMs` after the beginning, more than 0. */
  readonly perSecond: (elapsedMs: number) => number;
  readonly durationMs: number;
  readonly bucket: string;
  readonly chance: Chance;
};

export type Timed = {
  readonly kind: "read" | "write";
  /** When it was due, from the beginning. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly isOk: boolean;
};

/** So many that two requests of a moment rarely meet at one cart, where a session has them take turns. */
const cartCount = 400;
const value = new Uint8Array(200).fill(118);

/** Resolves when the last request has ended. */
export async function shop(session: Session, load: OpenLoad): Promise<readonly Timed[]> {
  const { perSecond, durationMs, chance } = load;
  const beganMs = performance.now();
  const timed: Timed[] = [];
  const underWay: Promise<void>[] = [];
  for (let dueMs = 0; ; ) {
    dueMs += (-Math.log(1 - chance()) * 1000) / perSecond(dueMs);
    if (dueMs >= durationMs) break;
    const waitMs = beganMs + dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    else await turn();
    const kind = chance() < 0.5 ? "read" : "write";
    const cart = `cart ${Math.floor(chance() * cartCount)}`;
    underWay.push(ask(session, { kind, cart, bucket: load.bucket, atMs: dueMs, timed }));
  }
  await Promise.all(underWay);
  return timed;
}

type Asked = {
  readonly kind: Timed["kind"];
  readonly cart: string;
  readonly bucket: string;
  readonly atMs: number;
  readonly timed: Timed[];
};

async function ask(session: Session, { kind, cart, bucket, atMs, timed }: Asked): Promise<void> {
  const fromMs = performance.now();
  const ending =
    kind === "read"
      ? await session.get(bucket, cart)
      : await session.put(bucket, cart, value, { isRetrySafe: true });
  timed.push({ kind, atMs, tookMs: performance.now() - fromMs, isOk: ending.type === "ok" });
}

/** Of those that ended well. */
export function timesOf(timed: readonly Timed[], kind: Timed["kind"]): readonly number[] {
  return timed.filter((one) => one.kind === kind && one.isOk).map(({ tookMs }) => tookMs);
}
