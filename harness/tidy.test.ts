/**
 * The house rules that no linter knows: who may import whom, where the world may be touched, what files are called,
 * and that each room's README names its files. A failure says where, what, and what to do instead.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const rooms = ["server", "harness", "checkers", "workloads", "results"] as const;
type Room = (typeof rooms)[number];

const mayImport: Record<Room, readonly string[]> = {
  server: [],
  checkers: [],
  workloads: ["checkers"],
  results: ["checkers"],
  harness: ["server", "workloads", "checkers", "results"],
};

const roomOf = (path: string): Room | undefined => rooms.find((room) => path.startsWith(`${room}/`));

/** Tracked and new files, not ignored ones. */
const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .toString()
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));
const sources = listed
  .filter((path) => path.endsWith(".ts") && roomOf(path) !== undefined)
  .map((path) => ({ path, lines: readFileSync(join(root, path), "utf8").split("\n") }));

/** One `path:line: sentence` for each line of a source that `wrong` has something to say about. */
const findings = (
  applies: (path: string) => boolean,
  wrong: (line: string, path: string) => string | undefined,
): string[] =>
  sources
    .filter(({ path }) => applies(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => {
        const sentence = wrong(line, path);
        return sentence === undefined ? [] : [`${path}:${index + 1}: ${sentence}`];
      }),
    );

const importedPath = (line: string): string | undefined =>
  /(?:from|import)\s*\(?["'](\.[^"']+)["']/.exec(line)?.[1];
const isTest = (path: string): boolean => /\.(test|contract)\.ts$|fixture/.test(path);

describe("the house", () => {
  it("has sources to look at in every room", () => {
    for (const room of rooms) expect(sources.some(({ path }) => roomOf(path) === room)).toBe(true);
  });

  it("lets a room import only the rooms its arrows point to", () => {
    const wrong = findings(
      () => true,
      (line, path) => {
        const specifier = importedPath(line);
        const from = roomOf(path);
        if (specifier === undefined || from === undefined) return undefined;
        const target = roomOf(relative(root, resolve(root, dirname(path), specifier)));
        if (target === undefined || target === from || mayImport[from].includes(target)) return undefined;
        return `${from} imports ${target}; it may import ${mayImport[from].join(", ") || "no other room"}`;
      },
    );

    expect(wrong).toEqual([]);
  });

  it("reaches time, chance, disk and network only through ports inside the server's core", () => {
    const pure = /^server\/(core|rpc|protocols)\/|^server\/node\.ts$/;
    const world =
      /\b(Date\b|performance\.|Math\.random|crypto\.random|randomBytes|randomUUID|setTimeout|setInterval|setImmediate|process\.|fetch\(|AbortSignal\.timeout)/;
    const wrong = findings(
      (path) => pure.test(path) && !isTest(path),
      (line) => {
        const code = line.replace(/^\s*(\*|\/\/|\/\*).*$/, "").replace(/\/\/.*$/, "");
        const found = world.exec(code)?.[1];
        if (found !== undefined) return `${found} is the world; ask a port of server/ports for it`;
        const builtin = /from ["'](node:[^"']+)["']/.exec(code)?.[1];
        if (builtin === undefined || builtin === "node:crypto") return undefined;
        return `${builtin} is the world; only hashes of node:crypto may be imported here`;
      },
    );

    expect(wrong).toEqual([]);
  });

  it("keeps checkers free of files, processes and sockets", () => {
    const wrong = findings(
      (path) => path.startsWith("checkers/") && !isTest(path) && !/bench/.test(path),
      (line) => {
        const builtin = /from ["']node:(fs|net|http|child_process|os|process)[^"']*["']/.exec(line)?.[1];
        return builtin === undefined
          ? undefined
          : `node:${builtin} in the judge's room; take bytes or lines as input`;
      },
    );

    expect(wrong).toEqual([]);
  });

  it("names files after concepts", () => {
    const drawers = listed.filter((path) => /(^|\/)(utils?|helpers?|common|misc|index)(\.|\/)/.test(path));

    expect(drawers).toEqual([]);
  });

  it("shows only the fixed names at the top level", () => {
    const allowed = ["package.json", "package-lock.json", "tsconfig.json", "README.md", ...rooms];
    const visible = new Set(
      listed.map((path) => path.split("/")[0] ?? "").filter((name) => !name.startsWith(".")),
    );

    expect([...visible].filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it("names every file or its folder in the README of its room", () => {
    const readmes = new Map(
      rooms.map((room) => {
        const path = join(root, room, "README.md");
        return [room, existsSync(path) ? readFileSync(path, "utf8") : ""] as const;
      }),
    );
    const unnamed = sources
      .filter(({ path }) => !isTest(path))
      .filter(({ path }) => {
        const room = roomOf(path);
        if (room === undefined) return false;
        const inRoom = path.slice(room.length + 1);
        const folders = inRoom
          .split("/")
          .slice(0, -1)
          .map((_, index, all) => `${all.slice(0, index + 1).join("/")}/`);
        const text = readmes.get(room) ?? "";
        return ![inRoom, ...folders].some((name) => text.includes(`\`${name}\``));
      })
      .map(
        ({ path }) =>
          `${path}: not in ${roomOf(path)}/README.md; add \`${path.split("/").slice(1).join("/")}\` to its file table`,
      );

    expect(unnamed).toEqual([]);
  });

  it("keeps source files under 300 lines and tests under 500", () => {
    const long = sources
      .map(({ path, lines }) => ({ path, count: lines.length - 1, limit: isTest(path) ? 500 : 300 }))
      .filter(({ count, limit }) => count > limit)
      .map(({ path, count, limit }) => `${path}: ${count} lines, over ${limit}; split it by concept`);

    expect(long).toEqual([]);
  });
});
