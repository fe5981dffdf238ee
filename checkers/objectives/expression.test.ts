import { describe, expect, test } from "vitest";
import { parseSla } from "./expression.ts";

const names = { faults: ["kill", "pause"], nodes: ["n1", "n2"] };
const everywhere = { phases: [], faults: [], nodes: [] };

describe("a service level", () => {
  test.each([
    ["put:p99.9<=300ms", { type: "latency", operation: "put", share: 0.999, limitMs: 300 }],
    ["p50<=2s", { type: "latency", operation: "any", share: 0.5, limitMs: 2000 }],
    ["get:ok>=99.95%", { type: "ok", operation: "get", share: 0.9995 }],
    ["recovery<=5s", { type: "recovery", limitMs: 5000 }],
    ["budget<1x", { type: "budget", operation: "any", times: 1 }],
  ])("is read: %s", (text, expected) => {
    expect(parseSla(text, names)).toMatchObject({ ...expected, text, scope: everywhere });
  });

  test("below a limit excludes it, by the microsecond", () => {
    expect(parseSla("put:p99.9<300ms", names)).toMatchObject({ limitMs: 299.999 });
    expect(parseSla("recovery<5s", names)).toMatchObject({ limitMs: 4999.999 });
  });

  test("is narrowed down to phases, faults and nodes", () => {
    expect(parseSla("any:p99<1s@fault@recovery@kill@n2", names)).toMatchObject({
      scope: { phases: ["fault", "recovery"], faults: ["kill"], nodes: ["n2"] },
    });
  });

  test.each([
    ["p99.9", "is not of the form"],
    ["write:p99<1s", 'begins with "write"; it must be one of get, put, delete, any'],
    ["put:p0<1s", 'asks for "p0"'],
    ["put:mean<1s", 'asks for "mean"; known are p50 to p99.999, ok, recovery and budget'],
    ["put:p99>1s", "only < and <= make sense"],
    ["put:p99<5x", "asks for a time, such as 300ms or 5s"],
    ["put:p99<0ms", "asks for a time"],
    ["get:ok>=100%", "asks for more than 0 % and less than 100 %"],
    ["get:ok<99%", "asks for a share"],
    ["put:recovery<5s", "gives an operation"],
    ["budget<0x", "asks for a multiple"],
    ["p99<1.2.3s", 'has "1.2.3" where a number is asked for'],
    ["p99<1s@n7", 'names "@n7"; known are steady, fault, recovery, kill, pause, n1, n2'],
    ["p99<1s@__proto__", 'names "@__proto__"'],
  ])("that is wrong is quoted with what is wrong: %s", (text, reason) => {
    const parsed = parseSla(text, names);

    expect(parsed).toMatchObject({ type: "mistake" });
    expect("reason" in parsed ? parsed.reason : "").toContain(reason);
    expect("reason" in parsed ? parsed.reason : "").toContain(`"${text}"`);
  });
});
