/**
 * What a node asks of a client's request before it does anything: form, sizes, a quorum that could be met, a context
 * of this key, and room for one more. Refusing here is definite; nothing has happened.
 */
import { type Limits, timeoutMsMax } from "../config.ts";
import { decodeContext } from "../core/context.ts";
import type { Roster } from "../core/occupancy.ts";
import { type ClientContext, emptyContext } from "../core/versions.ts";
import type { ClientGet, ClientWrite, ErrorName } from "../outcomes.ts";
import type { NodeId } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { KeyName } from "../rpc/messages.ts";
import type { Placement, Placements } from "./placement.ts";

export type Refusal = { readonly type: "fail"; readonly error: ErrorName; readonly detail: string };

export type AdmittedGet = {
  readonly type: "get";
  readonly name: KeyName;
  readonly placement: Placement;
  readonly r: number;
  readonly pr: number;
  /** What the answer must cover at the least. */
  readonly minContext?: ClientContext;
  readonly timeoutMs: number;
};

export type AdmittedWrite = {
  readonly type: "write";
  readonly name: KeyName;
  readonly placement: Placement;
  readonly value: Uint8Array | null;
  readonly writeId: string;
  readonly context: ClientContext;
  /** The token as it came, for the node this write may be forwarded to. */
  readonly token?: string;
  /** The node that answered the client's read first; "" when unknown. */
  readonly fastest: NodeId;
  /** As the client asked, for the node this write may be forwarded to; `placement` has it already. */
  readonly n?: number;
  readonly w: number;
  readonly pw: number;
  readonly dw: number;
  readonly timeoutMs: number;
};

/** How often a request waits for the event loop: when it comes, for its key, for its replicas or disk, and to leave. */
const turnsOfRequest = 4;
/** Chance alone keeps two writes of one key apart. A key remembers the names of many writes, so they are short. */
const writeIdBytes = 12;
const bucketBytesMax = 128;
const writeIdPattern = /^[\x20-\x7e]{1,128}$/;
/** Half of a character outside the basic plane: such text has no UTF-8 and would be stored as something else. */
const loneSurrogate = /\p{Surrogate}/u;

export class Admission {
  readonly #limits: Limits;
  readonly #placements: Placements;
  readonly #random: Random;
  readonly #requestMs: number;
  readonly #lateMs: () => number;

  /** `lateMs`: how late the event loop comes to its work now; a client that coordinates for itself leaves it out. */
  constructor(
    placements: Placements,
    limits: Limits,
    random: Random,
    requestMs: number,
    lateMs: () => number = () => 0,
  ) {
    this.#lateMs = lateMs;
    this.#placements = placements;
    this.#limits = limits;
    this.#random = random;
    this.#requestMs = requestMs;
  }

  get(request: ClientGet): AdmittedGet | Refusal {
    const name = { bucket: request.bucket, key: request.key };
    const fault = this.#faultOfName(name) ?? faultOfTimeout(request.timeoutMs);
    if (fault !== undefined) return badRequest(fault);
    const whole = this.#placements.of(name);
    const { r, pr } = whole.bucket;
    const n = request.n ?? whole.bucket.n;
    const wanted = { r: request.r ?? r, pr: request.pr ?? pr };
    const faultOfQuorum =
      faultOfCopies(n, whole.bucket.n) ??
      faultOfCount("r", wanted.r, 1, n) ??
      faultOfCount("pr", wanted.pr, 0, n);
    if (faultOfQuorum !== undefined) return badRequest(faultOfQuorum);
    const shed = this.#shed(request.timeoutMs);
    if (shed !== undefined) return shed;
    const seen = this.#contextOf(name, request.minContext);
    if (seen.type === "fail") return seen;
    return {
      type: "get",
      name,
      placement: narrowed(whole, n),
      ...wanted,
      ...(request.minContext === undefined ? {} : { minContext: seen.content.context }),
      timeoutMs: request.timeoutMs ?? this.#requestMs,
    };
  }

  write(request: ClientWrite): AdmittedWrite | Refusal {
    const name = { bucket: request.bucket, key: request.key };
    const fault =
      this.#faultOfName(name) ?? faultOfTimeout(request.timeoutMs) ?? faultOfWriteId(request.writeId);
    if (fault !== undefined) return badRequest(fault);
    const whole = this.#placements.of(name);
    const { w, pw, dw } = whole.bucket;
    const n = request.n ?? whole.bucket.n;
    const wanted = { w: request.w ?? w, pw: request.pw ?? pw, dw: request.dw ?? dw };
    const faultOfQuorum =
      faultOfCopies(n, whole.bucket.n) ??
      faultOfCount("w", wanted.w, 1, n) ??
      faultOfCount("pw", wanted.pw, 0, n) ??
      faultOfCount("dw", wanted.dw, 0, n);
    if (faultOfQuorum !== undefined) return badRequest(faultOfQuorum);
    const { value } = request;
    if (value !== null && value.length > this.#limits.valueBytesMax) {
      const detail = `The value has ${value.length} bytes, of at most ${this.#limits.valueBytesMax}.`;
      return { type: "fail", error: "too-large", detail };
    }
    const shed = this.#shed(request.timeoutMs);
    if (shed !== undefined) return shed;
    const seen = this.#contextOf(name, request.context);
    if (seen.type === "fail") return seen;
    return {
      type: "write",
      name,
      placement: narrowed(whole, n),
      ...(request.n === undefined ? {} : { n }),
      value,
      writeId: request.writeId ?? textOf(this.#random.bytes(writeIdBytes)),
      ...seen.content,
      ...wanted,
      timeoutMs: request.timeoutMs ?? this.#requestMs,
    };
  }

  /**
   * Refused now is better than answered too late: the client asks somebody else while it still waits, and what is
   * under way here gets its time. So the queue before this node is as long as what is in it can still be answered.
   */
  #shed(timeoutMs = this.#requestMs): Refusal | undefined {
    const lateMs = this.#lateMs();
    if (lateMs * turnsOfRequest <= timeoutMs) return undefined;
    const detail = `This node comes ${Math.round(lateMs)} ms late to its work; within ${timeoutMs} ms it would not answer.`;
    return { type: "fail", error: "overloaded", detail };
  }

  #contextOf(
    { bucket, key }: KeyName,
    token: string | undefined,
  ):
    | Refusal
    | {
        readonly type: "seen";
        readonly content: Pick<AdmittedWrite, "context" | "fastest" | "token">;
      } {
    if (token === undefined) return { type: "seen", content: { context: emptyContext, fastest: "" } };
    if (token.length > this.#limits.contextBytesMax) {
      const detail = `The context has ${token.length} bytes, of at most ${this.#limits.contextBytesMax}.`;
      return { type: "fail", error: "bad-context", detail };
    }
    const decoded = decodeContext(token, bucket, key);
    if (decoded.type === "fail")
      return { type: "fail", error: "bad-context", detail: sentenceOf(decoded.reason) };
    return { type: "seen", content: { context: decoded.context, fastest: decoded.fastest, token } };
  }

  #faultOfName({ bucket, key }: KeyName): string | undefined {
    const { keyBytesMax } = this.#limits;
    const bucketBytes = Buffer.byteLength(bucket);
    const keyBytes = Buffer.byteLength(key);
    if (
      bucketBytes < 1 ||
      bucketBytes > bucketBytesMax ||
      bucket.includes("\0") ||
      loneSurrogate.test(bucket)
    ) {
      return `The bucket must be 1 to ${bucketBytesMax} bytes of UTF-8 without a zero byte.`;
    }
    if (keyBytes < 1 || keyBytes > keyBytesMax || loneSurrogate.test(key)) {
      return `The key must be 1 to ${keyBytesMax} bytes of UTF-8.`;
    }
    return undefined;
  }
}

function faultOfTimeout(timeoutMs: number | undefined): string | undefined {
  if (timeoutMs === undefined || (timeoutMs >= 1 && timeoutMs <= timeoutMsMax)) return undefined;
  return `The timeout must be 1 to ${timeoutMsMax} milliseconds.`;
}

function faultOfWriteId(writeId: string | undefined): string | undefined {
  if (writeId === undefined || writeIdPattern.test(writeId)) return undefined;
  return "The write id must be 1 to 128 printable ASCII characters.";
}

function faultOfCount(field: string, value: number, least: number, most: number): string | undefined {
  if (Number.isInteger(value) && value >= least && value <= most) return undefined;
  return `${field} is ${value}; it must be a whole number from ${least} to ${most}.`;
}

function faultOfCopies(n: number, ofBucket: number): string | undefined {
  if (Number.isInteger(n) && n >= 1 && n <= ofBucket) return undefined;
  return `n must be a whole number from 1 to ${ofBucket}, the copies that the bucket keeps.`;
}

/** The placement with its first `n` homes alone. While the partition moves all of them take part, asked for or not. */
function narrowed(placement: Placement, n: number): Placement {
  if (n >= placement.bucket.n) return placement;
  const { reading, writing } = placement;
  return { ...placement, reading: firstOf(reading, n), writing: firstOf(writing, n) };
}

/** The other homes are the first to stand in for these. */
function firstOf(roster: Roster, n: number): Roster {
  const { homes, fallbacks, groups } = roster;
  if (groups.length > 1) return roster;
  return { homes: homes.slice(0, n), fallbacks: [...homes.slice(n), ...fallbacks], groups: [] };
}

function badRequest(detail: string): Refusal {
  return { type: "fail", error: "bad-request", detail };
}

function sentenceOf(reason: string): string {
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}
