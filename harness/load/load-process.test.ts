/** The real process, bundled as it is shipped, against a node that does nothing. No timing is asserted. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FaultEvent, HistoryEvent } from "../../checkers/history/event.ts";
import { type History, historyOf } from "../../checkers/history/history.ts";
import { JournalReader } from "../../checkers/history/journal.ts";
import { projectRoot } from "../bundle/project-root.ts";
import { type NullNode, startNullNode } from "./null-node.fixture.ts";
import type { FromLoad, LoadOptions, ToLoad } from "./protocol.ts";

const programs = join(projectRoot(), ".build", `load-test-${process.pid}`);

const fault: FaultEvent = {
  type: "fault",
  id: "1 kill",
  kind: "kill",
  stage: "active",
  nodes: ["n1"],
  backend: "process",
  evidence: "state Z",
  at: 1,
};

/** A forked load process, and everything it has said. */
class Driver {
  readonly said: FromLoad[] = [];
  readonly child: ChildProcess = fork(join(programs, "load.js"), {
    serialization: "advanced",
    stdio: "pipe",
  });
  readonly #exited = once(this.child, "exit");

  constructor(onMessage: (message: FromLoad) => void = () => {}) {
    this.child.on("message", (message: FromLoad) => {
      this.said.push(message);
      onMessage(message);
    });
  }

  tell(message: ToLoad): void {
    this.child.send(message);
  }

  async exitCode(): Promise<number | null> {
    await this.#exited;
    return this.child.exitCode;
  }
}

const eventsIn = (bytes: Uint8Array): HistoryEvent[] => {
  const reader = new JournalReader();
  return [...reader.push(bytes), ...reader.end()].flatMap((item) =>
    item.type === "event" ? [item.event] : [],
  );
};

beforeAll(async () => {
  await build({
    entryPoints: {
      load: join(import.meta.dirname, "load-process.ts"),
      "pacer-worker": join(import.meta.dirname, "pacer-worker.ts"),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outdir: programs,
  });
});
afterAll(() => rm(programs, { recursive: true }));

describe("the load process", () => {
  let folder: string;
  let node: NullNode;
  let onRequest: () => void;
  let options: LoadOptions;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tipcart-load-"));
    onRequest = () => {};
    node = await startNullNode(() => onRequest());
    options = {
      workload: "shopping-cart",
      codec: "tagged",
      seed: 1,
      rate: 300,
      keys: "zipfian",
      arrivals: "poisson",
      durationUs: 1_000_000,
      rampUs: 0,
      pacer: "worker",
      bucket: "carts",
      nodes: ["n1", "n2", "n3"].map((name) => ({ node: name, httpUrl: node.url })),
      journalPath: join(folder, "history.journal"),
      startedHr: String(process.hrtime.bigint()),
    };
  });
  afterEach(async () => {
    await node.stop();
    await rm(folder, { recursive: true });
  });

  const historyKept = async (): Promise<History> => historyOf(eventsIn(await readFile(options.journalPath)));

  /** Starts the load as soon as the process is ready. */
  const started = (then: (driver: Driver) => void = () => {}): Driver => {
    const driver = new Driver((message) => {
      if (message.type !== "ready") return;
      driver.tell({ type: "start", options });
      then(driver);
    });
    return driver;
  };

  it("makes the whole load, records it and the events of others, and goes away", async () => {
    const driver = started((ready) => ready.tell({ type: "record", event: fault }));

    expect(await driver.exitCode()).toBe(0);
    const done = driver.said.at(-1);
    const history = await historyKept();

    expect(done?.type).toBe("done");
    if (done?.type !== "done") return;
    const { ok, fail, info } = done.requests;
    expect(history.defects).toEqual([]);
    expect(ok).toBeGreaterThan(0);
    expect(ok + fail + info + done.unfinishedCount).toBeGreaterThanOrEqual(history.requests.count);
    expect(ok + fail + info).toBeLessThanOrEqual(history.requests.count);
    expect(done.arrivalCount).toBeGreaterThan(100);
    expect(done.nextRequestId).toBe(history.requests.count);
    expect(done.nextProcess).toBe(Math.max(...history.processes) + 1);
    expect(history.faults.length).toBe(1);
    expect(history.load.length).toBeGreaterThan(0);
  });

  it("keeps what it knows and ends when its parent is gone", async () => {
    options = { ...options, durationUs: 600_000_000 };
    let requestCount = 0;
    const driver = started();
    onRequest = () => {
      requestCount += 1;
      if (requestCount === 50) driver.child.disconnect();
    };

    expect(await driver.exitCode()).toBe(0);
    const history = await historyKept();

    expect(history.defects).toEqual([]);
    expect(history.tornBytes).toBe(0);
    expect(history.requests.count).toBeGreaterThanOrEqual(50);
  });

  it("stops early when it is told to", async () => {
    options = { ...options, durationUs: 600_000_000, pacer: "timer" };
    let requestCount = 0;
    const driver = started();
    onRequest = () => {
      requestCount += 1;
      if (requestCount === 30) driver.tell({ type: "stop" });
    };

    expect(await driver.exitCode()).toBe(0);
    expect(driver.said.at(-1)).toMatchObject({ type: "done" });
  });

  it("sends acknowledged writes again when it is told to, and records each as a late copy", async () => {
    options = { ...options, durationUs: 600_000_000 };
    const driver = new Driver((message) => {
      if (message.type === "ready") {
        driver.tell({ type: "start", options });
        driver.tell({ type: "late-copies", through: ["n2", "n9"] });
      }
      if (message.type === "progress" && message.lateCopyCount > 0) driver.tell({ type: "stop" });
    });

    expect(await driver.exitCode()).toBe(0);
    const history = await historyKept();

    expect(history.defects).toEqual([]);
    expect(history.lateCopies.length).toBeGreaterThan(0);
    for (const { id, attempt } of history.lateCopies) {
      const repeated = history.requests.request(history.requests.rowOf(id));
      expect(repeated).toMatchObject({ kind: expect.stringMatching(/put|delete/), outcome: "ok" });
      expect(attempt).toMatchObject({ node: "n2" });
    }
  });

  it("says in a sentence why it cannot start", async () => {
    options = { ...options, workload: "bank" };
    const driver = started();

    expect(await driver.exitCode()).toBe(1);
    expect(driver.said.at(-1)).toEqual({
      type: "failed",
      sentence: 'The load cannot be made: no workload is called "bank".',
    });
  });

  it("says in a sentence that the disk is full", async () => {
    options = { ...options, journalPath: "/dev/full" };
    const driver = started();

    expect(await driver.exitCode()).toBe(1);
    expect(driver.said.at(-1)).toMatchObject({ type: "failed" });
    expect(JSON.stringify(driver.said.at(-1))).toContain("no space left on device");
  });

  it("refuses a message that it does not know", async () => {
    const driver = new Driver((message) => {
      if (message.type === "ready") driver.child.send({ type: "begin" });
    });

    expect(await driver.exitCode()).toBe(1);
    expect(driver.said.at(-1)?.type).toBe("failed");
  });
});
