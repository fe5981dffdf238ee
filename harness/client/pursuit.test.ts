import { beforeEach, describe, expect, it } from "vitest";
import { HedgeBudget } from "../../server/core/hedge-budget.ts";
import type { Judged } from "./answer.ts";
import { ManualClock } from "./manual-clock.fixture.ts";
import { type Pursued, pursue } from "./pursuit.ts";

const limits = { secondAttemptMs: 120, deadlineMs: 1000 };

/** A pursuit whose attempts end when the test says so. An abandoned one ends unknown. */
class Scene {
  readonly clock = new ManualClock();
  budget = new HedgeBudget({ share: 1, reserve: 10 });
  readonly tried: string[] = [];
  readonly abandoned: string[] = [];
  readonly #ends = new Map<string, (judged: Judged<string>) => void>();

  pursue(nodes: readonly string[], ifOpen: "none" | "unknown" = "unknown"): Promise<Pursued<string>> {
    return pursue({
      clock: this.clock,
      limits,
      budget: this.budget,
      nodes,
      ifOpen,
      tryAt: (node) => this.#tryAt(node),
    });
  }

  #tryAt(node: string) {
    this.tried.push(node);
    const ended = new Promise<Judged<string>>((resolve) => this.#ends.set(node, resolve));
    const abandon = (error: string): void => {
      this.abandoned.push(node);
      this.#ends.get(node)?.({ outcome: "unknown", error });
    };
    return { ended, abandon };
  }

  async end(node: string, judged: Judged<string>): Promise<void> {
    this.#ends.get(node)?.(judged);
    await Promise.resolve();
    await Promise.resolve();
  }
}

describe("a pursuit", () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });

  it("ends with the first node's ok and asks nobody else", async () => {
    const pursued = scene.pursue(["n1", "n2"]);
    scene.clock.advance(119);
    await scene.end("n1", { outcome: "ok", answer: "yes" });

    expect(await pursued).toEqual({
      at: 119_000,
      attempts: [{ node: "n1", from: 0, until: 119_000, outcome: "ok" }],
      result: { type: "ok", answer: "yes" },
    });
    expect(scene.tried).toEqual(["n1"]);
    expect(scene.clock.timerCount).toBe(0);
  });

  it("waits for the first node when the budget for second attempts is spent", async () => {
    scene.budget = new HedgeBudget({ share: 0, reserve: 0 });

    const pursued = scene.pursue(["n1", "n2"]);
    scene.clock.advance(900);
    await scene.end("n1", { outcome: "ok", answer: "late" });

    expect(scene.tried).toEqual(["n1"]);
    expect(await pursued).toMatchObject({ result: { type: "ok", answer: "late" } });
  });

  it("asks the second node at once after a clear refusal, whatever the budget", async () => {
    scene.budget = new HedgeBudget({ share: 0, reserve: 0 });

    void scene.pursue(["n1", "n2"]);
    await scene.end("n1", { outcome: "none", error: "refused" });

    expect(scene.tried).toEqual(["n1", "n2"]);
  });

  it("asks the second node after 120 ms and lets the first one win all the same", async () => {
    const pursued = scene.pursue(["n1", "n2"]);
    scene.clock.advance(150);
    await scene.end("n1", { outcome: "ok", answer: "slow" });

    expect(await pursued).toEqual({
      at: 150_000,
      attempts: [
        { node: "n1", from: 0, until: 150_000, outcome: "ok" },
        { node: "n2", from: 120_000, until: 150_000, outcome: "unknown", error: "overtaken" },
      ],
      result: { type: "ok", answer: "slow" },
    });
  });

  it("counts an overtaken read as nothing done", async () => {
    const pursued = scene.pursue(["n1", "n2"], "none");
    scene.clock.advance(150);
    await scene.end("n2", { outcome: "ok", answer: "fast" });

    expect((await pursued).attempts.map(({ outcome }) => outcome)).toEqual(["none", "ok"]);
  });

  it("leaves an overtaken attempt its connection until the deadline, then abandons it", async () => {
    const pursued = scene.pursue(["n1", "n2"]);
    scene.clock.advance(150);
    await scene.end("n2", { outcome: "ok", answer: "fast" });
    await pursued;
    scene.clock.advance(849);
    const before = [...scene.abandoned];

    scene.clock.advance(1);

    expect(before).toEqual([]);
    expect(scene.abandoned).toEqual(["n1"]);
  });

  it("goes to the second node at once when the first one refuses", async () => {
    const pursued = scene.pursue(["n1", "n2"]);
    scene.clock.advance(3);
    await scene.end("n1", { outcome: "none", error: "ECONNREFUSED" });
    await scene.end("n2", { outcome: "ok", answer: "yes" });

    expect((await pursued).attempts).toEqual([
      { node: "n1", from: 0, until: 3_000, outcome: "none", error: "ECONNREFUSED" },
      { node: "n2", from: 3_000, until: 3_000, outcome: "ok" },
    ]);
  });

  it("waits for the second node when the first one fails after it", async () => {
    const pursued = scene.pursue(["n1", "n2"]);
    scene.clock.advance(200);
    await scene.end("n1", { outcome: "unknown", error: "ECONNRESET" });
    await scene.end("n2", { outcome: "ok", answer: "yes" });

    expect((await pursued).result).toEqual({ type: "ok", answer: "yes" });
    expect(scene.tried).toEqual(["n1", "n2"]);
  });

  it("fails with the last reason when nobody says ok", async () => {
    const pursued = scene.pursue(["n1", "n2"]);
    await scene.end("n1", { outcome: "none", error: "overloaded" });
    await scene.end("n2", { outcome: "none", error: "quorum-unmet" });

    expect((await pursued).result).toEqual({ type: "failed", error: "quorum-unmet" });
    expect(scene.clock.timerCount).toBe(0);
  });

  it("gives everything up at the deadline", async () => {
    const pursued = scene.pursue(["n1", "n2"]);
    scene.clock.advance(1000);

    expect(await pursued).toEqual({
      at: 1_000_000,
      attempts: [
        { node: "n1", from: 0, until: 1_000_000, outcome: "unknown", error: "timeout" },
        { node: "n2", from: 120_000, until: 1_000_000, outcome: "unknown", error: "timeout" },
      ],
      result: { type: "failed", error: "timeout" },
    });
  });

  it("has nobody else to ask when there is one node", async () => {
    const pursued = scene.pursue(["n1"]);
    scene.clock.advance(500);
    await scene.end("n1", { outcome: "none", error: "shutting-down" });

    expect((await pursued).result).toEqual({ type: "failed", error: "shutting-down" });
    expect(scene.tried).toEqual(["n1"]);
  });
});
