/**
 * What every cluster driver must be able to show, whatever its backends: the suite runs over a cluster of three
 * nodes that keep three copies, and looks only from outside: HTTP, /proc, the evidence it is handed.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ability, Cluster } from "./cluster.ts";
import {
  bothWays,
  done,
  eventually,
  get,
  holds,
  put,
  withinMs,
  writeUntil,
} from "./contract-questions.fixture.ts";
import { awaitState, isDead, type ProcessIdentity, signalProcess, stateOf } from "./process-identity.ts";
import type { UnexpectedEnd } from "./unexpected-ends.ts";

export type ContractSubject = {
  readonly cluster: Cluster;
  /** Every process that was ever started for it, as its watch was told. */
  readonly started: readonly ProcessIdentity[];
  /** Removes its files. */
  readonly remove: () => Promise<void>;
};

/** `notHere`: abilities this driver has not, each with the reason; the tests that need one are skipped and say so. */
export function clusterContract(
  name: string,
  create: () => Promise<ContractSubject>,
  notHere: Partial<Record<Ability, string>> = {},
): void {
  const skipWithout = (ability: Ability, skip: (note: string) => void): void => {
    const reason = notHere[ability];
    if (reason !== undefined) skip(reason);
  };

  describe(`a cluster of ${name}`, () => {
    let subject: ContractSubject;
    let cluster: Cluster;

    beforeAll(async () => {
      subject = await create();
      cluster = subject.cluster;
      expect(await cluster.startAll()).toEqual(done());
    }, 60_000);

    afterAll(async () => {
      await cluster.stopAll();
      await subject.remove();
    }, 60_000);

    it("says that it has every ability that is not excused", () => {
      const all: readonly Ability[] = [
        "kill",
        "pause",
        "cut",
        "one-way-cut",
        "shape",
        "loss",
        "reset",
        "half-open",
        "half-close",
        "cpu-share",
        "clock",
        "power-cut",
        "disk-trouble",
        "file-limit",
        "membership",
        "trigger",
      ];

      expect([...cluster.abilities].toSorted()).toEqual(
        all.filter((ability) => notHere[ability] === undefined).toSorted(),
      );
    });

    it("starts nodes that keep on one what was put through another", async () => {
      await eventually(() => put(cluster, "n1", "started", 3));

      expect(await holds(cluster, "n2", "started")).toBe(true);
      expect(await get(cluster, "n3", "started")).toBe(200);
    });

    it("refuses to start a node that runs, in one sentence", async () => {
      const outcome = await cluster.start("n1");

      expect(outcome).toMatchObject({ type: "failed", reason: expect.stringContaining("runs already") });
    });

    it("refuses a node that does not exist", async () => {
      expect(await cluster.kill("n9")).toMatchObject({ type: "failed" });
      expect(await cluster.cut("a cut", [{ from: "n1", to: "n9" }])).toMatchObject({ type: "failed" });
    });

    it("kills a node, which then answers nothing, and starts it again with its data", {
      timeout: 60_000,
    }, async ({ skip }) => {
      skipWithout("kill", skip);
      await eventually(() => put(cluster, "n1", "kept", 3));

      const killed = await cluster.kill("n2");
      const whileDown = await holds(cluster, "n2", "kept");
      const restarted = await cluster.start("n2");

      expect(killed).toEqual(done(/SIGKILL/));
      expect(whileDown).toBe("no answer");
      expect(restarted).toEqual(done());
      expect(await holds(cluster, "n2", "kept")).toBe(true);
    });

    it("tells of a node that ended unasked, whether somebody listened then or later", {
      timeout: 60_000,
    }, async () => {
      const stray = subject.started.findLast((identity) => !isDead(stateOf(identity)));
      if (stray === undefined) throw new Error("no node runs");
      signalProcess(stray, "SIGABRT");
      await awaitState(stray, isDead, 10_000);

      const told = await new Promise<UnexpectedEnd>((resolve) => cluster.tellUnexpectedEnds(resolve));
      cluster.tellUnexpectedEnds(undefined);

      expect(told).toMatchObject({ exitCode: null, signal: "SIGABRT" });
      expect(cluster.isUp(told.node)).toBe(false);
      expect(await cluster.start(told.node)).toEqual(done());
    });

    it("stops a node in good order", { timeout: 60_000 }, async ({ skip }) => {
      skipWithout("kill", skip);
      expect(await cluster.stop("n3")).toEqual(done(/with code 0/));
      expect(await cluster.start("n3")).toEqual(done());
    });

    it("pauses a node, which then answers nothing, and continues it", { timeout: 60_000 }, async ({
      skip,
    }) => {
      skipWithout("pause", skip);
      const paused = await cluster.pause("n2");
      const whilePaused = await holds(cluster, "n2", "started", 300);
      const resumed = await cluster.resume("n2");

      expect(paused).toEqual(done(/state T/));
      expect(whilePaused).toBe("no answer");
      expect(resumed).toEqual(done());
      await eventually(async () => (await holds(cluster, "n2", "started")) === true);
    });

    it("leaves one node a little of a processor, and all of it again", { timeout: 60_000 }, async ({
      skip,
    }) => {
      skipWithout("cpu-share", skip);

      const limited = await cluster.limitCpu("n2", 5);
      const released = await cluster.limitCpu("n2", undefined);
      const again = await cluster.limitCpu("n2", undefined);

      expect(limited).toEqual(done(/with 5 % of a processor, and was held back in \d+ periods/));
      expect(released).toEqual(done(/gone/));
      expect(again).toEqual(done(/gone/));
    });

    it("kills a paused node too", { timeout: 60_000 }, async ({ skip }) => {
      skipWithout("pause", skip);
      expect(await cluster.pause("n2")).toEqual(done());

      expect(await cluster.kill("n2")).toEqual(done(/SIGKILL/));
      expect(await cluster.start("n2")).toEqual(done());
    });

    it("cuts one node off from all others and mends it", { timeout: 60_000 }, async ({ skip }) => {
      skipWithout("cut", skip);
      await eventually(() => put(cluster, "n1", "before the cut", 3));

      const cut = await cluster.cut("a cut", bothWays("n3", ["n1", "n2"]));
      const withAll = await put(cluster, "n1", "during the cut", 3);
      const withTwo = await put(cluster, "n1", "during the cut", 2);
      const reached = await holds(cluster, "n3", "during the cut");
      const mended = await cluster.mend("a cut");

      expect(cut).toEqual(done(/n3→n1/));
      expect(withAll).toBe(false);
      expect(withTwo).toBe(true);
      expect(reached).toBe(false);
      expect(mended).toEqual(done());
      await eventually(() => put(cluster, "n1", "after the cut", 3));
      expect(await holds(cluster, "n3", "after the cut")).toBe(true);
    });

    it("cuts one way: a put arrives and its acknowledgement does not", { timeout: 60_000 }, async ({
      skip,
    }) => {
      skipWithout("one-way-cut", skip);
      await eventually(() => put(cluster, "n2", "before", 3));

      // n1 is silenced towards everybody: a store may ask another node to finish what one could not.
      const cut = await cluster.cut("a cut", [
        { from: "n1", to: "n2" },
        { from: "n1", to: "n3" },
      ]);
      const isAcknowledged = await put(cluster, "n2", "one way", 3);
      const reached = await holds(cluster, "n1", "one way");
      expect(await cluster.mend("a cut")).toEqual(done());

      expect(cut).toEqual(done(/n1→n2/));
      expect(isAcknowledged).toBe(false);
      expect(reached).toBe(true);
      await eventually(() => put(cluster, "n2", "both ways again", 3));
    });

    it("keeps the cuts of one fault while another one is mended", { timeout: 60_000 }, async ({ skip }) => {
      skipWithout("cut", skip);
      await eventually(() => put(cluster, "n1", "whole", 3));

      const one = await cluster.cut("one", bothWays("n3", ["n1"]));
      const both = await cluster.cut("other", bothWays("n3", ["n1", "n2"]));
      const oneMended = await cluster.mend("one");
      const withAll = await put(cluster, "n1", "one is mended", 3);
      const allMended = await cluster.mend("other");

      expect(one).toEqual(done(/over n3→n1, n1→n3;/));
      expect(both).toEqual(done(/over n3→n1, n1→n3, n3→n2, n2→n3;/));
      expect(oneMended).toEqual(done(/over n3→n1, n1→n3, n3→n2, n2→n3;/));
      expect(withAll).toBe(false);
      expect(allMended).toEqual(done(/over all 6 links/));
      await eventually(() => put(cluster, "n1", "whole again", 3));
    });

    it("makes the links of one node late, and then as they were", { timeout: 60_000 }, async ({ skip }) => {
      skipWithout("shape", skip);
      const links = bothWays("n2", ["n1", "n3"]);

      const late = await cluster.shapeLinks(links, { trouble: "delay", delayMs: 200 });
      const healed = await cluster.shapeLinks(links, undefined);

      expect(late).toEqual(done(/200 ms late: no probe over n2→n1, .* took less than \d+ ms/));
      expect(healed).toEqual(done(/over all 6 links/));
      await eventually(() => put(cluster, "n1", "quick again", 3));
    });

    it.for([
      { trouble: "loss", percent: 30 },
      { trouble: "reset" },
      { trouble: "half-open" },
      { trouble: "half-close" },
    ] as const)(
      "impairs the links of one node by $trouble, and puts reach it when that is over",
      {
        timeout: 60_000,
      },
      async (shape, { skip }) => {
        const { trouble } = shape;
        skipWithout(trouble, skip);
        const links = bothWays("n2", ["n1", "n3"]).filter(
          ({ from }) => trouble !== "half-close" || from === "n2",
        );
        await eventually(() => put(cluster, "n1", `before ${trouble}`, 3));

        const impaired = await cluster.shapeLinks(links, shape);
        const withAll = trouble === "reset" && (await put(cluster, "n1", "during resets", 3));
        const healed = await cluster.shapeLinks(links, undefined);

        expect(impaired).toEqual(done(/n2→n1/));
        expect(withAll).toBe(false);
        expect(healed).toEqual(done(/over all 6 links/));
        await eventually(() => put(cluster, "n1", `after ${trouble}`, 3));
      },
    );

    it("shifts the clock of one node and leaves the others alone", { timeout: 60_000 }, async ({ skip }) => {
      skipWithout("clock", skip);
      const dayMs = 86_400_000;

      const ahead = await cluster.shiftClock("n1", dayMs);
      const behind = await cluster.shiftClock("n2", -90_000);
      const bump = await cluster.shiftClock("n1", 288);
      const untouched = await cluster.shiftClock("n3", 0);

      expect(ahead).toEqual(done(/n1/));
      expect(behind).toEqual(done(/n2/));
      expect(bump).toEqual(done(/n1/));
      expect(untouched).toEqual(done(/n3/));
      expect(await cluster.shiftClock("n1", 0)).toEqual(done());
      expect(await cluster.shiftClock("n2", 0)).toEqual(done());
    });

    it("lets the clock of one node stand still, and go on with the true time", { timeout: 60_000 }, async ({
      skip,
    }) => {
      skipWithout("clock", skip);

      const frozen = await cluster.freezeClock("n2");
      const other = await cluster.shiftClock("n1", 0);
      const goesOn = await cluster.shiftClock("n2", 0);

      expect(frozen).toEqual(done(/the clock of n2 told \d+ ms for \d+ ms/));
      expect(other).toEqual(done(/n1/));
      expect(goesOn).toEqual(done(/n2/));
    });

    it("lets a node stop itself before it answers, which it does when it is continued", {
      timeout: 60_000,
    }, async ({ skip }) => {
      skipWithout("trigger", skip);
      await eventually(() => put(cluster, "n1", "before the moment", 3));
      let isAnswered = false;

      const armed = await cluster.arm("f1", "n1", "write-answered");
      const late = eventually(() => put(cluster, "n1", "at the moment", 3, withinMs)).then(() => {
        isAnswered = true;
      });
      const stopped = await cluster.awaitMoment("n1", AbortSignal.timeout(withinMs));
      const whileStopped = await holds(cluster, "n1", "before the moment", 300);
      const wasAnswered = isAnswered;
      const continued = await cluster.disarm("f1", "n1");

      expect(armed).toEqual(done(/armed with write-answered/));
      expect(stopped).toEqual(done(/stopped itself and is in state T/));
      expect([whileStopped, wasAnswered]).toEqual(["no answer", false]);
      expect(continued).toEqual(done(/says that it stopped at write-answered/));
      await late;
    });

    it("tells that an armed node came to no moment, and lets only its own fault disarm it", {
      timeout: 60_000,
    }, async ({ skip }) => {
      skipWithout("trigger", skip);
      expect(await cluster.arm("f1", "n2", "write-answered")).toEqual(done());

      const other = await cluster.arm("f2", "n2", "write-answered");
      const ofOther = await cluster.disarm("f2", "n2");
      const awaited = await cluster.awaitMoment("n2", AbortSignal.abort());
      const disarmed = await cluster.disarm("f1", "n2");

      expect(other).toMatchObject({ type: "failed", reason: expect.stringContaining('for the fault "f1"') });
      expect(ofOther).toEqual(done(/was not armed/));
      expect(awaited).toMatchObject({
        type: "failed",
        reason: expect.stringContaining("did not stop itself"),
      });
      expect(disarmed).toEqual(done(/did not come to its moment/));
      await eventually(() => put(cluster, "n2", "after no moment", 3));
    });

    it("starts a node with little memory, and with its own again", { timeout: 60_000 }, async ({ skip }) => {
      skipWithout("kill", skip);
      expect(await cluster.stop("n2")).toEqual(done(/with code 0/));

      const limited = await cluster.start("n2", { heapMb: 96 });

      expect(limited).toEqual(done(/with a heap of 96 MiB/));
      expect(await cluster.stop("n2")).toEqual(done(/with code 0/));
      expect(await cluster.start("n2")).toEqual(done(/serves after/));
    });

    it("cuts the power of all nodes at once, which loses what was not synced and nothing else", {
      timeout: 90_000,
    }, async ({ skip }) => {
      skipWithout("power-cut", skip);
      await eventually(() => put(cluster, "n1", "synced", 3));

      const cut = await cluster.powerCut(["n1", "n2", "n3"], "whole", 1);
      const whileOff = await holds(cluster, "n2", "synced");
      const restarted = await Promise.all(["n1", "n2", "n3"].map((node) => cluster.start(node)));

      expect(cut).toEqual(done(/n3: \d+ of \d+ unsynced changes lost/));
      expect(whileOff).toBe("no answer");
      expect(restarted).toEqual([done(), done(), done()]);
      for (const node of ["n1", "n2", "n3"]) expect(await holds(cluster, node, "synced")).toBe(true);
    });

    it("slows the disk of one node, which is seen, and gives it back", { timeout: 60_000 }, async ({
      skip,
    }) => {
      skipWithout("disk-trouble", skip);

      const slowing = cluster.troubleDisk("n2", "slow");
      await eventually(() => put(cluster, "n1", "late", 3));
      const slowed = await slowing;
      const healed = await cluster.healDisk("n2");

      expect(slowed).toEqual(done(/slow for \d+ calls/));
      expect(healed).toEqual(done(/sound/));
    });

    it("leaves a node no room for another open file, and gives it room again", { timeout: 60_000 }, async ({
      skip,
    }) => {
      skipWithout("file-limit", skip);

      const exhausted = await cluster.exhaustFiles("n2");
      const allowed = await cluster.allowFiles("n2");

      expect(exhausted).toEqual(done(/may have \d+ files open, and not \d+: .* was hung up on/));
      expect(allowed).toEqual(done(/answers a new connection/));
    });

    it("starts a node on a disk that cannot be read, and then on a sound one", { timeout: 60_000 }, async ({
      skip,
    }) => {
      skipWithout("disk-trouble", skip);
      await eventually(() => put(cluster, "n1", "readable", 3));

      const troubled = await cluster.troubleDisk("n2", "read-error");
      const healed = await cluster.healDisk("n2");

      expect(troubled).toEqual(done(/\d+ reads failed as the node was started/));
      expect(healed).toEqual(done());
      await eventually(async () => (await holds(cluster, "n2", "readable")) === true);
    });

    it("wipes the disk of a node, which then holds nothing until it has its place again", {
      timeout: 60_000,
    }, async () => {
      await eventually(() => put(cluster, "n1", "wiped", 3));

      const wiped = await cluster.damageDisk("n2", "wiped", 1);
      const onEmptyDisk = await holds(cluster, "n2", "wiped");
      const mended = await cluster.mendDisk("n2");

      expect(wiped).toEqual(done(/SIGKILL; .* of \d+ files [1-9]\d* gone/));
      expect(onEmptyDisk).toBe(false);
      expect(mended).toEqual(done(/on an empty disk/));
      await eventually(() => put(cluster, "n1", "whole after the wipe", 3));
    });

    it("puts an old copy in place of the files of a node, and the node goes on from there", {
      timeout: 60_000,
    }, async () => {
      const restoring = cluster.damageDisk("n3", "backup", 1);
      const writing = writeUntil(cluster, restoring);
      const restored = await restoring;
      await writing;
      const mended = await cluster.mendDisk("n3");

      expect(restored).toEqual(done(/SIGKILL; .* with another digest/));
      expect(mended).toEqual(done());
      await eventually(() => put(cluster, "n1", "whole after the backup", 3));
    });

    it("damages the files of a node, which runs on them or on an empty disk", {
      timeout: 60_000,
    }, async () => {
      await eventually(() => put(cluster, "n1", "damaged", 3));

      const damaged = await cluster.damageDisk("n2", "truncate", 1);
      const mended = await cluster.mendDisk("n2");

      expect(damaged).toEqual(done(/SIGKILL; .* 1 with another digest/));
      expect(mended).toEqual(done());
      await eventually(() => put(cluster, "n1", "whole after the damage", 3));
    });

    it("refuses to cut the power of a node that does not exist, and touches no other", async ({ skip }) => {
      skipWithout("power-cut", skip);

      expect(await cluster.powerCut(["n1", "n9"], "whole", 1)).toMatchObject({ type: "failed" });
      expect(cluster.isUp("n1")).toBe(true);
    });

    it("leaves no process when it is stopped, whatever state the nodes are in", async () => {
      expect(await cluster.pause("n1")).toEqual(done());
      const cut = await cluster.cut("a cut", bothWays("n2", ["n3"]));

      await cluster.stopAll();
      await cluster.stopAll();

      expect(cut.type === "done").toBe(notHere.cut === undefined);
      expect(subject.started.length).toBeGreaterThanOrEqual(3);
      expect(subject.started.map(stateOf).filter((letter) => !isDead(letter))).toEqual([]);
      expect(await cluster.start("n1")).toMatchObject({ type: "failed" });
    });
  });
}
