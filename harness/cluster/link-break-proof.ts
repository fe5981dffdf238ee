/**
 * The proof that connections over links are broken, and that they stand again: by connections of the harness's own,
 * some held since before it happened, some opened after. A connection that carries a number proves that it is not
 * broken, so that nothing waits for silence where there is none.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Done, Grudge } from "./cluster.ts";
import { type LinkBreak, shapeText } from "./link-shape.ts";
import { pairName } from "./links.ts";
import type { Opened, ProbeWire, Strand } from "./probe-wire.ts";

/** What has not crossed so long after newer connections carried as much is not on its way. */
const silenceMs = 50;

type Broken = {
  readonly shape: { readonly trouble: LinkBreak };
  /** Links that are broken, and can be looked at. */
  readonly pairs: Grudge;
  /** Connections over them from before. */
  readonly held: readonly ProbeWire[];
  /** Larger than any that these have carried. */
  readonly number: number;
  readonly open: (pair: Grudge[number]) => Promise<Opened>;
  readonly withinMs: number;
};

/** `done` with the connections that were opened meanwhile, whose keeper is the caller; they are closed if it failed. */
export type BreakProof = { readonly outcome: Done; readonly fresh: readonly ProbeWire[] };

export async function proveBroken(broken: Broken): Promise<BreakProof> {
  if (broken.pairs.length === 0) return { outcome: failed("All these links are cut."), fresh: [] };
  return broken.shape.trouble === "reset" ? proveReset(broken) : proveHalf(broken);
}

/** New connections over these links stand and carry bytes both ways. */
export async function proveWhole({
  pairs,
  open,
  withinMs,
}: Pick<Broken, "pairs" | "open" | "withinMs">): Promise<BreakProof> {
  const opened = await openAll(pairs, open);
  const fresh = wiresOf(opened);
  const refused = opened.flatMap(({ pair, answer }) =>
    answer.type === "refused" ? [`${pairName(pair)}: ${answer.code}`] : [],
  );
  if (refused.length > 0) return closing(fresh, `No new connection stands over ${refused.join(", ")}.`);
  for (const wire of fresh) wire.send(1);
  const strands = fresh.flatMap((wire) => wire.strands);
  await until(() => strands.every((strand) => strand.hasCrossed(1)), withinMs);
  const silent = strands.filter((strand) => !strand.hasCrossed(1));
  if (silent.length > 0) return closing(fresh, `New connections carry nothing over ${namesOf(silent)}.`);
  return { outcome: { type: "done", evidence: `new connections over ${names(pairs)} carry bytes` }, fresh };
}

/** What stood meets ECONNRESET at both ends, and nothing new can be opened. */
async function proveReset(broken: Broken): Promise<BreakProof> {
  const { shape, pairs, open } = broken;
  const strands = await told(broken, broken.withinMs, isTold);
  const spared = strands.filter(({ brokenBy }) => brokenBy === undefined);
  if (spared.length > 0)
    return { outcome: failed(`Established connections still stand over ${namesOf(spared)}.`), fresh: [] };
  const opened = await openAll(pairs, open);
  const standing = opened.filter(({ answer }) => answer.type === "opened").map(({ pair }) => pair);
  if (standing.length > 0)
    return closing(wiresOf(opened), `New connections are accepted over ${names(standing)}.`);
  const codes = opened.flatMap(({ answer }) => (answer.type === "refused" ? [answer.code] : []));
  const met = [...new Set(strands.map(({ brokenBy }) => brokenBy))].join(", ");
  const evidence = `${shapeText(shape)}: those over ${names(pairs)} met ${met}, and new ones ${[...new Set(codes)].join(", ")}`;
  return { outcome: { type: "done", evidence }, fresh: [] };
}

/** What stood carries nothing over these links, without a word or after an end; what is new does. */
async function proveHalf(halved: Broken): Promise<BreakProof> {
  const { shape, pairs, number, withinMs } = halved;
  const isClosing = shape.trouble === "half-close";
  const wanted = new Set(pairs.map(pairName));
  const isOfThese = ({ name }: Strand): boolean => wanted.has(name);
  const strands = await told(halved, isClosing ? withinMs : 0, ({ hasEnded }) => hasEnded);
  const whole = await proveWhole(halved);
  if (whole.outcome.type === "failed") return whole;
  await delay(silenceMs);
  const spared = strands.filter(
    (strand) =>
      isOfThese(strand) && (strand.hasCrossed(number) || strand.hasEnded !== isClosing || isTold(strand)),
  );
  const lost = strands.filter((strand) => isClosing && !isOfThese(strand) && !strand.hasCrossed(number));
  if (spared.length > 0)
    return closing(whole.fresh, `Established connections are not ${shape.trouble} over ${namesOf(spared)}.`);
  if (lost.length > 0) return closing(whole.fresh, `Nothing comes back any more over ${namesOf(lost)}.`);
  const seen = isClosing ? "ended that way alone" : "carried nothing and nobody was told";
  const evidence = `${shapeText(shape)}: those over ${names(pairs)} ${seen}, and new ones carry bytes`;
  return { outcome: { type: "done", evidence }, fresh: whole.fresh };
}

const isTold = ({ brokenBy }: Strand): boolean => brokenBy !== undefined;

/** All directions of the held connections, once each has carried a number or shows what is looked for. */
async function told(
  { held, number }: Pick<Broken, "held" | "number">,
  withinMs: number,
  isShown: (strand: Strand) => boolean,
): Promise<readonly Strand[]> {
  for (const wire of held) wire.send(number);
  const strands = held.flatMap((wire) => wire.strands);
  await until(() => strands.every((strand) => isShown(strand) || strand.hasCrossed(number)), withinMs);
  return strands;
}

type Answered = { readonly pair: Grudge[number]; readonly answer: Opened };

/** One after another, since they may share the ears at their far ends. */
async function openAll(pairs: Grudge, open: Broken["open"]): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (const pair of pairs) answers.push({ pair, answer: await open(pair) });
  return answers;
}

const wiresOf = (answers: readonly Answered[]): readonly ProbeWire[] =>
  answers.flatMap(({ answer }) => (answer.type === "opened" ? [answer.wire] : []));

function closing(wires: readonly ProbeWire[], reason: string): BreakProof {
  for (const wire of wires) wire.close();
  return { outcome: failed(reason), fresh: [] };
}

async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!isSo() && performance.now() < end) await delay(1);
}

const failed = (reason: string): Done => ({ type: "failed", reason });
const names = (pairs: Grudge): string => pairs.map(pairName).join(", ");
const namesOf = (strands: readonly Strand[]): string =>
  [...new Set(strands.map(({ name }) => name))].join(", ");
