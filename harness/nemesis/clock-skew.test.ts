/** Clocks that strobe and drift in real processes, by each backend: every turn is seen in what the node reports. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ContractSubject } from "../cluster/cluster.contract.ts";
import { contractSubject } from "../cluster/contract-subject.fixture.ts";
import { findLibfaketime } from "../cluster/libfaketime-clock.ts";
import { clockNemesis } from "./clock-skew.ts";

const hourMs = 3_600_000;

describe.for(["preload", "libfaketime"] as const)("a clock bent by %s", (backend) => {
  let subject: ContractSubject | undefined;

  beforeAll(async () => {
    if (backend === "libfaketime" && findLibfaketime() === undefined) return;
    subject = await contractSubject({ type: "direct" }, backend);
    const started = await subject.cluster.startAll();
    if (started.type === "failed") throw new Error(started.reason);
  }, 60_000);
  afterAll(async () => {
    await subject?.cluster.stopAll();
    await subject?.remove();
  }, 60_000);

  it.for([
    { motion: "strobe", offsets: [hourMs, 0, hourMs] },
    { motion: "drift", offsets: [hourMs, 2 * hourMs, 3 * hourMs] },
  ] as const)(
    "keeps its beat in a $motion, and tells the true time again",
    { timeout: 90_000 },
    async ({ motion, offsets }, { skip }) => {
      if (subject === undefined) return skip("libfaketime is not installed");
      const shifts = vi.spyOn(subject.cluster, "shiftClock");
      const fault = clockNemesis(["n1"], motion, hourMs);

      const injected = await fault.inject(subject.cluster);
      await vi.waitUntil(
        () => shifts.mock.settledResults.filter(({ type }) => type === "fulfilled").length >= 3,
        { timeout: 60_000, interval: 10 },
      );
      const healed = await fault.heal(subject.cluster);
      const asked = shifts.mock.calls.map(([, offsetMs]) => offsetMs);
      shifts.mockRestore();

      expect(injected).toEqual({ type: "done", evidence: expect.stringContaining("the clock of n1 reads") });
      expect(asked.slice(0, 3)).toEqual(offsets);
      expect(asked.at(-1)).toBe(0);
      expect(healed).toEqual({ type: "done", evidence: expect.stringMatching(/; there were \d+ turns$/) });
    },
  );
});
