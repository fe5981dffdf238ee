/**
 * Runs every golden history. A file's head says in prose what it shows, and what must be said of it:
 *
 *     verdict acked-writes violated lost-write=1
 *
 * One such line at least, for the checker whose folder it stands in; others may follow. An anomaly with a count must
 * be found just so often, and no other may be found.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { historyOf } from "../history/history.ts";
import { parseNotation } from "../history/notation.ts";
import { runCheckers } from "../record-checkers.ts";
import type { Verdict } from "../verdict.ts";

type Expected = { readonly checker: string; readonly type: string; readonly anomalies: readonly string[] };

const folder = new URL(".", import.meta.url);
const checkersByName = new Map(runCheckers.map((checker) => [checker.name, checker]));

const expectationsIn = (text: string): Expected[] =>
  [...text.matchAll(/^verdict (\S+) (\S+)(.*)$/gm)].map(([, checker = "", type = "", anomalies = ""]) => ({
    checker,
    type,
    anomalies: anomalies.trim().split(/\s+/).filter(Boolean).toSorted(),
  }));

const foundIn = ({ anomalies }: Verdict): string[] => {
  const counts = new Map<string, number>();
  for (const { type } of anomalies) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => `${type}=${count}`).toSorted();
};

for (const checker of runCheckers) {
  describe(`golden histories of ${checker.name}`, () => {
    const files = readdirSync(new URL(`${checker.name}/`, folder)).filter((file) =>
      file.endsWith(".history"),
    );

    test("are at least three: valid, the anomaly alone, the anomaly in noise", () => {
      expect(files.length).toBeGreaterThanOrEqual(3);
    });

    for (const file of files) {
      const text = readFileSync(new URL(`${checker.name}/${file}`, folder), "utf8");
      const expected = expectationsIn(text);
      const notated = parseNotation(text.replace(/^verdict .*$/gm, ""));

      test(`${file} is judged as its head says`, () => {
        expect(notated).toMatchObject({ type: "ok" });
        if (notated.type !== "ok") return;
        const history = historyOf(notated.events);

        const verdicts = expected.map(({ checker: name }) => checkersByName.get(name)?.check(history));

        expect(expected.map((one) => one.checker)).toContain(checker.name);
        expect(history.defects).toEqual([]);
        expect(
          verdicts.map((verdict) => verdict && { type: verdict.type, anomalies: foundIn(verdict) }),
        ).toEqual(expected.map(({ type, anomalies }) => ({ type, anomalies })));
      });
    }
  });
}
