import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../cluster/contract-subject.fixture.ts";
import { bundle, bundleServer } from "./bundle.ts";
import { bundlePath } from "./project-root.ts";
import { replaceOnce } from "./replacement.ts";

let directory: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const outfile = (name: string): string => join(directory, name);

const replace = (find: string): ReturnType<typeof replaceOnce> =>
  replaceOnce("if (acks >= w) done(); if (late) fail();", {
    file: "server/x.ts",
    find,
    replacement: "$& $1",
  });

describe("a replacement", () => {
  it("puts one text in the place of another, as it is written", () => {
    expect(replace("acks >= w")).toEqual({
      type: "replaced",
      text: "if ($& $1) done(); if (late) fail();",
    });
  });

  it.each([
    ["acks > w", 'The text to replace stands 0 times in server/x.ts, not once: "acks > w".'],
    ["if (", 'The text to replace stands 2 times in server/x.ts, not once: "if (".'],
    ["", "The text to replace in server/x.ts is empty."],
  ])("is refused when its text does not stand exactly once: %j", (find, reason) => {
    expect(replace(find)).toEqual({ type: "refused", reason });
  });
});

describe("the server's bundle", () => {
  // Of the same letters: the minifier names things after how often each letter occurs.
  const mutation = {
    file: "server/outcomes.ts",
    find: "the value is over the limit",
    replacement: "the limit is over the value",
  };

  it("differs from the true one by the text that was replaced, and by its hash", async () => {
    const truth = await bundleServer({ outfile: outfile("truth.js") });
    const mutant = await bundleServer({ outfile: outfile("mutant.js"), replace: mutation });
    const again = await bundleServer({ outfile: outfile("again.js") });

    const [trueText, mutantText] = await Promise.all(
      ["truth.js", "mutant.js"].map((name) => readFile(outfile(name), "utf8")),
    );

    expect([truth.type, mutant.type]).toEqual(["bundled", "bundled"]);
    expect(mutantText).toBe(trueText?.replace(mutation.find, mutation.replacement));
    expect(mutantText).not.toBe(trueText);
    expect("hash" in truth && "hash" in again && truth.hash === again.hash).toBe(true);
    expect("hash" in truth && "hash" in mutant && truth.hash === mutant.hash).toBe(false);
  });

  it("is not written when the text no longer stands there", async () => {
    const refused = await bundleServer({
      outfile: outfile("refused.js"),
      replace: { ...mutation, find: "a sentence that nobody wrote" },
    });

    expect(refused).toMatchObject({ type: "refused", reason: expect.stringContaining("stands 0 times") });
    await expect(stat(outfile("refused.js"))).rejects.toThrow("ENOENT");
  });

  it("is not written when the file is no part of it", async () => {
    const refused = await bundleServer({
      outfile: outfile("refused.js"),
      replace: { ...mutation, file: "harness/cli.ts" },
    });

    expect(refused).toEqual({ type: "refused", reason: "harness/cli.ts is no part of the bundle." });
  });
});

describe("a bundle", () => {
  it("that cannot be made is refused in one sentence", async () => {
    const refused = await bundle([
      { name: "nothing", source: "harness/no-such-file.ts", packages: "single" },
    ]);

    expect(refused).toMatchObject({ type: "refused", reason: expect.stringContaining("no-such-file.ts") });
  });

  it("of a command can be executed", async () => {
    const name = `fixture-command-${process.pid}`;

    await bundle([{ name, source: "harness/bundle/project-root.ts", packages: "external", isCommand: true }]);
    const [mode, text] = await Promise.all([stat(bundlePath(name)), readFile(bundlePath(name), "utf8")]);
    await rm(bundlePath(name));

    expect(mode.mode & 0o111).toBe(0o111);
    expect(text).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
