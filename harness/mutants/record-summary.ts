/** What a record of mutants comes to, in a few sentences: how many are caught, how soon, and by what alone. */
import type { MutantRow } from "./record.ts";

type Rows = readonly MutantRow[];

/** Properties that are judged by what nodes say of themselves: where only these catch, clients could not tell. */
const toldByNodes: ReadonlySet<string> = new Set(["P14"]);

export function summaryOf(rows: Rows): string {
  const server = rows.filter(({ id, where }) => id.startsWith("M") && where !== "tests");
  const has = (id: string, state: MutantRow["state"]): boolean =>
    server.some((row) => row.id === id && row.state === state);
  const ids = [...new Set(server.map(({ id }) => id))];
  const run = ids.filter((id) => has(id, "caught") || has(id, "missed"));
  const caught = server.filter(({ state }) => state === "caught");
  const caughtIds = ids.filter((id) => has(id, "caught"));
  const byNodesAlone = caughtIds.filter((id) =>
    caught
      .filter((row) => row.id === id)
      .every(({ by }) => by.every((property) => toldByNodes.has(property))),
  );
  return [
    `${caughtIds.length} of ${run.length} mutants of the server caught (${percent(caughtIds.length, run.length)}): ` +
      `${countIn(caught, "simulated")} in the simulated world, ${countIn(caught, "real")} as real processes. ` +
      `Half of the catches took ${median(caught.map(({ seconds }) => seconds))} s or less.`,
    byNodesAlone.length === 0
      ? "Each shows in what clients saw."
      : `Only by what the nodes say of themselves, not by what clients saw: ${byNodesAlone.join(", ")}.`,
    controlSentence(rows.filter(({ id }) => id.startsWith("C"))),
    testSentence(rows.filter(({ where }) => where === "tests")),
  ].join(" ");
}

function controlSentence(controls: Rows): string {
  const green = controls.filter(({ state }) => state === "green");
  return `Of the runs of controls ${green.length} of ${controls.length} stayed green.`;
}

function testSentence(tested: Rows): string {
  const told = (letter: string, room: string): string => {
    const rows = tested.filter(({ id }) => id.startsWith(letter));
    const noticed = rows.filter(({ state }) => state === "caught");
    return `${noticed.length} of ${rows.length} mutants of the ${room}`;
  };
  return `The tests noticed ${told("K", "checkers")} and ${told("H", "harness")}.`;
}

const countIn = (rows: Rows, world: MutantRow["where"]): number =>
  rows.filter(({ where }) => where === world).length;

const percent = (part: number, all: number): string =>
  all === 0 ? "none run" : `${((100 * part) / all).toFixed(0)} %`;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
