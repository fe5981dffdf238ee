import { readFileSync } from "node:fs";
import { execa } from "execa";
import { expect, it } from "vitest";
import { type LoadPriority, loadPriority, prioritise } from "./priority.ts";

/** The scheduling class of a process, field 41 of its stat: 0 is the ordinary one, 1 is first in, first out. */
const classOf = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[38]);
};
const classes: Readonly<Record<LoadPriority, number>> = { ordinary: 0, "real-time": 1 };

it("is ordinary where there is no program that could raise it, or where that is refused", async () => {
  expect(await loadPriority("/nowhere/chrt")).toBe("ordinary");
  expect(await loadPriority("/bin/false")).toBe("ordinary");
});

it("of a process is what it was told to be, as the system sees it", async () => {
  const sleeper = execa("sleep", ["60"], { reject: false });

  const got = await prioritise(sleeper.pid ?? 0, await loadPriority());

  expect(classOf(sleeper.pid ?? 0)).toBe(classes[got]);
  expect(got).toBe(await loadPriority());
  sleeper.kill();
  await sleeper;
});

it("of a process that is gone is ordinary, whatever is possible", async () => {
  expect(await prioritise(2 ** 22 + 1, "real-time")).toBe("ordinary");
});
