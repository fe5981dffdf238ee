import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "../comparison/comparison.ts";
import { comparisonPage } from "../comparison/comparison-page.ts";
import { browserPath, openBrowser, watchedPage } from "../fixture/chromium.ts";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { stagedRun } from "../fixture/staged-run.ts";
import { nightlyPage } from "./nightly-page.ts";
import { seriesPage } from "./series-page.ts";

const night = (texts: readonly string[]): string =>
  nightlyPage({
    schema: 1,
    name: texts.join(" "),
    planHash: "",
    startedWallMs: 0,
    seconds: 60,
    shard: { index: 1, count: 1 },
    cellIds: [...texts],
    cells: texts.map((text) => ({
      id: text,
      workload: text,
      seed: 7,
      state: "judged",
      verdict: "violated",
      sentence: text,
      seconds: 20,
      replay: text,
      figures: {},
    })),
  });

const series = (texts: readonly string[]): string =>
  seriesPage({
    nights: [1, 2, 3].map((index) => ({
      schema: 1,
      name: "night",
      startedWallMs: index * 86_400_000,
      verdict: "passed",
      figures: Object.fromEntries(texts.map((text) => [text, 5 + index])),
    })),
    unreadable: [],
  });

const comparison = (texts: readonly string[]): string => {
  const hostile = texts.filter((_, index) => index % 7 === 0).join(" ");
  const side = { label: texts.join(" "), ...stagedRun({ rate: 4, text: (plain) => plain + hostile }) };
  const compared = compareRuns(side, side);
  const metrics = texts.map((name) => ({
    name,
    unit: "ms" as const,
    baseline: 1,
    candidate: 2,
    ratio: 2,
    verdict: "inconclusive" as const,
    isDeciding: true,
    pairs: [1, 2],
  }));
  const point = { baselineMs: 4, candidateMs: 5, lowMs: 4.8, highMs: 5.2 };
  const points = [0.5, 0.9, 0.99].map((quantile) => ({ ...point, quantile }));
  const bands = [{ operation: "get" as const, pairCount: 10, points }];
  return comparisonPage({ ...compared, method: hostile, metrics, bands, notes: texts });
};

describe.skipIf(browserPath === undefined)("in a browser", { timeout: 60_000 }, () => {
  let browser: Browser;
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tipcart-pages-"));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  it.each([
    ["night", night],
    ["series", series],
    ["comparison", comparison],
  ] as const)(
    "the page of a %s runs nothing that came with its data, and asks for nothing",
    async (name, made) => {
      const path = join(directory, `${name}.html`);
      await writeFile(path, made(injectionCorpus));
      const { page, complaints, requests } = await watchedPage(browser);
      await page.addInitScript("globalThis.tipcartPwned = () => { globalThis.pwned = true; }");

      await page.goto(pathToFileURL(path).href);

      expect(await page.evaluate("globalThis.pwned === undefined")).toBe(true);
      expect(await page.locator("main section").count()).toBeGreaterThan(0);
      expect(requests).toEqual([pathToFileURL(path).href]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it.each([
    ["night", night],
    ["series", series],
    ["comparison", comparison],
  ] as const)("the page of a %s fits a narrow window", async (name, made) => {
    const path = join(directory, `${name}-narrow.html`);
    await writeFile(path, made(["shopping-cart partition:majorities-ring n5 r2 w2: get p99", "put p50"]));
    const { page } = await watchedPage(browser);
    await page.setViewportSize({ width: 390, height: 900 });

    await page.goto(pathToFileURL(path).href);

    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await page.close();
  });
});
