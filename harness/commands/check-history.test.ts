import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeEvent } from "../../checkers/history/journal.ts";
import { parseNotation } from "../../checkers/history/notation.ts";
import { judgeHistory } from "./check-history.ts";
import { exportEdnCommand } from "./export-edn.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tipcart-check-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const kept = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
};
const usual = { workload: "list-append", timeLimit: "10s", memory: "16" };

/** The second append saw the list without the first one, and a later read has them the other way round. */
const swapped = `{:type :invoke, :process 0, :f :txn, :value [[:append :x 1]]}
{:type :ok, :process 0, :f :txn, :value [[:append :x 1]]}
{:type :invoke, :process 1, :f :txn, :value [[:append :x 2] [:r :x nil]]}
{:type :ok, :process 1, :f :txn, :value [[:append :x 2] [:r :x [2]]]}
{:type :invoke, :process 1, :f :txn, :value [[:r :x nil]]}
{:type :ok, :process 1, :f :txn, :value [[:r :x [2 1]]]}
`;

/** A read that misses the second of two acknowledged writes, as a journal of ours. */
const staleJournal = (): Uint8Array => {
  const notated = parseNotation(`
    p1 put cart/a 1.1 [] +apple -> ok n1
    p1 put cart/a 1.2 [1.1] +pear -> ok n1
    p2 get cart/a -> 1.1
  `);
  return Buffer.concat(notated.type === "ok" ? notated.events.map(encodeEvent) : []);
};

describe("a history of any store", () => {
  it("is judged by what its workload promises, or by what is expected of it", async () => {
    const path = await kept("swapped.edn", swapped);

    expect(await judgeHistory(path, usual)).toMatchObject({ type: "violated", anomalyCount: 1 });
    expect(await judgeHistory(path, { ...usual, expect: "serializable" })).toMatchObject({ type: "passed" });
  });

  it("is drawn, as a graph or as a picture", async () => {
    const path = await kept("drawn.edn", swapped);
    const drawings = ["cycle.dot", "cycle.svg"].map((name) => join(directory, name));

    for (const drawing of drawings) await judgeHistory(path, { ...usual, drawing });
    const [dot, svg] = await Promise.all(drawings.map((drawing) => readFile(drawing, "utf8")));

    expect(dot).toMatch(/^digraph/);
    expect(svg).toContain("</svg>");
  });

  it.each([
    [{ workload: "chess" }, /^--workload is "chess"; it is one of list-append, /],
    [{ expect: "fast" }, /^--expect: unknown consistency model fast; known are /],
    [{ timeLimit: "soon" }, /^--time-limit is soon; it is a duration such as 60s\.$/],
    [{ memory: "0" }, /^--memory is 0; /],
    [{}, /cannot be read: .*no such file/],
  ])("asked for with %j is refused in one sentence", async (flags, sentence) => {
    const refused = await judgeHistory(join(directory, "nowhere"), { ...usual, ...flags });

    expect(refused).toMatchObject({
      type: "refused",
      exit: "usage",
      sentence: expect.stringMatching(sentence),
    });
  });

  it("can be a journal of ours, of keyed registers only", async () => {
    const path = await kept("stale.journal", staleJournal());

    const judged = await judgeHistory(path, { ...usual, workload: "register", keyed: true });

    expect(judged).toMatchObject({ type: "violated", anomalies: [{ type: "stale-read", key: "cart/a" }] });
    expect(await judgeHistory(path, usual)).toMatchObject({
      type: "refused",
      sentence: expect.stringContaining(
        "it is a journal of Tipcart, which --workload register --keyed judges",
      ),
    });
  });

  it("can be a journal of ours that was written as EDN, with the same verdict", async () => {
    const journal = await kept("written.journal", staleJournal());
    const edn = join(directory, "written.edn");

    const exitCode = await exportEdnCommand(journal, { exportEdn: edn, as: "register" });
    const judged = await judgeHistory(edn, { ...usual, workload: "register", keyed: true });

    expect(exitCode).toBe(0);
    expect(judged).toMatchObject({ type: "violated", anomalies: [{ type: "stale-read" }] });
  });

  it("that ends inside a journal's frame is inconclusive at best", async () => {
    const path = await kept("torn.journal", staleJournal().subarray(0, -3));

    const judged = await judgeHistory(path, { ...usual, workload: "register", keyed: true });

    expect(judged).toMatchObject({
      type: "inconclusive",
      summary: expect.stringContaining("ends in the middle"),
    });
  });
});
