import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundleSource, temporaryDirectory } from "../cluster/contract-subject.fixture.ts";
import { descendantsOf } from "../cluster/descendants.fixture.ts";
import { isDead, type ProcessIdentity, signalProcess, stateOf } from "../cluster/process-identity.ts";
import { findProgram } from "../shell.ts";
import { detectEnclosure } from "./detect.ts";

const timeout = 60_000;
let directory: string;
let program: string;
let stub: string;
let guardian: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  const bundled = (source: string, name: string): Promise<string> =>
    bundleSource(`harness/${source}`, join(directory, `${name}.mjs`));
  [program, stub, guardian] = await Promise.all([
    bundled("namespace/enclosed-program.fixture.ts", "program"),
    bundled("cluster/stub-node.fixture.ts", "stub"),
    bundled("guardian/main.ts", "guardian"),
  ]);
}, timeout);

/** What a failing test would leave behind. */
const below: ProcessIdentity[] = [];

afterEach(() => {
  for (const identity of below.splice(0)) signalProcess(identity, "SIGKILL");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const play = (part: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [program, ...part], { reject: false, buffer: false, env, stderr: "inherit" });

/**
 * Under a terminal of its own, as a shell would start it; standard input is what a user types. Not every `sh` becomes
 * its one command, and a waiting one would itself die of what is typed: hence `exec`.
 */
const playOnTerminal = (part: string) =>
  execa(
    "script",
    ["--quiet", "--return", "--command", `exec ${process.execPath} ${program} ${part}`, "/dev/null"],
    {
      reject: false,
      buffer: false,
    },
  );

/** Everything that was said, as it comes. Resolves each time the wanted words have been. */
function listenTo({ stdout }: { readonly stdout: Readable }): (wanted: string) => Promise<void> {
  let heard = "";
  stdout.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
  });
  return async (wanted) => {
    await expect.poll(() => heard, { timeout: 20_000, interval: 10 }).toContain(wanted);
  };
}

const alive = (identities: readonly ProcessIdentity[]): readonly ProcessIdentity[] =>
  identities.filter((identity) => !isDead(stateOf(identity)));

/** Files that a backend of the clocks keeps for a process. */
const sharedMemoryOf = (identities: readonly ProcessIdentity[]): readonly string[] =>
  readdirSync("/dev/shm").filter((name) => identities.some(({ pid }) => name.endsWith(`_${pid}`)));

describe("a program in its private namespace", () => {
  it("ends with the code it would have outside", { timeout }, async ({ skip }) => {
    const detected = await detectEnclosure();
    if (detected.type === "unavailable") return skip(detected.reason);

    expect((await play(["exit", "3"])).exitCode).toBe(3);
    expect((await play(["exit", "0"])).exitCode).toBe(0);
  });

  it("ends as the signal that killed it says", { timeout }, async ({ skip }) => {
    const detected = await detectEnclosure();
    if (detected.type === "unavailable") return skip(detected.reason);
    const played = play(["count"]);
    await listenTo(played)("ready");
    below.push(...descendantsOf(played.pid ?? 0));

    const inner = below.at(-1);
    if (inner !== undefined) signalProcess(inner, "SIGKILL");
    const { exitCode } = await played;

    expect(exitCode).toBe(128 + constants.signals.SIGKILL);
  });

  it("hears one interrupt once, and a request to end", { timeout }, async ({ skip }) => {
    const detected = await detectEnclosure();
    if (detected.type === "unavailable") return skip(detected.reason);
    const played = play(["count"]);
    const says = listenTo(played);

    await says("ready on no terminal");
    played.kill("SIGINT");
    await says("interrupt 1");
    played.kill("SIGTERM");
    const { exitCode } = await played;

    expect(exitCode).toBe(1);
  });
});

describe("a program in its private namespace, on a terminal", () => {
  it("has it, and hears Ctrl-C once", { timeout }, async ({ skip }) => {
    const detected = await detectEnclosure();
    if (detected.type === "unavailable") return skip(detected.reason);
    if (findProgram("script") === undefined) return skip("script (package bsdutils) is not installed");
    const counting = playOnTerminal("count");
    const says = listenTo(counting);

    await says("ready on a terminal");
    counting.stdin.write("\u0003");
    await says("interrupt 1");
    counting.stdin.write("\u001c");
    const { exitCode } = await counting;

    expect(exitCode).toBe(1);
  });
});

describe("the death of a harness in mid-fault", () => {
  it("leaves nothing of a private namespace", { timeout }, async ({ skip }) => {
    const detected = await detectEnclosure();
    if (detected.type === "unavailable") return skip(detected.reason);
    const played = play(["cluster", stub, directory, guardian]);
    await listenTo(played)("ready");
    below.push(...descendantsOf(played.pid ?? 0));

    played.kill("SIGKILL");
    await played;

    expect(below.length).toBeGreaterThanOrEqual(5);
    await expect.poll(() => alive(below), { timeout: 5_000, interval: 10 }).toEqual([]);
  });

  it("leaves nothing behind link proxies", { timeout }, async () => {
    const played = play(["cluster", stub, directory, guardian], { TIPCART_STAY_OUTSIDE: "1" });
    await listenTo(played)("ready");
    below.push(...descendantsOf(played.pid ?? 0));
    const stopped = below.map(stateOf).filter((letter) => letter === "T");

    played.kill("SIGKILL");
    await played;

    expect(stopped).toEqual(["T"]);
    expect(below.length).toBeGreaterThanOrEqual(4);
    await expect.poll(() => alive(below), { timeout: 5_000, interval: 10 }).toEqual([]);
    expect(sharedMemoryOf(below)).toEqual([]);
  });
});
