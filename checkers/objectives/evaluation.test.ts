import { describe, expect, test } from "vitest";
import { historyIn } from "../history/notated.fixture.ts";
import { slaRows } from "./evaluation.ts";
import { slaOf } from "./of-run.ts";

const phases = `
  phase steady steady 0..30000
  phase 1-kill fault 30000..35000 fault=f1
  phase after recovery 35000..45000 fault=f1
  phase 2-pause fault 45000..50000 fault=f2
  fault f1 kill n1 active 30100..34000
  fault f2 pause n2 active 45100..49000`;

const rowsOf = (text: string) => {
  const history = historyIn(`${phases}\n${text}`);
  return slaRows(history, slaOf(history).expressions);
};

const verdicts = (text: string) => rowsOf(text).map(({ where, verdict }) => [where, verdict]);

describe("a latency", () => {
  test("counts exactly at the limit: what takes it is over a strict one and within one that includes it", () => {
    const atTheLimit = "3000x/10 p1 get a @0..300 -> none";

    expect(verdicts(`sla get:p99.9<300ms get:p99.9<=300ms\n${atTheLimit}`)).toEqual([
      ["the steady phases", "breached"],
      ["the steady phases", "proved"],
    ]);
  });

  test("of one node leaves out what entered at others", () => {
    const rows = rowsOf(`sla any:p99<100ms@n2
      300x/10 p1 get a via=n2 @0..1 -> none
      300x/10 p2 get a via=n1 @0..900 -> none`);

    expect(rows).toMatchObject([{ verdict: "proved", requestCount: 300, badCount: 0 }]);
  });

  test("in fault windows must hold in each alone", () => {
    expect(
      verdicts(`sla p90<100ms@fault
        100x/10 p1 get a @30000..30001 -> none
        100x/10 p1 get a @45000..45500 -> none`),
    ).toEqual([
      ["1-kill", "proved"],
      ["2-pause", "breached"],
    ]);
  });

  test("of a kind of fault speaks of its windows, and with a phase of the recovery from them", () => {
    const load = "100x/10 p1 get a @30000..30001 -> none\n100x/10 p1 get a @36000..36001 -> none";

    expect(verdicts(`sla p90<100ms@kill\n${load}`)).toEqual([["1-kill", "proved"]]);
    expect(verdicts(`sla p90<100ms@kill@recovery\n${load}`)).toEqual([["after", "proved"]]);
  });

  test("over nothing is inconclusive", () => {
    expect(rowsOf("sla put:p99<1s")).toMatchObject([{ verdict: "inconclusive", requestCount: 0 }]);
    expect(rowsOf("sla p99<1s@pause@recovery")).toMatchObject([{ where: "no window of this run" }]);
  });
});

describe("success", () => {
  test("is an answer, however late", () => {
    const load = "3000x/10 p1 get a @0..9 -> none\n2x/10 p2 get a @0..9000 -> none";

    expect(verdicts(`sla get:ok>=99.9%\n${load}`)).toEqual([["the steady phases", "proved"]]);
    expect(verdicts(`sla get:ok>=99.9%\n${load}\n30x/10 p3 get a @0..5 -> fail overloaded`)).toEqual([
      ["the steady phases", "breached"],
    ]);
  });
});

describe("a budget", () => {
  test("is spent by bad requests, as a multiple of what the objective allows", () => {
    const load = "3000x/9 p1 get a @0..1 -> none\n9x/10 p2 get a @0..400 -> none";

    expect(rowsOf(`sla budget<1x budget<20x\n${load}`)).toMatchObject([
      { verdict: "breached", badCount: 9 },
      { verdict: "proved", observed: expect.stringContaining("2.99x") },
    ]);
  });
});

const good = (from: number) => `2000x/1 p1 get a @${from}..${from + 1} -> none`;

describe("recovery", () => {
  test("lasts until three good seconds begin", () => {
    const rows = rowsOf(`sla recovery<3s@kill recovery<1.5s@kill
      ${good(30_000)}
      10x/1 p2 get a @35500..36500 -> none
      ${good(37_000)}`);

    expect(rows.map(({ verdict, observed }) => [verdict, observed])).toEqual([
      ["met", "recovered 2.0 s after the heal"],
      ["breached", "recovered 2.0 s after the heal"],
    ]);
  });

  test("that was not watched for long enough is inconclusive", () => {
    const rows = rowsOf(`sla recovery<5s@pause recovery<2m@kill
      10x/500 p2 get a @34500..35500 -> none
      10x/1000 p2 get a @35500..36500 -> none
      10x/500 p2 get a @45500..46500 -> none`);

    expect(rows.map(({ verdict }) => verdict)).toEqual(["inconclusive", "inconclusive"]);
  });

  test("that did not come in time is a breach", () => {
    const rows = rowsOf(`sla recovery<2s@kill\n20x/500 p2 get a @34500..35500 -> none`);

    expect(rows).toMatchObject([{ verdict: "breached" }]);
  });
});
