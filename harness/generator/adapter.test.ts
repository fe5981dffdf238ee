import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadAdapter, tipcartAdapter, usualOutcome } from "./adapter.ts";

const asked = { kind: "put", key: "a/b", value: Buffer.from("v"), serial: 3 } as const;

describe("an adapter", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "adapter-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const inFile = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return loadAdapter(join(folder, name));
  };

  it("is loaded from a file, with the usual outcome where it gives none", async () => {
    const loaded = await inFile(
      "kv.mjs",
      "export const request = ({ key, serial }) => ({ method: 'PUT', path: `/kv/${key}?n=${serial}` });",
    );

    expect(loaded).toMatchObject({ type: "loaded", adapter: { outcome: usualOutcome } });
    expect(loaded.type === "loaded" ? loaded.adapter.request(asked) : undefined).toEqual({
      method: "PUT",
      path: "/kv/a/b?n=3",
    });
  });

  it.each([
    ["empty.mjs", "export const nothing = 1;", 'exports no function called "request"'],
    ["broken.mjs", "export const request = (", "cannot be loaded"],
  ])("that is none is refused with a sentence: %s", async (name, text, reason) => {
    expect(await inFile(name, text)).toMatchObject({ reason: expect.stringContaining(reason) });
  });

  it.each([
    ["get", 200, "ok"],
    ["get", 404, "ok"],
    ["put", 404, "fail"],
    ["put", 503, "info"],
  ] as const)("calls a %s with status %i %s where it does not say otherwise", (kind, status, outcome) => {
    expect(usualOutcome({ kind, key: "k", status, headers: {} })).toBe(outcome);
  });

  it("of Tipcart hands the last context of a key back with the next write", () => {
    const adapter = tipcartAdapter("load");
    expect(adapter.request(asked)).toEqual({ method: "PUT", path: "/v1/load/a%2Fb", body: asked.value });

    adapter.learn?.({ kind: "get", key: "a/b", status: 200, headers: { "tipcart-context": "c1" } });

    expect(adapter.request(asked)).toMatchObject({ headers: { "tipcart-context": "c1" } });
    expect(adapter.request({ ...asked, key: "__proto__" }).headers).toBeUndefined();
  });
});
