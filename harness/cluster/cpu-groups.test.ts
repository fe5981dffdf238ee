import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { writeShare } from "./cpu-group-file.ts";
import { type CpuGroups, findCpuGroups, groupIn, hierarchiesOf, removeGroupsInTime } from "./cpu-groups.ts";
import { identify, type ProcessIdentity } from "./process-identity.ts";

const children: ChildProcess[] = [];
const prefixes: string[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const prefix of prefixes.splice(0)) await removeGroupsInTime(prefix);
});

/** A process that takes as much of a processor as it is given. */
function busyProcess(): ProcessIdentity {
  const child = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  children.push(child);
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw new Error("no process can be started");
  return identity;
}

/** As found on this machine, or the reason why there are none. */
function groupsHere(): CpuGroups | string {
  const found = findCpuGroups();
  if (found.type === "none") return found.reason;
  prefixes.push(found.groups.prefix);
  return found.groups;
}

const left = ({ prefix }: CpuGroups): readonly string[] =>
  readdirSync(dirname(prefix)).filter((name) => name.startsWith(basename(prefix)));

const waitAWhile = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe("control groups of the processor", () => {
  it("hold a process back, give it back, and leave nothing", { timeout: 60_000 }, async ({ skip }) => {
    const groups = groupsHere();
    if (typeof groups === "string") return skip(groups);
    const busy = busyProcess();

    const limited = await groups.limit("n1", busy, { percent: 5, poke: waitAWhile, withinMs: 30_000 });
    const released = await groups.release("n1", busy);

    expect(limited).toMatchObject({ evidence: expect.stringMatching(/was held back in \d+ periods/) });
    expect(released).toMatchObject({ type: "done" });
    expect(left(groups)).toEqual([]);
  });

  it("are not called effective for whoever rests", { timeout: 60_000 }, async ({ skip }) => {
    const groups = groupsHere();
    if (typeof groups === "string") return skip(groups);
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    children.push(child);
    const resting = identify(child.pid ?? 0);
    if (resting === undefined) throw new Error("sleep cannot be started");

    const limited = await groups.limit("n1", resting, { percent: 50, poke: waitAWhile, withinMs: 300 });

    expect(limited).toMatchObject({ type: "failed", reason: expect.stringContaining("never held back") });
    expect(await groups.release("n1", resting)).toMatchObject({ type: "done" });
  });

  it("are removed by their prefix once their processes have ended", { timeout: 60_000 }, async ({ skip }) => {
    const groups = groupsHere();
    if (typeof groups === "string") return skip(groups);
    await groups.limit("n1", busyProcess(), { percent: 5, poke: waitAWhile, withinMs: 30_000 });
    const during = left(groups);

    for (const child of children) child.kill("SIGKILL");
    const isClean = await removeGroupsInTime(groups.prefix);

    expect(during).toHaveLength(1);
    expect(isClean).toBe(true);
    expect(existsSync(`${groups.prefix}-n1-share`)).toBe(false);
  });

  it("are never made in a group that is not there", () => {
    const outside = join(tmpdir(), "tipcart-no-such-group");

    expect(() => writeShare(join(outside, "n1-share"), 1, 5)).toThrow("ENOENT");
    expect(existsSync(outside)).toBe(false);
  });

  it("are looked for where a controller of the processor is mounted", () => {
    const mounts = [
      "proc /proc proc rw 0 0",
      "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0",
      "cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0",
    ].join("\n");
    const groups = "4:memory:/m\n1:cpu,cpuacct:/a:b\n0::/user.slice\n";

    expect(hierarchiesOf(mounts)).toEqual([
      { version: 1, mount: "/sys/fs/cgroup/cpu,cpuacct" },
      { version: 2, mount: "/sys/fs/cgroup/unified" },
    ]);
    expect(groupIn(groups, 1)).toBe("/a:b");
    expect(groupIn(groups, 2)).toBe("/user.slice");
    expect(groupIn("", 1)).toBe("/");
  });
});
