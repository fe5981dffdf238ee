import { describe, expect, it } from "vitest";
import { findProgram, problemOf, run } from "./shell.ts";

const node = process.execPath;

describe("a command", () => {
  it("ends with its code and what it said", async () => {
    const outcome = await run(node, ["-e", "console.log('out'); console.error('why'); process.exitCode = 3"]);

    expect(outcome).toEqual({ type: "exited", code: 3, stdout: "out", stderr: "why" });
    expect(problemOf(outcome, "node")).toBe("node ended with 3: why");
  });

  it("reads what it is given and gets its arguments as they are", async () => {
    const outcome = await run("cat", ["-"], { input: "a line\n" });
    const echoed = await run("echo", ["$HOME; `id`"]);

    expect(outcome).toMatchObject({ type: "exited", code: 0, stdout: "a line" });
    expect(echoed).toMatchObject({ stdout: "$HOME; `id`" });
    expect(problemOf(outcome, "cat")).toBeUndefined();
  });

  it("fails with a sentence when there is no such program", async () => {
    expect(await run("no-such-program", [])).toMatchObject({
      type: "failed",
      reason: expect.stringContaining("no-such-program did not start"),
    });
  });

  it("is ended when it takes too long or says too much", async () => {
    const slow = await run("sleep", ["60"], { timeoutMs: 50 });
    const loud = await run("yes", [], { outputMax: 1000 });

    expect(slow).toEqual({ type: "failed", reason: "sleep 60 took longer than 50 ms." });
    expect(loud).toEqual({ type: "failed", reason: "yes said more than is kept." });
  });

  it("sees the environment it is given and nothing else", async () => {
    const outcome = await run(node, ["-p", "process.env.ONLY + process.env.HOME"], { env: { ONLY: "this" } });

    expect(outcome).toMatchObject({ stdout: "thisundefined" });
  });
});

describe("a program", () => {
  it("is found by its absolute path, or not at all", () => {
    expect(findProgram("sh")).toMatch(/^\/.*\/sh$/);
    expect(findProgram("no-such-program")).toBeUndefined();
  });
});
