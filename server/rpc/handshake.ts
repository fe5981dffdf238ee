/**
 * How two nodes of a cluster with a secret prove to each other that they know it, before the first frame.
 *
 *     asker    -> "TIPCART1" | digest of cluster id, 16 | nonce, 16
 *     answerer -> "TIPCART1" | verdict, 1 | nonce, 16 | proof, 32
 *     asker    -> proof, 32                                            and at once the first frame
 *
 * A proof is an HMAC-SHA-256 under the secret over who proves and everything said so far, both nonces included: one
 * that was overheard is of no use on another connection, and neither side's is of use to the other. Two keys for the
 * frames (see frame-guard.ts), one a direction, are derived from the same. Nothing is encrypted.
 *
 * Pure: bytes in, steps out. A chunk may end anywhere, also beyond the handshake.
 */
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { FrameSeal } from "./frame-guard.ts";

/** Why two nodes do not speak. `secret-needed` and `no-secret` are what the two sides say of a cluster half set up. */
export type HandshakeFault = "other-cluster" | "wrong-secret" | "secret-needed" | "no-secret" | "malformed";

export type Seals = { readonly sending: FrameSeal; readonly receiving: FrameSeal };

/** `send` goes out in any case, also before the end of a connection that is refused. */
export type HandshakeStep =
  | { readonly type: "waiting"; readonly send?: Uint8Array }
  | { readonly type: "done"; readonly send?: Uint8Array; readonly seals: Seals; readonly rest: Uint8Array }
  | { readonly type: "refused"; readonly send?: Uint8Array; readonly fault: HandshakeFault };

export type HandshakeInput = {
  readonly clusterId: string;
  readonly secret: string;
  /** Sixteen bytes nobody has drawn before. */
  readonly nonce: Uint8Array;
};

export const nonceBytes = 16;
const magic = Buffer.from("TIPCART1", "latin1");
const digestBytes = 16;
const proofBytes = 32;
const helloBytes = magic.length + digestBytes + nonceBytes;
const answerBytes = magic.length + 1 + nonceBytes + proofBytes;

type Verdict = "welcome" | "other-cluster" | "secret-needed" | "no-secret";
/** Their place is their byte. */
const verdicts: readonly Verdict[] = ["welcome", "other-cluster", "secret-needed", "no-secret"];

/** Whether a stream begins like a handshake, as far as it has come. */
export function looksLikeHandshake(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, magic.length);
  return length > 0 && Buffer.compare(bytes.subarray(0, length), magic.subarray(0, length)) === 0;
}

/** What a node without a secret tells one that has one, before it ends the connection. */
export function answerWithoutSecret(): Uint8Array {
  return answer("no-secret");
}

/** The side that connected. */
export class AskerHandshake {
  readonly #input: HandshakeInput;
  #held: Buffer = Buffer.alloc(0);

  constructor(input: HandshakeInput) {
    this.#input = input;
  }

  hello(): Uint8Array {
    return Buffer.concat([magic, digestOf(this.#input.clusterId), this.#input.nonce]);
  }

  push(chunk: Uint8Array): HandshakeStep {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (!looksLikeHandshake(this.#held)) return { type: "refused", fault: "no-secret" };
    if (this.#held.length < answerBytes) return { type: "waiting" };
    const verdict = verdicts[this.#held[magic.length] ?? verdicts.length];
    if (verdict === undefined) return { type: "refused", fault: "malformed" };
    if (verdict !== "welcome") return { type: "refused", fault: verdict };
    const nonce = this.#held.subarray(magic.length + 1, magic.length + 1 + nonceBytes);
    const proof = this.#held.subarray(answerBytes - proofBytes, answerBytes);
    const said = Buffer.concat([this.hello(), nonce]);
    const { secret } = this.#input;
    // Sent even when the other's proof is wrong, so that it knows why it is left.
    const send = proofOf(secret, "asker", said);
    if (!timingSafeEqual(proof, proofOf(secret, "answerer", said))) {
      return { type: "refused", send, fault: "wrong-secret" };
    }
    const seals = {
      sending: sealOf(secret, "asker", said),
      receiving: sealOf(secret, "answerer", said),
    };
    return { type: "done", send, seals, rest: this.#held.subarray(answerBytes) };
  }
}

/** The side that was connected to. */
export class AnswererHandshake {
  readonly #input: HandshakeInput;
  #held: Buffer = Buffer.alloc(0);
  /** All that was said before the asker's proof. */
  #said: Buffer | undefined;

  constructor(input: HandshakeInput) {
    this.#input = input;
  }

  push(chunk: Uint8Array): HandshakeStep {
    this.#held = Buffer.concat([this.#held, chunk]);
    return this.#said === undefined ? this.#hearHello() : this.#hearProof(this.#said);
  }

  #hearHello(): HandshakeStep {
    const { clusterId, nonce, secret } = this.#input;
    if (!looksLikeHandshake(this.#held)) {
      return { type: "refused", send: answer("secret-needed"), fault: "secret-needed" };
    }
    if (this.#held.length < helloBytes) return { type: "waiting" };
    const hello = this.#held.subarray(0, helloBytes);
    const digest = hello.subarray(magic.length, magic.length + digestBytes);
    if (Buffer.compare(digest, digestOf(clusterId)) !== 0) {
      return { type: "refused", send: answer("other-cluster"), fault: "other-cluster" };
    }
    const said = Buffer.concat([hello, nonce]);
    this.#said = said;
    this.#held = this.#held.subarray(helloBytes);
    const send = answer("welcome", nonce, proofOf(secret, "answerer", said));
    // An asker has no reason to go on before it has read the answer.
    if (this.#held.length > 0) return { type: "refused", fault: "malformed" };
    return { type: "waiting", send };
  }

  #hearProof(said: Buffer): HandshakeStep {
    if (this.#held.length < proofBytes) return { type: "waiting" };
    const { secret } = this.#input;
    const proof = this.#held.subarray(0, proofBytes);
    if (!timingSafeEqual(proof, proofOf(secret, "asker", said))) {
      return { type: "refused", fault: "wrong-secret" };
    }
    const seals = {
      sending: sealOf(secret, "answerer", said),
      receiving: sealOf(secret, "asker", said),
    };
    return { type: "done", seals, rest: this.#held.subarray(proofBytes) };
  }
}

function answer(
  verdict: Verdict,
  nonce: Uint8Array = new Uint8Array(nonceBytes),
  proof: Uint8Array = new Uint8Array(proofBytes),
): Uint8Array {
  return Buffer.concat([magic, Uint8Array.of(verdicts.indexOf(verdict)), nonce, proof]);
}

function digestOf(clusterId: string): Uint8Array {
  return hash("sha256", clusterId, "buffer").subarray(0, digestBytes);
}

function proofOf(secret: string, who: "asker" | "answerer", said: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`tipcart proof of the ${who}\0`).update(said).digest();
}

function sealOf(secret: string, who: "asker" | "answerer", said: Uint8Array): FrameSeal {
  return new FrameSeal(
    createHmac("sha256", secret).update(`tipcart seal of the ${who}\0`).update(said).digest(),
  );
}
