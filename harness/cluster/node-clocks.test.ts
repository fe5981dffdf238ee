import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseClocks } from "./clock-choice.ts";
import { bundleSource } from "./contract-subject.fixture.ts";
import { findLibfaketime, libfaketimeClock } from "./libfaketime-clock.ts";
import type { NodeClocks } from "./node-clocks.ts";
import { preloadClock } from "./preload-clock.ts";

/** Answers each line with what the clocks of the process say. */
const teller = `
  const { createInterface } = await import("node:readline");
  const started = Date.now();
  for await (const _ of createInterface({ input: process.stdin }))
    console.log(JSON.stringify({
      started,
      now: Date.now(),
      constructed: new Date().getTime(),
      called: Date.parse(Date()),
      given: new Date(86400000).getTime(),
      kind: new Date() instanceof Date && new Date().constructor === Date,
      monotonic: performance.now(),
    }));
`;

type Told = {
  readonly started: number;
  readonly now: number;
  readonly constructed: number;
  readonly called: number;
  readonly given: number;
  readonly kind: boolean;
  readonly monotonic: number;
};

let directory: string;
let offsetFile: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tipcart-clock-"));
  offsetFile = join(directory, "n1.clock");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** What a process says at the start, and again each time after the offset was set to the next of `offsets`. */
async function toldAfter(
  clocks: NodeClocks,
  first: number,
  offsets: readonly number[],
): Promise<readonly Told[]> {
  clocks.write(offsetFile, first);
  const { environment, nodeOptions } = clocks.launch(offsetFile);
  const child = execa(process.execPath, [...nodeOptions, "--input-type=module", "-e", teller], {
    env: environment,
    buffer: false,
  });
  const lines = child.iterable();
  const ask = async (): Promise<Told> => {
    child.stdin.write("?\n");
    const { value } = await lines.next();
    return JSON.parse(String(value)) as Told;
  };
  const told = [await ask()];
  for (const offset of offsets) {
    clocks.write(offsetFile, offset);
    told.push(await expectLater(ask, offset));
  }
  child.stdin.end();
  await child;
  clocks.removeLeftovers(child.pid ?? 0);
  return told;
}

/** The first answer in which the clock has moved to about the offset; how soon that is, is the backend's affair. */
async function expectLater(ask: () => Promise<Told>, offset: number): Promise<Told> {
  let told = await ask();
  await expect
    .poll(
      async () => {
        told = await ask();
        return Math.abs(told.now - Date.now() - offset);
      },
      { timeout: 5_000, interval: 5 },
    )
    .toBeLessThan(1_000);
  return told;
}

const ahead = (of: number): number => of - Date.now();
const dayMs = 86_400_000;
/** Much less than any offset here, and more than a busy machine needs between an answer and its judgement. */
const slackMs = 60_000;

const library = findLibfaketime();
const backends: readonly (readonly [string, () => Promise<NodeClocks | undefined>])[] = [
  [
    "node preload",
    async () =>
      preloadClock(
        await bundleSource("harness/cluster/clock-preload.ts", join(directory, "clock-preload.mjs")),
      ),
  ],
  ["libfaketime", async () => (library === undefined ? undefined : libfaketimeClock(library))],
];

describe("a bent clock", () => {
  it.for(backends)(
    "of %s is set before the start, jumps both ways, and comes back",
    async ([, make], { skip }) => {
      const clocks = await make();
      if (clocks === undefined) return skip("libfaketime is not installed");

      const [atFirst, forward, back, home] = await toldAfter(clocks, 3_600_000, [dayMs, -90_000, 0]);

      expect(Math.abs(ahead(atFirst?.started ?? 0) - 3_600_000)).toBeLessThan(slackMs);
      expect(Math.abs(ahead(forward?.now ?? 0) - dayMs)).toBeLessThan(slackMs);
      expect(Math.abs(ahead(forward?.constructed ?? 0) - dayMs)).toBeLessThan(slackMs);
      expect(Math.abs(ahead(forward?.called ?? 0) - dayMs)).toBeLessThan(slackMs);
      expect(Math.abs(ahead(back?.now ?? 0) + 90_000)).toBeLessThan(slackMs);
      expect(Math.abs(ahead(home?.now ?? 0))).toBeLessThan(slackMs);
    },
  );

  it.for(backends)("of %s leaves monotonic time and given dates alone", async ([, make], { skip }) => {
    const clocks = await make();
    if (clocks === undefined) return skip("libfaketime is not installed");

    const [before, after] = await toldAfter(clocks, 0, [dayMs]);

    expect(after?.given).toBe(dayMs);
    expect(after?.kind).toBe(true);
    expect((after?.monotonic ?? 0) - (before?.monotonic ?? 0)).toBeLessThan(10_000);
    expect(after?.monotonic ?? 0).toBeGreaterThan(before?.monotonic ?? 0);
  });

  it("is refused by name when libfaketime is asked for and missing, else chosen", () => {
    const chosen = chooseClocks("libfaketime");

    expect(chosen.type).toBe(library === undefined ? "unavailable" : "chosen");
    expect(chooseClocks("preload")).toMatchObject({ type: "chosen", clocks: { backend: "node preload" } });
  });
});
