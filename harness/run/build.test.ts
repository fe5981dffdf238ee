import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildHash, contentHash } from "../bundle/build-hash.ts";
import { buildOfRun } from "./build.ts";

describe("the build of a run", () => {
  let directory = "";

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tipcart-build-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const saved = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, text);
    return path;
  };

  it("is named after what the server's file holds, by the hash that the bundler tells", async () => {
    const [one, same, other] = await Promise.all([
      saved("one.js", "serve();"),
      saved("same.js", "serve();"),
      saved("other.js", "serve(2);"),
    ]);

    const builds = await Promise.all([one, same, other].map((path) => buildOfRun(path)));

    expect(builds[0]?.server).toBe(buildHash([contentHash(Buffer.from("serve();"))]));
    expect(builds[0]?.server).toMatch(/^[0-9a-f]{16}$/);
    expect(builds[1]).toEqual(builds[0]);
    expect(builds[2]?.server).not.toBe(builds[0]?.server);
  });

  it("is unknown where there is no such file", async () => {
    expect(await buildOfRun(join(directory, "nowhere.js"))).toBeUndefined();
  });
});
