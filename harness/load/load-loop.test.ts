import { beforeEach, describe, expect, it } from "vitest";
import type { HistoryEvent, LoadHealth } from "../../checkers/history/event.ts";
import type { Store, StoreRead } from "../../workloads/store.ts";
import type { Applied, ClientProcess, Population } from "../../workloads/workload.ts";
import type { Caller } from "../client/caller.ts";
import { ManualClock } from "../client/manual-clock.fixture.ts";
import { RequestLog } from "../client/request-log.ts";
import { LoadLoop, type LoadLoopTotals } from "./load-loop.ts";
import { TimerPacer } from "./pacer.ts";

const never = (): Promise<never> => new Promise(() => {});

/** Reads one key, and ends as the read's error says. */
const carryOut = async (client: ClientProcess): Promise<Applied> => {
  client.nextOperation();
  const read = await client.store.get("k");
  if (read.type === "ok" || read.error === "ok") return { type: "ok" };
  return { type: read.error === "info" ? "info" : "fail", error: read.error };
};

/** One arrival of a session is one read; it ends when the test says so. */
class Shop {
  readonly clock = new ManualClock();
  readonly events: HistoryEvent[] = [];
  /** Of each arrival under way, in order: who, and how to end it. */
  readonly begun: {
    readonly process: number;
    readonly route: readonly string[];
    readonly intended: number;
    end(applied: Applied): Promise<void>;
  }[] = [];
  readonly #log = new RequestLog({ clock: this.clock, record: (event) => this.events.push(event) });
  readonly #pacer = new TimerPacer(this.clock);
  loop: LoadLoop | undefined;

  run(
    schedule: readonly number[],
    inFlightMax = 10,
    sessionOf = (_index: number): string => "s1",
  ): Promise<LoadLoopTotals> {
    this.loop = new LoadLoop({
      population: this.#population(sessionOf),
      schedule: Float64Array.from(schedule),
      nodes: ["n1", "n2", "n3"],
      inFlightMax,
      drainMs: 500,
      clock: this.clock,
      pacer: this.#pacer,
      log: this.#log,
      storeOf: (caller) => this.#storeOf(caller),
      record: (event) => this.events.push(event),
    });
    return this.loop.run();
  }

  #storeOf(caller: Caller): Store {
    const get = (): Promise<StoreRead> =>
      new Promise((resolve) => {
        const end = async (applied: Applied): Promise<void> => {
          resolve({ type: "fail", error: applied.type });
          for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        };
        const { process, route, intended } = caller;
        this.begun.push({ process, route, intended, end });
      });
    return { get, put: never, delete: never };
  }

  #population(sessionOf: (index: number) => string): Population {
    return {
      name: "reads",
      checkers: [],
      requestsPerWish: 1,
      observe: () => ({ write: null, digest: "" }),
      arrival: (index) => ({ wish: { session: sessionOf(index), entry: index }, carryOut }),
    };
  }

  get health(): LoadHealth[] {
    return this.events.filter((event) => event.type === "load");
  }
}

describe("the load loop", () => {
  let shop: Shop;
  beforeEach(() => {
    shop = new Shop();
  });

  it("begins every arrival when it is due, whatever became of those before", () => {
    void shop.run([0, 10_000, 10_000, 30_000]);
    const counts = [5, 10, 10].map((ms) => {
      shop.clock.advance(ms);
      return shop.begun.length;
    });

    expect(counts).toEqual([1, 3, 3]);
    expect(shop.begun.map(({ route }) => route[0])).toEqual(["n1", "n2", "n3"]);
  });

  it("lets a free client of the session act again, and a fresh one while all are busy", async () => {
    void shop.run([0, 10_000, 20_000]);
    shop.clock.advance(10);
    await shop.begun[0]?.end({ type: "ok" });
    shop.clock.advance(10);

    expect(shop.begun.map(({ process }) => process)).toEqual([0, 1, 0]);
  });

  it("retires a client whose request ended unknown", async () => {
    void shop.run([0, 10_000]);
    await shop.begun[0]?.end({ type: "info", error: "timeout" });
    shop.clock.advance(10);

    expect(shop.begun.map(({ process }) => process)).toEqual([0, 1]);
  });

  it("drops what is over the cap for good, and says so", async () => {
    const over = shop.run([0, 10_000, 20_000], 1);
    shop.clock.advance(10);
    await shop.begun[0]?.end({ type: "ok" });
    shop.clock.advance(10);
    await shop.begun[1]?.end({ type: "ok" });

    expect(await over).toMatchObject({ arrivalCount: 3, droppedCount: 1, unfinishedCount: 0 });
    expect(shop.begun.map(({ route }) => route[0])).toEqual(["n1", "n3"]);
    expect(shop.health.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(1);
  });

  it("says every second how many are in flight", () => {
    void shop.run([0, 10_000, 9_000_000]);
    shop.clock.advance(2_500);

    expect(shop.health.map(({ at, inFlight }) => [at, inFlight])).toEqual([
      [1_000_000, 2],
      [2_000_000, 2],
    ]);
  });

  it("says how late it was when it was held up", () => {
    void shop.run([0, 10_000]);
    shop.clock.now = () => 60_000;
    shop.clock.advance(1_000);

    expect(shop.health[0]?.lagUsMax).toBe(50_000);
    expect(shop.begun[1]?.intended).toBe(10_000);
  });

  it("is over when the last arrival has ended", async () => {
    const over = shop.run([0]);
    await shop.begun[0]?.end({ type: "fail", error: "refused" });

    expect(await over).toEqual({ arrivalCount: 1, droppedCount: 0, unfinishedCount: 0, nextProcess: 1 });
    expect(shop.clock.timerCount).toBe(0);
  });

  it("begins nothing more after it was stopped, and gives up what does not end", async () => {
    const over = shop.run([0, 10_000, 20_000]);
    shop.clock.advance(10);
    shop.loop?.stop();
    shop.clock.advance(500);

    expect(await over).toMatchObject({ arrivalCount: 2, unfinishedCount: 2 });
  });

  it("is over at once when nobody comes", async () => {
    expect(await shop.run([])).toMatchObject({ arrivalCount: 0 });
  });
});
