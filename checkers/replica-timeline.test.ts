import { expect, test } from "vitest";
import { ackedWrites } from "./acked-writes.ts";
import { historyIn } from "./history/notated.fixture.ts";
import { judge } from "./judge.ts";
import { type ReplicaEvent, withTimelines } from "./replica-timeline.ts";

const history = historyIn(`
  p1 put a 1.1 [] @10000..10001 -> ok n1
  p2 put a 2.1 [] @10002..10003 -> ok n1
  final all a @60000..60001 -> 2.1
`);
const judgement = judge(history, [ackedWrites]);
const storyWith = (events: readonly ReplicaEvent[]): readonly string[] =>
  withTimelines(judgement, history, events).verdicts[0]?.anomalies[0]?.story ?? [];
const told = judgement.verdicts[0]?.anomalies[0]?.story ?? [];

test("an anomaly's story ends with what each node said then, in order of time", () => {
  const story = storyWith([
    { node: "n2", at: 10_500_000, text: "peer-suspected n1" },
    { node: "n1", at: 9_900_000, text: "boot" },
    { node: "n2", at: 9_000_000, text: "peer-suspected n3" },
    { node: "n1", at: 59_000_000, text: "long after" },
  ]);

  expect(story.slice(told.length)).toEqual([
    "n1 by its own log: 9.900 s boot.",
    "n2 by its own log: 9.000 s peer-suspected n3, 10.500 s peer-suspected n1.",
  ]);
});

test("of many lines the nearest are told, and the others counted", () => {
  const many = Array.from({ length: 9 }, (_, index) => ({
    node: "n1",
    at: 9e6 + index * 1e5,
    text: `e${index}`,
  }));

  expect(storyWith(many).at(-1)).toMatch(/^n1 by its own log: 9\.100 s e1, .* 9\.800 s e8, and 1 more\.$/);
});

test("a story to which the nodes say nothing stays as it is", () => {
  expect(storyWith([])).toEqual(told);
});
