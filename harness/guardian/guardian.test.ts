import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundleSource, temporaryDirectory } from "../cluster/contract-subject.fixture.ts";
import { findCpuGroups } from "../cluster/cpu-groups.ts";
import { awaitState, identify, isDead, type ProcessIdentity, stateOf } from "../cluster/process-identity.ts";
import { run } from "../shell.ts";
import { startGuardian } from "./guardian.ts";
import { parseMessage, Watched } from "./message.ts";

const withinMs = 5_000;
const sleepers: ChildProcess[] = [];
let directory: string;
let program: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  program = await bundleSource("harness/guardian/main.ts", join(directory, "guardian.mjs"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));
afterEach(() => {
  for (const child of sleepers.splice(0)) child.kill("SIGKILL");
});

/** A process that does nothing for as long as a test may take. */
function sleeper(): ProcessIdentity {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  sleepers.push(child);
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw new Error("sleep cannot be started");
  return identity;
}

/** A guardian whose harness tells it these lines and dies. */
async function dieAfter(lines: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "ignore", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  await gone;
}

const started = (identity: ProcessIdentity): string => JSON.stringify({ type: "started", ...identity });

describe("a guardian", () => {
  it("ends what it was told of, stopped processes too, when its harness dies", async () => {
    const [running, stopped] = [sleeper(), sleeper()];
    process.kill(stopped.pid, "SIGSTOP");
    await awaitState(stopped, (letter) => letter === "T", withinMs);

    await dieAfter([started(running), started(stopped)]);

    expect([stateOf(running), stateOf(stopped)].map(isDead)).toEqual([true, true]);
  });

  it("removes the control groups that it was told of, and no others", async ({ skip }) => {
    const [found, others] = [findCpuGroups(), findCpuGroups()];
    if (found.type === "none") return skip(found.reason);
    if (others.type === "none") return skip(others.reason);
    const [ours, spared] = [`${found.groups.prefix}-n1-share`, `${others.groups.prefix}-n1-share`];
    for (const group of [ours, spared]) mkdirSync(group);

    await dieAfter([JSON.stringify({ type: "groups", prefix: found.groups.prefix })]);
    const left = [ours, spared].map((group) => existsSync(group));
    rmdirSync(spared);

    expect(left).toEqual([false, true]);
  });

  it("spares a process whose start time is another one", async () => {
    const innocent = sleeper();

    await dieAfter([started({ ...innocent, startTime: "1" })]);

    expect(isDead(stateOf(innocent))).toBe(false);
  });

  it("spares what had ended before, and does not stumble over half a line", async () => {
    const [forgotten, watched] = [sleeper(), sleeper()];

    await dieAfter([
      started(forgotten),
      JSON.stringify({ type: "ended", ...forgotten }),
      started(watched),
      '{"type":"star',
    ]);

    expect(isDead(stateOf(forgotten))).toBe(false);
    expect(isDead(stateOf(watched))).toBe(true);
  });

  it("leaves everything alone when its harness says good-bye", async () => {
    const spared = sleeper();
    const start = startGuardian(program);
    if (start.type === "refused") throw new Error(start.reason);

    start.guardian.watch.started(spared);
    await start.guardian.bye();
    await start.guardian.bye();

    expect(isDead(stateOf(spared))).toBe(false);
    expect(isDead(stateOf(start.guardian.identity))).toBe(true);
  });

  it("does not take its harness along when it is killed itself", async () => {
    const start = startGuardian(program);
    if (start.type === "refused") throw new Error(start.reason);

    process.kill(start.guardian.identity.pid, "SIGKILL");
    await awaitState(start.guardian.identity, isDead, withinMs);
    start.guardian.watch.started(sleeper());
    await start.guardian.bye();

    expect(isDead(stateOf(start.guardian.identity))).toBe(true);
  });
});

describe("a harness", () => {
  it("is not kept alive by its guardian, and waits for it when it says good-bye", async () => {
    const source = join(directory, "harness.mjs");
    await bundleSource("harness/guardian/guardian.ts", source);
    const script = (last: string): string =>
      `import { startGuardian } from ${JSON.stringify(source)};
       const { guardian } = startGuardian(${JSON.stringify(program)});
       ${last}`;

    const silent = await run(process.execPath, ["--input-type=module", "-e", script("")]);
    const polite = await run(process.execPath, [
      "--input-type=module",
      "-e",
      script("await guardian.bye(); console.log('bye');"),
    ]);

    expect(silent).toEqual({ type: "exited", code: 0, stdout: "", stderr: "" });
    expect(polite).toMatchObject({ type: "exited", code: 0, stdout: "bye" });
  });
});

describe("a message", () => {
  it("of a process that ended takes away that process and no later one with its number", () => {
    const watched = new Watched();

    watched.hear({ type: "started", pid: 7, startTime: "100" });
    watched.hear({ type: "started", pid: 7, startTime: "200" });
    watched.hear({ type: "ended", pid: 7, startTime: "100" });

    expect(watched.processes).toEqual([{ pid: 7, startTime: "200" }]);
  });

  it.each([
    "",
    "{}",
    '{"type":"started","pid":0,"startTime":"1"}',
    '{"type":"started","pid":-1,"startTime":"1"}',
    '{"type":"groups","prefix":"/"}',
    '{"type":"groups","prefix":"/sys/fs/cgroup/cpu/tipcart-"}',
  ])("is none: %s", (line) => {
    expect(parseMessage(line)).toBeUndefined();
  });
});
