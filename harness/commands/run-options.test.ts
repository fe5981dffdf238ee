import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { defaultOptions } from "../test-plan.ts";
import { declareRunFlags, optionsOf, type RunFlags } from "./run-options.ts";

/** What the flags on a command line ask for, or the sentence that refuses them. */
const read = (...words: string[]): unknown => {
  const command = declareRunFlags(new Command("run")).exitOverride().parse(words, { from: "user" });
  const options = optionsOf("shopping-cart", command.opts<RunFlags>(), 99);
  return "type" in options ? options.sentence : options;
};

const readFor = (workload: string, ...words: string[]) => {
  const command = declareRunFlags(new Command("run")).exitOverride().parse(words, { from: "user" });
  return optionsOf(workload, command.opts<RunFlags>(), 99);
};

describe("the flags of a run", () => {
  it("without any are the defaults and the drawn seed", () => {
    expect(read()).toEqual({ ...defaultOptions, seed: 99 });
  });

  it("are taken over each by each", () => {
    expect(
      read(
        "--seed",
        "7",
        "--strict",
        "--versions",
        "vv-max",
        "--faults",
        "none",
        "--warm-up",
        "500ms",
        "--sla",
        "fault,recovery",
      ),
    ).toMatchObject({
      seed: 7,
      strict: true,
      versions: "vv-max",
      faults: [],
      warmUpMs: 500,
      slaPhases: ["fault", "recovery"],
    });
  });

  it.each([
    [["--codec", "xml"], '--codec is "xml"; it must be one of tagged, union.'],
    [["--steady", "soon"], '--steady is "soon"; it must be a time such as 30s, 500ms or 2m.'],
    [["--sla", "closing"], '--sla is "closing"; it must be one of fault, recovery.'],
    [
      ["--faults", "flood"],
      expect.stringMatching(/^--faults: "flood" is no fault; known are kill, .*, load, or none\.$/),
    ],
  ])("that are wrong are named: %j", (words, sentence) => {
    expect(read(...words)).toEqual(sentence);
  });

  it("take service levels as expressions beside phases", () => {
    expect(read("--sla", "put:p99.9<300ms@steady,recovery<5s,fault")).toMatchObject({
      sla: ["put:p99.9<300ms@steady", "recovery<5s"],
      slaPhases: ["fault"],
    });
  });

  it("go before the settings that a workload brings", () => {
    expect(readFor("product-catalogue")).toMatchObject({ n: 3, r: 1, w: 3, strict: false });
    expect(readFor("product-catalogue", "--n", "2")).toMatchObject({ n: 2, r: 1, w: 2 });
    expect(readFor("register", "--r", "1")).toMatchObject({ r: 1, w: 2, strict: true });
    expect(readFor("session-store")).toMatchObject({ versions: "lww" });
    expect(readFor("session-store", "--versions", "dvv")).toMatchObject({ versions: "dvv" });
  });

  it("name the first mistake when there are several", () => {
    expect(read("--net", "carrier-pigeon", "--clock", "sundial")).toMatch("--net is");
  });
});
