/** The notation's lines about the run itself: its promises, phases and objectives. */
import type { Objective, Phase, PhaseKind, RunStarted } from "./event.ts";
import { listOf, microsOf, NotationMistake, settingsOf, spanOf } from "./notation-line.ts";

const phaseKinds: readonly PhaseKind[] = ["warm-up", "steady", "fault", "recovery", "settle", "final"];
const operations: readonly Objective["operation"][] = ["get", "put", "delete", "any"];

/** Defaults: three nodes, N=3, R=W=2, sloppy, dotted versions, tagged carts. */
export const runOf = (words: readonly string[]): RunStarted => {
  const { settings, bare } = settingsOf(words.slice(1));
  const number = (name: string, otherwise: number): number => Number(settings.get(name) ?? otherwise);
  for (const word of bare)
    if (word !== "strict") throw new NotationMistake(`"${word}" says nothing of a run`);
  return {
    type: "run",
    schema: 1,
    name: "notation",
    seed: 1,
    startedWallMs: 0,
    workload: settings.get("workload") ?? "shopping-cart",
    nodes: listOf(settings.get("nodes") ?? "n1,n2,n3"),
    promises: {
      n: number("n", 3),
      r: number("r", 2),
      w: number("w", 2),
      pr: number("pr", 0),
      pw: number("pw", 0),
      sloppy: !bare.includes("strict"),
      versions: settings.get("versions") ?? "dvv",
      codec: settings.get("codec") ?? "tagged",
    },
    phases: [],
    objectives: [],
    expect: listOf(settings.get("expect") ?? ""),
  };
};

export const phaseOf = (words: readonly string[]): Phase => {
  const { settings, bare } = settingsOf(words.slice(1));
  const [name, kindWord, span] = bare;
  const kind = phaseKinds.find((one) => one === kindWord);
  if (name === undefined || kind === undefined || span === undefined) {
    throw new NotationMistake("expected: phase <name> <kind> <from>..<until>");
  }
  const { from, until } = spanOf(span);
  const fault = settings.get("fault");
  return { name, kind, from, until: until ?? from, ...(fault === undefined ? {} : { fault }) };
};

export const objectiveOf = (words: readonly string[]): Objective => {
  const [, operationWord, quantile = "", limit = "", phaseWord, hard] = words;
  const operation = operations.find((one) => one === operationWord);
  const phase = phaseKinds.find((one) => one === phaseWord);
  if (operation === undefined || phase === undefined) {
    throw new NotationMistake(
      "expected: objective <operation> <quantile> <limit in ms> <kind of phase> [hard]",
    );
  }
  const limitMs = microsOf(limit) / 1000;
  return { operation, quantile: Number(quantile), limitMs, phase, hard: hard === "hard" };
};
