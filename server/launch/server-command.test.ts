import { execFile } from "node:child_process";
import { once } from "node:events";
import { access, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleServer, inDirectory } from "../process-fixture.ts";
import { runServerCommand, serverCommand } from "./server-command.ts";

const run = promisify(execFile);
let program = "";

beforeAll(async () => {
  program = await bundleServer();
});

afterAll(async () => {
  await rm(program, { force: true });
});

test("three nodes serve, every line of curl that is printed works, and all nodes stop in the end", async () => {
  await inDirectory(async (directory) => {
    const session = new Session(program);
    const ended = session.run(["--nodes", "3", "--data", directory, "--base-port", await freeBase(3)]);
    await session.printed("Ctrl-C stops all nodes.");

    const { stdout } = await run("bash", ["-euo", "pipefail", "-c", session.curlLines()]);
    session.interrupt();
    await ended;

    expect(stdout).toContain("two apples");
    expect(stdout.match(/status \d+/g)).toEqual(["status 300", "status 200", "status 404"]);
    expect(stdout).toContain("three apples, one pear");
    expect(stdout).toContain('"fallbacks":[]');
    expect(session.exitCode).toBe(0);
    expect(session.pids()).toHaveLength(3);
    for (const pid of session.pids()) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

test("a node that is killed is told of, with the line that starts it again", async () => {
  await inDirectory(async (directory) => {
    const session = new Session(program);
    const ended = session.run(["--nodes", "2", "--data", directory, "--base-port", await freeBase(2)]);
    await session.printed("Ctrl-C stops all nodes.");

    process.kill(session.pids()[1] ?? 0, "SIGKILL");
    await session.printed("has ended");
    session.interrupt();
    await ended;

    const told = `node-2 has ended (SIGKILL); the others serve on. To start it again: node ${program} --config`;
    expect(session.text()).toContain(told);
    expect(session.exitCode).toBe(0);
  });
});

test("a temporary directory is gone at the end", async () => {
  const session = new Session(program);
  const ended = session.run(["--base-port", await freeBase(1)]);
  await session.printed("Ctrl-C stops all nodes.");
  const directory = /data in (\S+)/.exec(session.text())?.[1] ?? "";
  await access(directory);

  session.interrupt();
  await ended;

  expect(directory.startsWith(join(tmpdir(), "tipcart-server-"))).toBe(true);
  await expect(access(directory)).rejects.toThrow("ENOENT");
});

test("a busy port is one sentence and exit code 69", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const address = holder.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const session = new Session(program);

  await session.run(["--base-port", String(port)]);

  // The ports that follow may be taken too, by somebody else, and be met first.
  const met = Number(
    /^node-1 did not start: Port (\d+) of 127\.0\.0\.1 is already in use\.\n$/.exec(session.text())?.[1],
  );
  expect(met - port).toBeGreaterThanOrEqual(0);
  expect(met - port).toBeLessThan(3);
  expect(session.exitCode).toBe(69);
  holder.close();
});

test("an impossible quorum is one sentence and exit code 64", async () => {
  const session = new Session(program);

  await session.run(["--base-port", await freeBase(1), "--n", "1", "--r", "2"]);

  expect(session.text()).toBe(
    "node-1 did not start: The bucket default asks for r = 2 of only n = 1 copies.\n",
  );
  expect(session.exitCode).toBe(64);
});

test("the help shows examples", () => {
  const help: string[] = [];
  const command = serverCommand(new Session(program).surroundings)
    .exitOverride()
    .configureOutput({ writeOut: (text) => help.push(text) });

  expect(() => command.parse(["--help"], { from: "user" })).toThrow("(outputHelp)");
  expect(help.join("")).toContain("tipcart server --nodes 3");
});

/** A person at the command: what they read, and when they press Ctrl-C. */
class Session {
  exitCode: number | undefined;
  readonly #program: string;
  readonly #texts: string[] = [];
  readonly #waiting: { readonly wanted: string; readonly resolve: () => void }[] = [];
  #interrupt: () => void = () => undefined;
  readonly #interrupted = new Promise<void>((resolve) => {
    this.#interrupt = resolve;
  });

  constructor(serverProgram: string) {
    this.#program = serverProgram;
  }

  get surroundings() {
    return {
      serverProgram: this.#program,
      print: (text: string) => this.#read(text),
      complain: (sentence: string) => this.#read(`${sentence}\n`),
      interrupted: () => this.#interrupted,
      setExitCode: (exitCode: number) => {
        this.exitCode = exitCode;
      },
    };
  }

  run(argv: readonly string[]): Promise<void> {
    return runServerCommand(argv, this.surroundings);
  }

  interrupt(): void {
    this.#interrupt();
  }

  printed(wanted: string): Promise<void> {
    if (this.text().includes(wanted)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ wanted, resolve });
    });
  }

  text(): string {
    return this.#texts.join("");
  }

  curlLines(): string {
    return this.#texts.find((text) => text.includes("curl")) ?? "exit 1";
  }

  pids(): readonly number[] {
    return [...this.text().matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
  }

  #read(text: string): void {
    this.#texts.push(text);
    for (const { wanted, resolve } of this.#waiting) if (this.text().includes(wanted)) resolve();
  }
}

/** A base port whose first ports were free a moment ago. */
async function freeBase(nodeCount: number): Promise<string> {
  for (;;) {
    const base = 20_000 + 10 * Math.floor(Math.random() * 1000);
    const ports = Array.from({ length: nodeCount }, (_, index) => base + 10 * index).flatMap((port) => [
      port,
      port + 1,
      port + 2,
    ]);
    const areFree = await Promise.all(ports.map(isFree));
    if (areFree.every(Boolean)) return String(base);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
