import { beforeEach, expect, it, vi } from "vitest";
import { machineAbilities } from "./machine-abilities.ts";

const { installed } = vi.hoisted(() => ({ installed: new Set<string>() }));

vi.mock(import("../shell.ts"), async (importOriginal) => ({
  ...(await importOriginal()),
  findProgram: (name) => (installed.has(name) ? `/usr/bin/${name}` : undefined),
}));

beforeEach(() => installed.clear());

it("a machine without programs can do nothing more, unless it is told to mount images", () => {
  expect(machineAbilities("auto")).toEqual([]);
  expect(machineAbilities("image")).toEqual(["power-cut"]);
});

it.skipIf(process.platform !== "linux")(
  "a compiler gives disks that fail, and prlimit gives limits of files",
  () => {
    installed.add("cc").add("prlimit");

    expect(machineAbilities("auto")).toEqual(["power-cut", "disk-trouble", "file-limit"]);
    expect(machineAbilities("image")).toEqual(["power-cut", "file-limit"]);
  },
);
