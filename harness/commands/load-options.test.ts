import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { declareLoadFlags, type LoadFlags, loadPlanOf } from "./load-options.ts";

const read = (...words: string[]) => {
  const command = declareLoadFlags(new Command("load")).exitOverride().parse(words, { from: "user" });
  return loadPlanOf(command.opts<LoadFlags>());
};

describe("the flags of a load", () => {
  it("without any load a cluster of their own", () => {
    expect(read()).toMatchObject({
      target: { type: "cluster", nodes: 3, n: 3, r: 2, w: 2, isDurable: true },
      rate: 500,
      durationMs: 20_000,
      pacer: "worker",
      expressions: [{ type: "latency", operation: "any" }],
      isSearch: false,
      isCalibrated: true,
    });
  });

  it("name any store, its adapter, and what it must hold", () => {
    const words = ["--url", "http://127.0.0.1:1/", "--url", "http://127.0.0.1:2", "--adapter", "a.js"];

    expect(read(...words, "--sla", "put:p99<5ms,get:ok>=99%", "--find-max", "--no-calibrate")).toMatchObject({
      target: {
        type: "given",
        target: { transport: "http", urls: ["http://127.0.0.1:1", "http://127.0.0.1:2"], adapter: "a.js" },
      },
      expressions: [{ operation: "put" }, { operation: "get" }],
      isSearch: true,
      isCalibrated: false,
    });
    expect(read("--framed", "::1:80")).toMatchObject({
      target: { target: { transport: "framed", entrances: [{ host: "::1", port: 80 }] } },
    });
  });

  it.each([
    [["--rate", "many"], '--rate is "many"; it must be a number from 1 to 100000.'],
    [["--duration", "10ms"], '--duration is "10ms"; it must be a time from 1000ms to 24h'],
    [["--arrivals", "sawtooth"], '--arrivals is "sawtooth"; it must be poisson, constant, ramp'],
    [["--pacer", "sundial"], '--pacer is "sundial"; it must be one of worker, timer, spin.'],
    [["--sla", "fast"], 'The service level "fast" is not of the form'],
    [["--sla", "p99<1s@n1"], 'names "@n1"; known are steady, fault, recovery'],
    [["--url", "nowhere"], '--url is "nowhere"; it must be an address such as'],
    [["--framed", "here"], '--framed is "here"; it must be host:port.'],
    [["--null", "--url", "http://a"], "Only one of --url, --framed and --null can be given."],
    [["--adapter", "a.js"], "--adapter says how a store at --url is used; give --url too."],
    [["--nodes", "2", "--n", "3"], '--n is "3"; it must be a number from 1 to 2.'],
    [["--key-count", "1.5"], '--key-count is "1.5"; it must be whole.'],
  ])("that are wrong are named: %j", (words, sentence) => {
    const plan = read(...words);

    expect(plan).toMatchObject({
      type: "refused",
      exit: "usage",
      sentence: expect.stringContaining(sentence),
    });
  });
});
