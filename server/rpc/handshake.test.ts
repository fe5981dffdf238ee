import { expect, test } from "vitest";
import { encodeFrame, FrameDecoder } from "./frame.ts";
import { FrameSeal } from "./frame-guard.ts";
import { AnswererHandshake, AskerHandshake, answerWithoutSecret, type HandshakeStep } from "./handshake.ts";

const secret = "a secret of thirty-two characters or more";
const asker = { clusterId: "c", secret, nonce: Buffer.alloc(16, 1) };
const answerer = { clusterId: "c", secret, nonce: Buffer.alloc(16, 2) };
const payload = Buffer.from("payload");

test("two that know the secret end with seals that fit, in both directions", () => {
  const { asked, answered } = shaken(asker, answerer);
  if (asked?.type !== "done" || answered?.type !== "done") throw new Error("not done");

  const there = new FrameDecoder(answered.seals.receiving).push(encodeFrame(payload, asked.seals.sending));
  const back = new FrameDecoder(asked.seals.receiving).push(encodeFrame(payload, answered.seals.sending));

  expect(there).toEqual({ type: "ok", frames: [payload] });
  expect(back).toEqual({ type: "ok", frames: [payload] });
});

test("another secret is refused by both sides", () => {
  const { asked, answered } = shaken(asker, { ...answerer, secret: `${secret}!` });

  expect(asked).toMatchObject({ type: "refused", fault: "wrong-secret" });
  expect(answered).toEqual({ type: "refused", fault: "wrong-secret" });
});

test("another cluster is refused by both sides before anything is proved", () => {
  const { asked, answered } = shaken(asker, { ...answerer, clusterId: "d" });

  expect(asked).toEqual({ type: "refused", fault: "other-cluster" });
  expect(answered).toMatchObject({ type: "refused", fault: "other-cluster" });
});

test("a conversation that was overheard opens no connection", () => {
  const { heard } = shaken(asker, answerer);
  const later = new AnswererHandshake({ ...answerer, nonce: Buffer.alloc(16, 3) });

  later.push(heard.hello);

  expect(later.push(heard.proof)).toEqual({ type: "refused", fault: "wrong-secret" });
});

test("an answerer's own words, sent back to it, prove nothing", () => {
  const side = new AnswererHandshake(answerer);
  const answer = side.push(new AskerHandshake(asker).hello());
  const proof = (answer.type === "waiting" ? answer.send : undefined)?.subarray(-32) ?? new Uint8Array();

  expect(side.push(proof)).toEqual({ type: "refused", fault: "wrong-secret" });
});

test("a side without a secret says so, and one with a secret says that it needs one", () => {
  const plain = new AnswererHandshake(answerer).push(encodeFrame(payload));

  expect(new AskerHandshake(asker).push(answerWithoutSecret())).toEqual({
    type: "refused",
    fault: "no-secret",
  });
  expect(plain).toMatchObject({ type: "refused", fault: "secret-needed" });
});

test.each<[string, (frames: readonly Uint8Array[]) => readonly Uint8Array[]]>([
  ["repeated", ([first = payload]) => [first, first]],
  ["left out", ([, second = payload]) => [second]],
  ["overtaken", ([first = payload, second = payload]) => [second, first]],
  ["changed", ([first = payload]) => [Uint8Array.from(first, (byte, at) => (at === 25 ? byte ^ 1 : byte))]],
  ["sealed for another connection", () => [encodeFrame(payload, new FrameSeal(Buffer.alloc(32, 9)))]],
])("a frame that is %s ends the stream", (_name, meddle) => {
  const key = Buffer.alloc(32, 7);
  const seal = new FrameSeal(key);
  const frames = [encodeFrame(payload, seal), encodeFrame(payload, seal)];

  const pushed = new FrameDecoder(new FrameSeal(key)).push(Buffer.concat(meddle(frames)));

  expect(pushed.type).toBe("fail");
});

/** Both sides, one byte at a time, as far as they come. */
function shaken(
  askerInput: ConstructorParameters<typeof AskerHandshake>[0],
  answererInput: ConstructorParameters<typeof AnswererHandshake>[0],
) {
  const askerSide = new AskerHandshake(askerInput);
  const answererSide = new AnswererHandshake(answererInput);
  const hello = askerSide.hello();
  const answer = trickled(answererSide, hello);
  const asked = trickled(askerSide, sentBy(answer));
  const proof = sentBy(asked);
  const answered = answer?.type === "refused" ? answer : trickled(answererSide, proof);
  return { asked, answered, heard: { hello, proof } };
}

function trickled(
  side: { push: (chunk: Uint8Array) => HandshakeStep },
  bytes: Uint8Array,
): HandshakeStep | undefined {
  let step: HandshakeStep | undefined;
  for (const byte of bytes) step = side.push(Uint8Array.of(byte));
  return step;
}

function sentBy(step: HandshakeStep | undefined): Uint8Array {
  return step !== undefined && "send" in step && step.send !== undefined ? step.send : new Uint8Array();
}
