import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserPath, openBrowser, watchedPage } from "../fixture/chromium.ts";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { type StagedRun, stagedRun } from "../fixture/staged-run.ts";
import { count } from "../units.ts";
import { explorerProgram } from "./explorer-program.ts";
import { renderReport } from "./report.ts";

describe.skipIf(browserPath === undefined)("the report in a browser", () => {
  let browser: Browser;
  let directory = "";
  let program = "";

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tipcart-report-"));
    browser = await openBrowser();
    program = (await explorerProgram()) ?? "";
  });
  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  const saved = async (name: string, { record, figures }: StagedRun): Promise<string> => {
    const path = join(directory, `${name}.html`);
    await writeFile(path, renderReport(record, figures, program));
    return pathToFileURL(path).href;
  };

  it("shows the numbers of the run, asks for nothing but itself, and complains of nothing", async () => {
    const run = stagedRun({ variant: "violated" });
    const { page, complaints, requests } = await watchedPage(browser);
    const url = await saved("violated", run);

    await page.goto(url);
    await page.locator("#explorer-state", { hasText: "requests shown" }).waitFor();

    expect(await page.locator("h1").innerText()).toContain("31 of 19,039 acknowledged writes lost");
    expect(await page.locator("#explorer-state").innerText()).toContain(
      `${count(run.figures.explored.allCount)} requests shown`,
    );
    expect(await page.locator("#explorer-plot canvas").count()).toBe(1);
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("narrows single requests down to what the filters say", async () => {
    const run = stagedRun({ rate: 60 });
    const { page, complaints } = await watchedPage(browser);
    await page.goto(await saved("filtered", run));
    await page.locator("#explorer-state", { hasText: "requests shown" }).waitFor();

    await page.locator("select[name=ending]").selectOption("failed");
    await page.locator("#explorer-rows tr").first().waitFor();
    const rows = await page.locator("#explorer-rows tr").allInnerTexts();

    expect(await page.locator("#explorer-state").innerText()).toContain(
      `${count(run.record.counts.failCount)} requests shown`,
    );
    expect(rows.every((row) => row.endsWith("failed"))).toBe(true);
    await page.locator("button[type=reset]").click();
    await page.locator("#explorer-state", { hasText: count(run.figures.explored.allCount) }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each([
    ["wide", 1_280],
    ["narrow", 390],
  ] as const)("fits a %s window without sideways scrolling", async (_, width) => {
    const { page } = await watchedPage(browser);
    await page.setViewportSize({ width, height: 900 });
    await page.goto(await saved(`width-${width}`, stagedRun({ variant: "violated", rate: 60 })));
    await page.locator("#explorer-state", { hasText: "requests shown" }).waitFor();

    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    await page.close();
  });

  it("tells the verdict, the build, the machine and the faults on the first screen", async () => {
    const { page } = await watchedPage(browser);
    await page.setViewportSize({ width: 1_280, height: 800 });
    await page.goto(await saved("first-screen", stagedRun({ variant: "violated", rate: 60 })));

    const lines = page.locator(".provenance > div");
    const last = await lines.last().boundingBox();

    expect(await lines.count()).toBe(4);
    expect((last?.y ?? 800) + (last?.height ?? 800)).toBeLessThanOrEqual(800);
    await page.close();
  });

  it("runs nothing that came with the data", { timeout: 60_000 }, async () => {
    const { page, complaints, requests } = await watchedPage(browser);
    const urls: string[] = [];
    await page.addInitScript("globalThis.tipcartPwned = () => { globalThis.pwned = true; }");
    for (let from = 0; from < injectionCorpus.length; from += 70) {
      const hostile = injectionCorpus.slice(from, from + 70).join(" ");
      const run = stagedRun({ variant: "violated", rate: 20, text: (plain) => `${plain}${hostile}` });
      urls.push(await saved(`hostile-${from}`, run));

      await page.goto(urls.at(-1) ?? "");
      await page.locator("#explorer-state", { hasText: "requests shown" }).waitFor();

      expect(await page.evaluate("globalThis.pwned === undefined")).toBe(true);
      expect(await page.locator("details.anomaly").count()).toBe(3);
    }

    expect(injectionCorpus.length).toBeGreaterThanOrEqual(200);
    expect(requests).toEqual(urls);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
