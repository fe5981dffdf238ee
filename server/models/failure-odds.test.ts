import { describe, expect, it } from "vitest";
import { provedSuccessShare, requestsToProve, someDown } from "./failure-odds.ts";
import { reproduced } from "./figures.ts";

describe("failure odds", () => {
  it("are 15.6 % and 28.8 % that one of 50,000 or 100,000 machines is down, and not 16 and 30", () => {
    const shown = [50_000, 100_000].map((machines) => `${(100 * someDown(machines, 3.4e-6)).toFixed(1)} %`);

    expect(shown.join(", ")).toBe(reproduced("A4"));
  });

  it("are those of one machine for one machine, and certain for endlessly many", () => {
    expect(someDown(1, 0.25)).toBeCloseTo(0.25, 12);
    expect(someDown(2, 0.25)).toBeCloseTo(1 - 0.75 ** 2, 12);
    expect(someDown(1e9, 0.01)).toBe(1);
  });

  it("need 599,145 requests without a failure for the paper's 99.9995 %", () => {
    expect(requestsToProve(0.999_995, 0.95)).toBe(599_145);
    expect(provedSuccessShare(599_145, 0.95)).toBeGreaterThanOrEqual(0.999_995);
    expect(provedSuccessShare(599_144, 0.95)).toBeLessThan(0.999_995);
  });

  it("prove 99.985 % by a minute of 333 requests a second", () => {
    expect(`${(100 * provedSuccessShare(20_000, 0.95)).toFixed(3)} %`).toBe(reproduced("A15"));
  });
});
