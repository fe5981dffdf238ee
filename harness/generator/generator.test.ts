import { describe, expect, it } from "vitest";
import { ManualClock } from "../client/manual-clock.fixture.ts";
import { TimerPacer } from "../load/pacer.ts";
import { Generator } from "./generator.ts";
import { SampleLog } from "./sample-log.ts";
import type { LoadRequest, Transport, TransportEvents } from "./transport.ts";

/** Sends at once, and ends what the test ends. */
class HandTransport implements Transport {
  readonly asked: LoadRequest[] = [];
  readonly abandoned: number[] = [];
  isClosed = false;
  events: TransportEvents = { onSent: () => {}, onEnded: () => {} };

  open(events: TransportEvents): Promise<void> {
    this.events = events;
    return Promise.resolve();
  }
  send(request: LoadRequest): void {
    this.asked.push(request);
    this.events.onSent(request.row);
  }
  abandon(row: number): void {
    this.abandoned.push(row);
  }
  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

const begin = async (intended: readonly number[], inFlightMax = 10) => {
  const count = intended.length;
  const log = new SampleLog({
    intended: Float64Array.from(intended),
    kind: new Uint8Array(count).map((_, row) => row % 2),
    key: new Uint32Array(count).map((_, row) => row),
    entry: new Uint16Array(count),
  });
  const clock = new ManualClock();
  const transport = new HandTransport();
  const pacer = new TimerPacer(clock);
  const generator = new Generator({
    log,
    transport,
    pacer,
    clock,
    inFlightMax,
    timeoutMs: 1_000,
    value: Buffer.from("v"),
  });
  const over = generator.run();
  await Promise.resolve();
  return { log, clock, transport, generator, over };
};

describe("the generator", () => {
  it("sends every request when it is due, whatever became of those before", async () => {
    const { log, clock, transport } = await begin([0, 5_000, 5_000, 9_000]);
    clock.advance(9);

    expect(transport.asked.map(({ row, kind, key }) => [row, kind, key])).toEqual([
      [0, "get", "key-0"],
      [1, "put", "key-1"],
      [2, "get", "key-2"],
      [3, "put", "key-3"],
    ]);
    expect([0, 1, 2, 3].map((row) => log.sentAt(row))).toEqual([0, 5_000, 5_000, 9_000]);
  });

  it("measures a request from its intended start, its sending, and between the two", async () => {
    const { log, clock, transport } = await begin([0, 5_000]);
    clock.now = () => 7_000;
    clock.advance(5);
    clock.now = () => 8_000;
    transport.events.onEnded(1, "ok");

    expect([log.sentAt(1), log.doneAt(1), log.ending(1)]).toEqual([7_000, 8_000, "ok"]);
    const { requests } = log.evidence({ seed: 1, nodes: ["n1"], phases: [], load: [] });
    expect([requests.intended(1), requests.sent(1), requests.done(1)]).toEqual([5_000, 7_000, 8_000]);
  });

  it("drops what is over the cap for good, and counts it as failed", async () => {
    const { log, clock, transport, over } = await begin([0, 1_000, 2_000, 3_000], 2);
    clock.advance(2);
    transport.events.onEnded(0, "ok");
    clock.advance(1);
    for (const row of [1, 3]) transport.events.onEnded(row, "ok");
    await over;

    expect([0, 1, 2, 3].map((row) => log.ending(row))).toEqual(["ok", "ok", "dropped", "ok"]);
    const { requests } = log.evidence({ seed: 1, nodes: [], phases: [], load: [] });
    expect(requests.outcome(2)).toBe("fail");
  });

  it("gives up what is open for longer than the time-out, and is over then", async () => {
    const { log, clock, transport, over } = await begin([0, 500_000]);
    clock.advance(1_100);

    expect([log.ending(0), log.ending(1), transport.abandoned]).toEqual(["info", "open", [0]]);
    transport.events.onEnded(0, "ok");
    transport.events.onEnded(1, "fail");
    await over;
    expect([log.ending(0), log.ending(1), transport.isClosed]).toEqual(["info", "fail", true]);
    expect(clock.timerCount).toBe(0);
  });

  it("says every second how it fared", async () => {
    const { clock, generator } = await begin([0, 3_000_000], 1);
    clock.advance(1_000);

    expect(generator.health).toMatchObject([{ at: 1_000_000, inFlight: 1, dropped: 0 }]);
  });

  it("is over at once when nobody comes, and when it is stopped with nothing under way", async () => {
    await (await begin([])).over;
    const { generator, over, log } = await begin([900_000]);
    generator.stop();
    await over;

    expect(log.ending(0)).toBe("unsent");
  });
});
