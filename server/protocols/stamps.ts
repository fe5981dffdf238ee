/**
 * The wall-clock stamps of lww buckets: what this node gives, and what it accepts of others.
 *
 * A stamp is max(wall clock, last stamp + 1), so this node never gives one twice or a lower one later, whatever
 * happens to its clock. Over restarts too: stamps are given below an end that is on disk first, a second of them at a
 * time, and the next boot begins at that end. So a restarted node may be up to a second ahead, and no put pays a disk
 * write of its own.
 *
 * A clock that is a day ahead would win every key it touches for a day. So a stamp too far ahead of this node's own
 * clock is not given and not taken. It is refused, not lowered: two nodes that lower it at different moments would
 * hold different versions. What is refused stays with those who sent it, and comes again when its time has come.
 */
import { stampLead } from "../core/stamped-versions.ts";
import type { KeyState } from "../core/versions.ts";
import type { Clock } from "../ports/clock.ts";
import type { Trace } from "../ports/trace.ts";
import type { Disk } from "./disk.ts";
import type { Placement } from "./placement.ts";

export type Stamp =
  | { readonly type: "stamp"; readonly wallMs: number }
  /** The clock has gone back so far that the next stamp would be too far ahead of it. */
  | { readonly type: "ahead" }
  | { readonly type: "failed" };

export type StampsParts = {
  readonly clock: Clock;
  readonly disk: Pick<Disk, "read" | "write">;
  readonly trace: Trace;
  readonly stampLeadMs: number;
};

const recordKey = "stamps";
const leaseMs = 1000;

export class Stamps {
  readonly #parts: StampsParts;
  #last = 0;
  /** Stamps below it may be given without touching the disk. */
  #end = 0;
  #opening: Promise<boolean> | undefined;
  #renewal: Promise<boolean> | undefined;

  constructor(parts: StampsParts) {
    this.#parts = parts;
  }

  /** The next stamp; on disk before it resolves, as far as that is needed. */
  async next(): Promise<Stamp> {
    const { clock, stampLeadMs } = this.#parts;
    this.#opening ??= this.#open();
    if (!(await this.#opening)) {
      // Asked again the next time: a store that is just being opened anew cannot be read for a moment.
      this.#opening = undefined;
      return { type: "failed" };
    }
    const nowMs = Math.max(0, Math.floor(clock.wallMs()));
    const wallMs = Math.max(nowMs, this.#last + 1);
    if (wallMs - nowMs > stampLeadMs) {
      this.#refused(wallMs - nowMs);
      return { type: "ahead" };
    }
    this.#last = wallMs;
    while (wallMs >= this.#end) {
      this.#renewal ??= this.#renew(wallMs + leaseMs);
      const isRenewed = await this.#renewal;
      this.#renewal = undefined;
      if (!isRenewed) return { type: "failed" };
    }
    return { type: "stamp", wallMs };
  }

  /** Whether `state` may be merged into a bucket of this node: true of every bucket that goes by no clock. */
  admits({ bucket }: Placement, state: KeyState): boolean {
    if (bucket.versions !== "lww") return true;
    const leadMs = stampLead(state, this.#parts.clock.wallMs());
    if (leadMs <= this.#parts.stampLeadMs) return true;
    this.#refused(leadMs);
    return false;
  }

  async #open(): Promise<boolean> {
    const read = await this.#parts.disk.read("meta", recordKey);
    if (read.type === "failed") return false;
    // Unreadable: what this node gave before is not known, and its clock is the best guess, as on an empty disk.
    const end = read.type === "found" ? Number(new TextDecoder().decode(read.bytes)) : 0;
    this.#last = Number.isSafeInteger(end) ? end : 0;
    this.#end = this.#last;
    return true;
  }

  async #renew(end: number): Promise<boolean> {
    const bytes = new TextEncoder().encode(String(end));
    const written = await this.#parts.disk.write(
      [{ type: "put", space: "meta", key: recordKey, bytes }],
      "synced",
    );
    if (written.type === "failed") return false;
    this.#end = Math.max(this.#end, end);
    return true;
  }

  #refused(leadMs: number): void {
    this.#parts.trace.emit({ type: "stamp-refused", leadMs });
  }
}
