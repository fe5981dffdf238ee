/** Disk images need mounts that nobody else sees, so this file runs itself again inside a private namespace. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlePath } from "../bundle/project-root.ts";
import { detectEnclosure } from "../namespace/detect.ts";
import { runTestFileEnclosed } from "../namespace/enclosed-vitest.fixture.ts";
import { type Enclosure, enclosureHere } from "../namespace/enclosure.ts";
import { done, eventually, holds, put } from "./contract-questions.fixture.ts";
import { bundleSource, contractSubject, temporaryDirectory } from "./contract-subject.fixture.ts";
import { mountImages } from "./disk-images.ts";
import type { ImageDisk } from "./image-disk.ts";

const timeout = 120_000;
const names = ["n1", "n2", "n3"];

function write(path: string, text: string, isSynced: boolean): void {
  const file = openSync(path, "a");
  writeSync(file, text);
  if (isSynced) fsyncSync(file);
  closeSync(file);
}

function inside(enclosure: Enclosure): void {
  describe("a disk image", () => {
    let directory: string;
    let image: ImageDisk;

    beforeAll(async () => {
      directory = await temporaryDirectory();
      const mounted = await mountImages(directory, ["n1"]);
      const found = mounted.type === "mounted" ? mounted.images.get("n1") : undefined;
      if (found === undefined) throw new Error(mounted.type === "mounted" ? "no image" : mounted.reason);
      image = found;
    }, timeout);
    afterAll(async () => {
      await image.close();
      rmSync(directory, { recursive: true, force: true });
    });

    it("keeps what was synced when the power goes, and loses what only the kernel had", {
      timeout,
    }, async () => {
      const kept: string[] = [];
      let lost: unknown;
      // A machine that stands still for seconds gives the kernel time to write; then another turn shows it.
      for (let turn = 1; turn <= 5 && lost === undefined; turn += 1) {
        write(join(image.dataDirectory, `synced-${turn}`), "kept", true);
        write(join(image.dataDirectory, `unsynced-${turn}`), "lost", false);
        kept.push(`synced-${turn}`);

        const cut = await image.cut();

        expect(cut.type).toBe("cut");
        const found = readdirSync(image.dataDirectory);
        expect(found).toEqual(expect.arrayContaining(kept));
        for (const name of kept) expect(readFileSync(join(image.dataDirectory, name), "utf8")).toBe("kept");
        if (cut.type === "cut" && !found.includes(`unsynced-${turn}`)) lost = cut.loss;
      }
      expect(lost).toMatchObject({ changedCount: 1, lostBytes: 4, returnedCount: 0 });
    });

    it("is not cut twice when it is no longer mounted", async () => {
      expect(await image.close()).toMatchObject({ type: "done" });

      expect(await image.cut()).toMatchObject({ type: "failed" });
    });
  });

  describe("three servers on disk images", () => {
    it("keep what they acknowledged when the power of all goes at once", { timeout }, async () => {
      const server = bundlePath("server");
      const subject = await contractSubject({ type: "kernel", enclosure }, "preload", server, [], "image");
      const { cluster } = subject;
      try {
        expect(await cluster.startAll()).toEqual(done());
        await eventually(() => put(cluster, "n1", "synced", 3));

        const cut = await cluster.powerCut(names, "whole", 1);
        const whileOff = await holds(cluster, "n2", "synced");
        const restarted = await Promise.all(names.map((node) => cluster.start(node)));

        expect(cluster.backends["disk"]).toBe("mounted image");
        expect(cut).toEqual(done(/n3: \d+ of [1-9]\d* files lost unsynced bytes/));
        expect(whileOff).toBe("no answer");
        expect(restarted).toEqual([done(), done(), done()]);
        for (const node of names) expect(await holds(cluster, node, "synced")).toBe(true);
      } finally {
        await cluster.stopAll();
        await subject.remove();
      }
    });
  });
}

/** Files behind the loop devices of the machine, as far as they lie in `directory`. */
const loopFilesIn = (directory: string): readonly string[] =>
  readdirSync("/sys/block")
    .filter((name) => name.startsWith("loop"))
    .flatMap((name) => {
      try {
        return [readFileSync(`/sys/block/${name}/loop/backing_file`, "utf8")];
      } catch {
        return [];
      }
    })
    .filter((file) => file.includes(directory));

function outside(): void {
  describe("disk images", () => {
    let directory: string;
    let program: string;
    beforeAll(async () => {
      directory = await temporaryDirectory();
      const source = "harness/cluster/image-holder.fixture.ts";
      program = await bundleSource(source, join(directory, "image-holder.mjs"));
    }, timeout);
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    /** What the program says first: "mounted", or why it cannot. It is killed afterwards. */
    async function whatItSays(whileMounted: () => void = () => {}): Promise<string> {
      const images = join(directory, "images");
      mkdirSync(images, { recursive: true });
      const child = execa(process.execPath, [program, images], { reject: false, buffer: false });
      let said = "";
      for await (const chunk of child.stdout) {
        said += String(chunk);
        if (said.includes("\n")) break;
      }
      if (said.startsWith("mounted")) whileMounted();
      child.kill("SIGKILL");
      await child;
      return said.trim();
    }

    it("pass their contract inside a private namespace", { timeout }, async ({ skip }) => {
      const said = await whatItSays();
      if (said !== "mounted") return skip(said);
      const detected = await detectEnclosure();
      if (detected.type === "unavailable") return skip(detected.reason);

      const outcome = await runTestFileEnclosed(detected.enclosure, import.meta.filename);

      expect(outcome).toMatchObject({
        type: "exited",
        code: 0,
        stdout: expect.stringMatching(/Tests +3 passed \(3\)/),
      });
    });

    it("leave no mount, loop device or file when their run is killed", { timeout }, async ({ skip }) => {
      let seen: readonly string[] = [];
      let mounts = "";
      const said = await whatItSays(() => {
        seen = loopFilesIn(directory);
        mounts = readFileSync("/proc/self/mounts", "utf8");
      });
      if (said !== "mounted") return skip(said);

      expect(seen).toHaveLength(2);
      expect(seen.every((file) => file.includes("(deleted)"))).toBe(true);
      expect(mounts).not.toContain(directory);
      await expect.poll(() => loopFilesIn(directory), { timeout: 30_000, interval: 20 }).toEqual([]);
    });
  });
}

const here = enclosureHere();
if (here === undefined) outside();
else inside(here);
