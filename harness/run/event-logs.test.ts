import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ackedWrites } from "../../checkers/acked-writes.ts";
import { historyIn } from "../../checkers/history/notated.fixture.ts";
import { judge } from "../../checkers/judge.ts";
import { eventLogsOf } from "./event-logs.ts";

const lossy = historyIn(`
  p1 put a 1.1 [] @10000..10001 -> ok n1
  p2 put a 2.1 [] @10002..10003 -> ok n1
  final all a @60000..60001 -> 2.1
`);
const zeroMonotonicMs = 5_000_000;
const history = Object.assign(Object.create(lossy), {
  run: { ...lossy.run, zeroMonotonicMs },
}) as typeof lossy;

let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "event-logs-"));
  await mkdir(join(path, "nodes"));
});

afterEach(() => rm(path, { recursive: true }));

const eventsIn = async (...lines: readonly string[]) => {
  await writeFile(join(path, "nodes", "n1.events"), `${lines.join("\n")}\n`);
  return eventLogsOf({ path, journal: "" } as never, history, judge(history, [ackedWrites]));
};
const logged = (event: object): string => JSON.stringify({ atMs: zeroMonotonicMs + 10_000, ...event });

test("events stand on the run's time line, those of other keys left out", async () => {
  const events = await eventsIn(
    logged({ type: "peer-suspected", peer: "n2" }),
    logged({ type: "read-answered", bucket: "carts", key: "b", outcome: "ok", siblingCount: 1 }),
    logged({
      type: "write-minted",
      bucket: "carts",
      key: "a",
      writeId: "1.1",
      dot: { actor: "n1~f~0", counter: 3 },
    }),
  );

  expect(events).toEqual([
    { node: "n1", at: 10_000_000, text: "peer-suspected n2" },
    { node: "n1", at: 10_000_000, text: "write-minted 1.1 n1:3", key: "a" },
  ]);
});

test("what was sent and acknowledged is a message between two nodes", async () => {
  const events = await eventsIn(
    logged({ type: "replica-sent", bucket: "carts", key: "a", to: "n3" }),
    logged({
      type: "replica-acked",
      bucket: "carts",
      key: "a",
      from: "n3",
      role: "home",
      durability: "synced",
    }),
  );

  expect(events.map(({ message }) => [message?.from, message?.to, message?.name])).toEqual([
    ["n1", "n3", "replica-sent"],
    ["n3", "n1", "replica-acked"],
  ]);
});

test("a torn or foreign line is passed over", async () => {
  expect(
    await eventsIn("{", "null", `{"atMs":"soon"}`, logged({ type: "stopped", isClean: true })),
  ).toHaveLength(1);
});
