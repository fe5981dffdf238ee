import { describe, expect, test } from "vitest";
import { historyIn } from "./history/notated.fixture.ts";
import { serviceRows } from "./service-level.ts";

const phases = `
  phase warm warm-up 0..1000
  phase one steady 1000..3000
  phase f1 fault 3000..4000 fault=f1
  phase two steady 4000..6000
  objective get 0.999 300 steady hard`;

describe("service rows", () => {
  test("count each request in the phase in which it was intended, all phases of a kind first", () => {
    const rows = serviceRows(
      historyIn(`${phases}
        p1 get a @10..20 -> none
        p2 get a @1000..1010 -> none
        p3 get a @2990/3100..3400 -> none
        p4 get a @3500..3501 -> none
        p5 get a @4000..4001 -> info timeout
        p6 get a @5000..5001 -> fail overloaded`),
    ).filter(({ operation }) => operation === "get");

    expect(
      rows.map((row) => [row.kind, row.phase, row.requestCount, row.slowCount, row.failCount, row.infoCount]),
    ).toEqual([
      ["steady", null, 4, 1, 1, 1],
      ["steady", "one", 2, 1, 0, 0],
      ["steady", "two", 2, 0, 1, 1],
      ["fault", null, 1, 0, 0, 0],
      ["fault", "f1", 1, 0, 0, 0],
    ]);
    expect(rows.map(({ hard }) => hard)).toEqual([true, false, false, false, false]);
    expect(rows[4]).toMatchObject({ fault: "f1" });
  });

  test("count at the limit exactly, to the microsecond", () => {
    const [row] = serviceRows(
      historyIn(`${phases}
        p1 get a @1000..1300 -> none
        p2 get a @1000..1300.001 -> none
        p3 get a @1000..1299.999 -> none`),
    );

    expect(row).toMatchObject({ okCount: 3, slowCount: 1 });
  });

  test("measure from the sending when asked for the service time", () => {
    const history = historyIn(`${phases}\np1 get a @1000/1400..1500 -> none`);

    expect(serviceRows(history)[0]).toMatchObject({ slowCount: 1 });
    expect(serviceRows(history, "service")[0]).toMatchObject({ slowCount: 0 });
  });

  test("count dropped arrivals as bad", () => {
    const [row] = serviceRows(historyIn(`${phases}\np1 get a @1000..1001 -> none\nload 1500 dropped=3`));

    expect(row).toMatchObject({ requestCount: 1, droppedCount: 3, badRatio: 0.75 });
  });

  test("tell a percentile only when three requests lie beyond it", () => {
    const [row] = serviceRows(historyIn(`${phases}\n300x/5 p1 get a @1000..1001 -> none`));

    expect(row?.latencyMs).toMatchObject({ p50: 1, p99: 1, p999: null, max: 1 });
  });

  test("show the whole stall: of 6 s at 500 a second with a stall of one, 11.7 % are over 300 ms", () => {
    const stall = Array.from({ length: 500 }, (_, index) => {
      const intended = 2000 + index * 2;
      return `p${1000 + index} get a @${intended}..3000.5 -> none`;
    });
    const rows = serviceRows(
      historyIn(`phase all steady 0..6000
        objective any 0.999 300 steady
        1000x/2 p1 get a @0..0.5 -> none
        1500x/2 p1 get a @3001..3001.5 -> none
        ${stall.join("\n")}`),
    );
    const row = rows.find(({ operation, phase }) => operation === "any" && phase === null);

    expect(row?.requestCount).toBe(3000);
    expect(row?.badRatio).toBeCloseTo(0.117, 3);
    expect(row?.latencyMs.p50).toBeLessThan(2);
    expect(row?.verdict).toBe("breached");
  });
});
