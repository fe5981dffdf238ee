/**
 * The store as a front has it: each request goes to one node, and to another one when the first says that it did
 * nothing, or cannot be reached. A write that may have happened is not sent twice: only its client knows whether its
 * values bear that, and can try again under the same write id.
 */
import type { Driver, ReadEnding, WriteEnding } from "../client/entry.ts";
import { pursue } from "../client/pursuit.ts";
import { defaultIntervals } from "../config.ts";
import type { VersionsMode } from "../core/versions.ts";
import type { ItemStore } from "../http/api.ts";
import type { ClientGet, ClientWrite, GetOutcome, WriteOutcome } from "../outcomes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import { OpenWork } from "../protocols/open-work.ts";

export type FrontStoreParts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly driver: Driver;
  readonly versions: (bucket: string) => VersionsMode;
};

/** Of a request's time, so that one node that hangs leaves some for another. */
const firstShare = 0.5;

export class FrontStore implements ItemStore {
  readonly #parts: FrontStoreParts;
  readonly #work = new OpenWork();

  constructor(parts: FrontStoreParts) {
    this.#parts = parts;
  }

  versionsOf(bucket: string): VersionsMode {
    return this.#parts.versions(bucket);
  }

  async get(request: ClientGet): Promise<GetOutcome> {
    const { clock, driver } = this.#parts;
    const reading = pursue(patienceOf(request), clock, true, (attempt) => driver.read(request, attempt));
    const ending: ReadEnding = await this.#work.track(reading);
    return ending.type === "ok" ? ending : told(ending);
  }

  async write(request: ClientWrite): Promise<WriteOutcome> {
    const { clock, driver, random } = this.#parts;
    const named = { ...request, writeId: request.writeId ?? Buffer.from(random.bytes(16)).toString("hex") };
    const writing = pursue(patienceOf(request), clock, false, (attempt) => driver.write(named, attempt));
    const ending: WriteEnding = await this.#work.track(writing);
    return ending.type === "ok" ? ending : told(ending);
  }

  /** Resolves when no request is under way. */
  idle(): Promise<unknown> {
    return this.#work.idle();
  }
}

function patienceOf({ timeoutMs = defaultIntervals.requestMs }: { readonly timeoutMs?: number }) {
  return { attemptCountMax: 3, attemptMs: timeoutMs * firstShare, totalMs: timeoutMs };
}

/** A client of the front is told of a node that nobody reached as of replicas that did not answer. */
function told<Type extends "fail" | "info">({
  error,
  ...ending
}: Extract<ReadEnding | WriteEnding, { type: "fail" | "info" }> & { readonly type: Type }) {
  return { ...ending, error: error === "unreachable" ? ("timeout" as const) : error };
}
