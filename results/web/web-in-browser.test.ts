import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserPath, openBrowser, watchedPage } from "../fixture/chromium.ts";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { storeJournal, storeRun } from "../fixture/stored-run.ts";
import { explorerProgram } from "../report/explorer-program.ts";
import { openRunStore, type RunStore } from "../store.ts";
import { count } from "../units.ts";
import { type Listening, serveRuns } from "./web-server.ts";

describe.skipIf(browserPath === undefined)("the served pages in a browser", { timeout: 60_000 }, () => {
  const startedWallMs = Date.UTC(2026, 10, 21);
  const hostile = injectionCorpus.join(" ");
  const hostileRun = {
    startedWallMs,
    rate: 4,
    variant: "violated",
    text: (plain: string) => plain + hostile,
  } as const;
  let directory = "";
  let store: RunStore;
  let browser: Browser;
  let served: Listening;
  let requestCount = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tipcart-web-browser-"));
    store = openRunStore(join(directory, "runs"));
    const program = (await explorerProgram()) ?? "";
    const { run } = await storeRun(store, { name: "cart", startedWallMs, rate: 60, program });
    requestCount = run.history.requests.count;
    await storeRun(store, { ...hostileRun, name: "hostile", program });
    // However long the tests take, what is stored in them was written just now.
    const now = Date.now();
    const listening = await serveRuns({ store, port: 0, now: () => now, program });
    if (listening.type === "refused") throw new Error(listening.reason);
    served = listening;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("lead from the list to the report, and to the requests that a filter names", async () => {
    const { page, complaints, requests } = await watchedPage(browser);

    await page.goto(`${served.url}?name=cart`);
    await page.locator("th a").first().click();
    await page.locator("#explorer-state", { hasText: "requests shown" }).waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "requests", exact: true }).click();
    const all = await page.locator(".explorer-state").innerText();
    await page.locator("select[name=kind]").selectOption("put");
    await page.locator("select[name=order]").selectOption("slowest");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL(/kind=put/);

    expect(all).toContain(`${count(requestCount)} requests of`);
    expect(await page.locator("tbody tr b").first().innerText()).toBe("put");
    expect(requests.every((url) => url.startsWith(served.url))).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("compare the two runs that were chosen", async () => {
    const { page, complaints } = await watchedPage(browser);
    await page.goto(served.url);

    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(/compare/);

    expect(await page.locator("table.compared tbody tr").count()).toBeGreaterThan(10);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("run nothing that came with the data", async () => {
    await storeJournal(store, { ...hostileRun, name: "going", untilMs: 62_000 });
    const { page, complaints } = await watchedPage(browser);
    await page.addInitScript("globalThis.tipcartPwned = () => { globalThis.pwned = true; }");
    const start = "2026-11-21T00.00.00.000Z";
    const search = encodeURIComponent(injectionCorpus.slice(0, 5).join(" "));

    for (const path of [
      "",
      `?text=${search}`,
      `runs/hostile/${start}`,
      `runs/hostile/${start}/requests`,
      `runs/hostile/${start}/requests?key=${search}`,
      `compare?baseline=hostile/${start}&candidate=cart/${start}`,
    ]) {
      await page.goto(`${served.url}${path}`);

      expect(await page.evaluate("globalThis.pwned === undefined")).toBe(true);
    }
    await page.goto(`${served.url}runs/going/${start}`);
    expect(await page.locator(".word").innerText()).toBe("Still going");
    expect(await page.evaluate("globalThis.pwned === undefined")).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
