import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { awaitState, identify, isDead, parseStat, signalProcess, stateOf } from "./process-identity.ts";

const withinMs = 5_000;

describe("a process's identity", () => {
  it("is read past a command name that holds brackets and spaces", () => {
    const fields = Array.from({ length: 18 }, (_, index) => index + 100);

    const stat = parseStat(`4711 (evil) S (name) T ${fields.join(" ")} 987654 more`);

    expect(stat).toEqual({ letter: "T", startTime: "987654" });
  });

  it("is not found in a text that is cut off", () => {
    expect(parseStat("4711 (node) S 1 2")).toBeUndefined();
    expect(parseStat("")).toBeUndefined();
  });

  it("names this process as long as it runs", () => {
    const own = identify(process.pid);

    expect(own).toBeDefined();
    expect(own === undefined ? "gone" : stateOf(own)).toMatch(/^[RSD]$/);
  });

  it("tells a process from another one with its number, and does not signal that", () => {
    const other = { pid: process.pid, startTime: "1" };

    expect(stateOf(other)).toBe("gone");
    expect(signalProcess(other, "SIGKILL")).toBe(false);
  });

  it("calls a zombie dead", async () => {
    // The shell's child ends and is not reaped: the shell has become a program that never waits for it.
    const shell = spawn("sh", ["-c", "sh -c 'echo $$' & exec sleep 60"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = (await once(shell.stdout, "data")) as [Buffer];
    const zombie = identify(Number(line.toString()));

    const letter = zombie === undefined ? "never seen" : await awaitState(zombie, isDead, withinMs);
    shell.kill("SIGKILL");

    expect(letter).toBe("Z");
    expect(isDead(letter)).toBe(true);
  });
});
