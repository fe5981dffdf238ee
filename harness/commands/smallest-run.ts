/**
 * `tipcart check --smallest`: from a stored run that broke a promise to the smallest part of it that still does, as a
 * journal of its own, which `tipcart check` can then judge or export like any other.
 */
import { writeFile } from "node:fs/promises";
import { propertyNamed } from "../../checkers/anomalies/catalog.ts";
import { cartCheckers } from "../../checkers/cart-checkers.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { encodeEvent } from "../../checkers/history/journal.ts";
import { smallestHistory } from "../../checkers/smallest-history.ts";
import { defaultRunsDirectory, openRunStore } from "../../results/store.ts";
import { catalog } from "../../workloads/catalog.ts";
import { exitCodes } from "../outcome.ts";
import { eventsOf } from "../run/journal-file.ts";

export type SmallestFlags = { readonly runs?: string; readonly smallest: string };

/** Violated when there is something to show, passed when no promise of the run was broken. */
export async function smallestRunCommand(which: string, { runs, smallest }: SmallestFlags): Promise<number> {
  const found = await openRunStore(runs ?? defaultRunsDirectory(process.cwd())).find(which);
  if (found.type === "failed") return say(found.reason, exitCodes.usage.code);
  const events = await eventsOf(found.value.journal);
  const history = historyOf(events);
  for (const checker of catalog.get(history.run?.workload ?? "")?.checkers ?? cartCheckers) {
    const { violations = {}, anomalies } = checker.check(history);
    const property = Object.keys(violations)
      .map(propertyNamed)
      .find((name) => name !== undefined);
    if (property === undefined) continue;
    const key = anomalies[0]?.key;
    const part = smallestHistory(events, { checker, property, ...(key === undefined ? {} : { key }) });
    if (part === undefined) continue;
    await writeFile(smallest, Buffer.concat(part.events.map(encodeEvent)));
    const size = `${part.requestCount} of ${part.requestCountBefore} requests`;
    const end = part.isMinimal ? "none of them can be left out" : "the search was ended by its budget";
    return say(`${size} break ${property} for ${checker.name}; ${end}.`, exitCodes.violated.code);
  }
  return say("No promise of this run was broken.", exitCodes.passed.code);
}

function say(sentence: string, exitCode: number): number {
  const isSaid = exitCode === exitCodes.usage.code ? process.stderr : process.stdout;
  isSaid.write(`tipcart: ${sentence}\n`);
  return exitCode;
}
